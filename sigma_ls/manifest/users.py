"""Who mentions an id: a table that keeps a lone block as itself, since most ids of a large manifest are used once.

A dictionary for each id would take 1 MB more at 50,000 lines.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

from sigma_ls.syntax.blocks import Block

Users: TypeAlias = dict[str, Block | dict[Block, None]]


def add_user(users: Users, name: str, block: Block) -> None:
    """The block mentions the id, maybe not for the first time."""
    found = users.get(name)
    if found is None:
        users[name] = block
    elif isinstance(found, dict):
        found[block] = None
    elif found is not block:
        users[name] = {found: None, block: None}


def remove_user(users: Users, name: str, block: Block) -> None:
    """The block does not mention the id any more, if it did."""
    found = users.get(name)
    if found is block:
        del users[name]
    elif isinstance(found, dict):
        found.pop(block, None)
        if not found:
            del users[name]


def users_of(users: Users, name: str) -> Collection[Block]:
    """All blocks that mention the id."""
    found = users.get(name)
    if found is None:
        return ()
    return found if isinstance(found, dict) else (found,)
