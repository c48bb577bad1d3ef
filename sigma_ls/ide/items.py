"""What completion offers, and all that it looks at meanwhile."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from sigma_ls.ide.context import Context
from sigma_ls.ide.slots import Table
from sigma_ls.manifest.analysis import Analysis
from sigma_ls.syntax.span import START, Range


class ItemKind(Enum):
    """What an item is."""

    KEY = "key"
    VALUE = "value"
    TYPE = "type"
    THING = "thing"
    FUNCTION = "function"
    REFERENCE = "reference"
    OPERATION = "operation"


@frozen
class Item:
    """One thing that could be inserted."""

    label: str
    kind: ItemKind
    text: str
    """What is inserted, in the snippet syntax of LSP where `snippet` is set."""
    snippet: bool = False
    detail: str = ""
    about: tuple[object, ...] = field(default=(), eq=False)
    """What its documentation is about, for `completion.documentation`."""
    last: int = 0
    """Items with a larger number come later."""
    deprecated: bool = False


@frozen
class Completions:
    """The items for a place, in their order; each replaces `range`."""

    range: Range = START
    items: tuple[Item, ...] = ()
    complete: bool = True
    """Whether more typing can only narrow the list."""


@frozen(eq=False)
class Scene:
    """A manifest and the place in it at which something is typed."""

    analysis: Analysis
    table: Table
    context: Context
    asked: bool
    """Whether somebody asked for the list where nothing is typed: only then are mere examples worth showing."""

    def kind_of(self, name: str) -> str:
        """The kind that an id is declared as; empty where it is not."""
        return self.table.kind_of(name)
