"""Facts by what they are about, each with its block: a table that keeps a lone fact as itself.

Most ids are declared once and most claims made once; a list for each would take 0.7 MB more at 50,000 lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias, TypeVar

from sigma_ls.syntax.blocks import Block

T = TypeVar("T")

Keyed: TypeAlias = dict[str, "tuple[T, Block] | list[tuple[T, Block]]"]


def give(table: Keyed[T], key: str, fact: T, block: Block) -> None:
    """Add a fact."""
    found = table.get(key)
    if found is None:
        table[key] = fact, block
    elif isinstance(found, list):
        found.append((fact, block))
    else:
        table[key] = [found, (fact, block)]


def take(table: Keyed[T], key: str, fact: T) -> None:
    """Take a fact away that was given."""
    found = table[key]
    if isinstance(found, list):
        found[:] = [each for each in found if each[0] is not fact]
        if not found:
            del table[key]
    else:
        del table[key]


def facts_of(table: Keyed[T], key: str) -> Sequence[tuple[T, Block]]:
    """All facts of a key, in the order in which they were given."""
    found = table.get(key)
    if found is None:
        return ()
    return found if isinstance(found, list) else (found,)


def each_key(table: Keyed[T]) -> Iterator[tuple[str, Sequence[tuple[T, Block]]]]:
    """Each key with its facts."""
    for key, found in table.items():
        yield key, found if isinstance(found, list) else (found,)
