"""What a long description is."""

from __future__ import annotations

from attrs import frozen


@frozen
class Detail:
    """More than one line of a key, and an example of it."""

    text: str
    example: str
    link: str = ""
    """The cloud's own documentation, where the field table has none."""
