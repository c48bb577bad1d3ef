"""The field table: every key of a manifest, once.

It drives checking and lowering, and is made to drive completion, hover, the JSON Schema and the reference page.
"""

from __future__ import annotations

from sigma_ls.manifest.schema.top import MANIFEST, SECTIONS

KEYS = frozenset(MANIFEST.by_name)
"""All top-level keys."""

__all__ = ["KEYS", "MANIFEST", "SECTIONS"]
