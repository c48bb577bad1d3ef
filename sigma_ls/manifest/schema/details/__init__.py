"""The long descriptions of keys, each with an example: loaded for hover, the JSON Schema and the reference page only.

By the names of records in the field table; keys that all resources have stand under `a resource`.  An example is what
would stand in the manifest at that key.
"""

from __future__ import annotations

from collections.abc import Mapping

from sigma_ls.manifest.schema.details import functions, manifest, resources, triggers
from sigma_ls.manifest.schema.details.detail import Detail

__all__ = ["DETAILS", "Detail", "detail_of"]

DETAILS: Mapping[str, Mapping[str, Detail]] = {
    **manifest.DETAILS,
    **functions.DETAILS,
    **triggers.DETAILS,
    **resources.DETAILS,
}
"""By the names of records and keys."""


def detail_of(record: str, key: str) -> Detail | None:
    """What there is of a key of a record, by their names."""
    found = DETAILS.get(record, {}).get(key)
    return found if found is not None else DETAILS["a resource"].get(key)
