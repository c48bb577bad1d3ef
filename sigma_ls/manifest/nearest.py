"""The nearest known word, for messages and fixes of misspelt ones."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

MOST_WORDS = 300
"""Among more words none is looked for: comparing takes about 10 us a word, on each keystroke."""


LIKENESS = 0.6
"""What difflib takes for close; `arm` finds `arn`."""


def nearest(word: str, known: Collection[str], likeness: float = LIKENESS) -> str | None:
    """The known word that `word` most likely stands for; `likeness` is how like it must be, from 0 to 1."""
    if len(known) > MOST_WORDS or len(word) > 100:
        return None
    return _nearest(word, tuple(known), likeness)


@lru_cache(maxsize=256)
def _nearest(word: str, known: tuple[str, ...], likeness: float) -> str | None:
    folded = {each.casefold(): each for each in known}
    plain = word.casefold()
    if plain in folded:
        return folded[plain]
    from difflib import get_close_matches  # noqa: PLC0415 - a manifest without faults needs none

    found = get_close_matches(plain, folded, n=1, cutoff=likeness)
    return folded[found[0]] if found else None


def begun(word: str, known: Collection[str]) -> str | None:
    """The only known word that begins with `word`, or that `word` begins with: `S` for `string`, `created:*`."""
    plain = word.casefold()
    found = [each for each in known if plain and each.casefold().startswith(plain)]
    found = found or [each for each in known if re.match(rf"{re.escape(each)}[^a-z0-9]", plain, re.IGNORECASE)]
    return found[0] if len(found) == 1 else None


def listed(words: Collection[str], last: str = "or") -> str:
    """`a, b or c`."""
    *others, end = words
    return f"{', '.join(others)} {last} {end}" if others else end
