"""The kinds of value a key may have: data only, read by the checker, the lowering, completion, hover and documentation.

Types are compared and hashed by identity where they hold tables of fields, since tables refer to each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Literal, TypeAlias

from attrs import field, frozen

Platform = Literal["aws", "gcp"]
PLATFORMS: tuple[Platform, ...] = ("aws", "gcp")
BOTH: frozenset[Platform] = frozenset(PLATFORMS)
AWS: frozenset[Platform] = frozenset(("aws",))
GCP: frozenset[Platform] = frozenset(("gcp",))


def platform_named(name: str | None) -> Platform | None:
    """The platform of that name."""
    match name:
        case "aws":
            return "aws"
        case "gcp":
            return "gcp"
    return None


PLATFORM_TITLES: Mapping[Platform, str] = {"aws": "AWS", "gcp": "Google Cloud"}


class References(Enum):
    """Which `${…}` a text may hold."""

    NONE = "none"
    """None: `${` is text."""
    PROJECT = "project"
    """Only `${project}` and `${stage}`, which are known before anything is deployed."""
    ALL = "all"


@frozen(eq=False)
class Text:
    """A string; `pattern` must match all of it, and `hint` says in words what that asks for."""

    pattern: str | None = None
    hint: str = "a text"
    references: References = References.NONE
    numbers: bool = False
    """Whether numbers and booleans are taken as YAML writes them."""
    examples: tuple[str, ...] = ()
    reserved: frozenset[str] = frozenset()
    """Texts that a rule of its own refuses, whatever their form."""


@frozen(eq=False)
class Integer:
    """A whole number within limits, both included; `unit` for people."""

    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    allowed: tuple[int, ...] = ()
    """Only these, where the cloud knows no others."""


@frozen(eq=False)
class Boolean:
    """`true` or `false`."""


@frozen(eq=False)
class Choice:
    """One of a few words, each with what it means."""

    values: Mapping[str, str]
    open: bool = False
    """Whether other words may exist that this version does not know: an unknown one is a warning."""
    also: frozenset[str] = frozenset()
    """Words that are known and not recommended."""


@frozen(eq=False)
class Id:
    """The id of a declared function or resource of one of `kinds` (all, when empty), or one of `words`.

    With `free`, a text that is no declared id is a name in the cloud.
    """

    kinds: tuple[str, ...] = ()
    words: Mapping[str, str] = field(factory=dict)
    free: bool = False
    role: str = ""
    """What the id is for, in words: `the source of a bucket trigger`."""


@frozen(eq=False)
class Json:
    """Anything: a part that goes to the cloud as it is; with `references`, its texts may hold `${…}`."""

    references: bool = False
    mapping: bool = False
    """Whether the outermost value is a mapping."""


@frozen(eq=False)
class ListOf:
    """A list; with `single`, one item may stand without one."""

    item: Type
    single: bool = False
    minimum: int = 0
    maximum: int | None = None


@frozen(eq=False)
class MapOf:
    """A mapping whose keys are the writer's; `what` names one of its entries."""

    value: Type
    key: Text | Id = field(factory=Text)
    what: str = "entry"


@frozen(eq=False)
class Record:
    """A mapping of known keys; `name` as in "unknown key in *a function*"."""

    name: str
    fields: tuple[Field, ...]
    foreign: Mapping[str, str] = field(factory=dict)
    """Keys of the other platform's counterpart, each with what says the same here, if anything does."""
    by_name: Mapping[str, Field] = field(init=False)

    @by_name.default
    def _by_name(self) -> Mapping[str, Field]:
        return {each.name: each for each in self.fields}


@frozen(eq=False)
class KindRecord:
    """A mapping that has exactly one of the `kinds`' keys, which says what its other keys are."""

    name: str
    kinds: Mapping[str, Record]


@frozen(eq=False)
class TypedRecord:
    """A mapping whose `type` says what its other keys are; types that no table names are the cloud's own."""

    name: str
    types: Mapping[str, Record]
    platforms: Mapping[str, frozenset[Platform]]
    raw: Record


@frozen(eq=False)
class ByShape:
    """One type for each shape that the value may have."""

    scalar: Type | None = None
    mapping: Type | None = None
    sequence: Type | None = None
    boolean: bool = False
    """Whether `true` and `false` may stand here too."""


Type: TypeAlias = (
    Text | Integer | Boolean | Choice | Id | Json | ListOf | MapOf | Record | KindRecord | TypedRecord | ByShape
)


@frozen(eq=False, kw_only=True)
class Field:
    """One key: all that is known of it."""

    name: str
    type: Type
    doc: str
    """One line, in Markdown; more is in `details`."""
    required: bool = False
    default: object = None
    """What holds without the key, as the manifest would write it."""
    platforms: frozenset[Platform] = BOTH
    gcp: Type | None = None
    """The type on Google Cloud, where it differs."""
    link: str = ""
    """The cloud's own documentation."""

    def type_on(self, platform: Platform | None) -> Type:
        """The type that holds for projects of that platform."""
        return self.gcp if platform == "gcp" and self.gcp is not None else self.type
