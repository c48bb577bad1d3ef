"""Who mentions an id: a table that keeps a lone block as itself and a few in a tuple, for most ids have few users.

A dictionary for each id would take 1.5 MB more at 50,000 lines.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

from sigma_ls.syntax.blocks import Block

Users: TypeAlias = "dict[str, Block | tuple[Block, ...] | dict[Block, None]]"

FEW = 8
"""Users up to which looking through all of them is as fast as a dictionary."""


def add_user(users: Users, name: str, block: Block) -> None:
    """The block mentions the id, maybe not for the first time."""
    found = users.get(name)
    if found is None:
        users[name] = block
    elif isinstance(found, dict):
        found[block] = None
    elif isinstance(found, tuple):
        if block not in found:
            more = (*found, block)
            users[name] = more if len(more) <= FEW else dict.fromkeys(more)
    elif found is not block:
        users[name] = found, block


def remove_user(users: Users, name: str, block: Block) -> None:
    """The block does not mention the id any more, if it did."""
    found = users.get(name)
    if found is block:
        del users[name]
    elif isinstance(found, dict):
        found.pop(block, None)
        if not found:
            del users[name]
    elif isinstance(found, tuple):
        fewer = tuple([each for each in found if each is not block])
        users[name] = fewer if len(fewer) > 1 else fewer[0]


def users_of(users: Users, name: str) -> Collection[Block]:
    """All blocks that mention the id."""
    found = users.get(name)
    if found is None:
        return ()
    return found if isinstance(found, (dict, tuple)) else (found,)
