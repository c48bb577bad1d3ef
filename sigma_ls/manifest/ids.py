"""The ids of functions and resources, as a template has them."""

from __future__ import annotations

IMPLICIT_API = "api"
"""The id of the api that http triggers get where they name none."""


def pascal_case(name: str) -> str:
    """The logical id of a function or resource: `resize-image` and `resizeImage` become `ResizeImage`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("-"))
