"""The order in which people expect names: `first2` before `first10`, and capital letters where small ones are."""

from __future__ import annotations

import re
from typing import Final

_NUMBERS: Final = re.compile(r"([0-9]+)")

Key = tuple[tuple[str | int, ...], str]


def natural(name: str) -> Key:
    """The key by which to sort; never equal for two names."""
    # Texts and numbers take turns, a text first, so that only like is compared with like.
    parts = _NUMBERS.split(name.casefold())
    return tuple(int(part) if index % 2 else part for index, part in enumerate(parts)), name
