"""What all parts of the model are made of: places in the manifest, and texts with references."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

from sigma_ls.syntax.span import START, Range

Json = dict[str, Any] | list[Any] | str | int | float | bool | None
Path = tuple[str | int, ...]


@frozen
class Origin:
    """Where a thing and its parts stand in the manifest.

    `key` is the range of the thing's own key (`resize` of `resize: {…}`); `keys` and `values` map the path of a part,
    such as `("triggers", 0, "prefix")`, to the range of its key and of its value.
    """

    key: Range = START
    keys: Mapping[Path, Range] = field(factory=dict)
    values: Mapping[Path, Range] = field(factory=dict)

    def at(self, *path: str | int) -> Range:
        """The range of the value at `path`, or of the nearest part around it that is known."""
        for length in range(len(path), 0, -1):
            if (found := self.values.get(path[:length])) is not None:
                return found
        return self.key

    def key_at(self, *path: str | int) -> Range:
        """The range of the key at `path`, or of the nearest part around it that is known."""
        if (found := self.keys.get(path)) is not None:
            return found
        return self.at(*path)


@frozen
class Reference:
    """`${id.attribute}`."""

    id: str
    attribute: str
    range: Range = START


PseudoName = Literal["project", "stage", "stack", "region", "account"]


@frozen
class Pseudo:
    """`${project}`, `${stage}`, `${stack}`, `${region}` or `${account}`."""

    name: PseudoName
    range: Range = START


@frozen
class Text:
    """A string in which references stand; plain parts have `$${` already turned into `${`."""

    parts: tuple[str | Reference | Pseudo, ...]

    @staticmethod
    def plain(text: str) -> Text:
        """A text without references."""
        return Text((text,))


@frozen
class Ask:
    """`{ask: title}`: a value asked for at deployment, passed as a secret and written nowhere."""

    title: str


@frozen
class FromSecret:
    """`{secret: name, key: password}`: read from the cloud's secret store; without `key` the whole string.

    `name` is the id of a declared secret where the project has one of that id, else a name in the store.
    """

    name: str
    key: str | None = None


EnvironmentValue = Text | Ask | FromSecret
