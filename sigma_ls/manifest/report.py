"""What the analysis of one entry finds: diagnostics, and the small facts that rules between entries work on.

All places count lines like the entry's own nodes: from the first line of its block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from attrs import define, field, frozen

from sigma_ls.manifest.code_use import CodeUse, FileUse
from sigma_ls.manifest.diagnostic import Code, Diagnostic, Fix, Related, diagnostic
from sigma_ls.manifest.schema.types import Platform
from sigma_ls.syntax.nodes import Node, Spot, range_of
from sigma_ls.syntax.span import START, Range


@frozen
class Definition:
    """A function or resource as others see it.  Two that are equal are the same to every rule between entries."""

    id: str
    kind: str
    """`function`, a named type, or a type of the cloud."""
    raw: bool = False
    platform: Platform | None = None
    existing: bool = False
    fifo: bool = False
    visibility: int | None = None
    """Of a queue, in seconds, where it is set."""
    visibility_spot: Spot | None = None
    """Where that stands."""
    stream: bool = False
    """Of a table: whether the ARN of its stream is given."""
    has_url: bool = False
    """Of a function."""
    clients: tuple[str, ...] = ()
    """Of a user pool."""
    with_client: Fix | None = None
    """Of a user pool without any: what gives it one."""
    stage: str = ""
    """The stage that declares it, where the manifest itself does not."""
    name_spot: Spot | None = field(default=None, eq=False)
    """Where its name in the cloud stands, if it is given one."""
    spot: Spot = field(default=(0, 0, 0, 0), eq=False)
    """Its key's."""

    @property
    def place(self) -> Range:
        """Its key."""
        return Range.of(*self.spot)


UseRule = Callable[["Use", Definition, "Report"], None]
"""Judges the use of a definition, and adds what is wrong to the report."""


@define(eq=False)
class Use:
    """One mention of an id."""

    id: str
    spot: Spot
    rule: UseRule
    free: bool = False
    """Whether an id that is not declared is fine: it is a name in the cloud."""
    follows: bool = False
    """Whether another use of the same place has said so, should the id not be declared."""
    data: Any = None
    """What the rule needs to know of the place."""
    stage: str = ""
    """The stage whose override it stands in."""

    @property
    def place(self) -> Range:
        """Where it stands."""
        return Range.of(*self.spot)


class Group(Enum):
    """What entries can claim."""

    NAME = "name"
    """A key of its section; among functions and resources the id, and the logical id that is made of it."""
    ROUTE = "route"
    """The requests of an api."""
    NOTIFICATION = "notification"
    """Events of a bucket; two that may be of one object are a conflict."""
    STEP = "step"
    """A step of a user pool."""
    LOG_FILTER = "log filter"
    """A filter of a log group, which has room for two."""


@define(eq=False, weakref_slot=False)
class Claim:
    """Something that only one entry may have: two claims to one `key` are a conflict."""

    group: Group
    key: str
    label: str
    """As a person wrote it."""
    section: str
    """Empty for the top level."""
    spot: Spot
    data: Any = None
    """What else a conflict depends on."""

    @property
    def place(self) -> Range:
        """The key, or the text that makes the claim."""
        return Range.of(*self.spot)


@frozen
class Environment:
    """What is known of the size of environment variables: the project's (`id` is empty), or a function's own."""

    id: str
    spot: Spot
    """The key `environment`."""
    sizes: Mapping[str, int]
    """Bytes of each variable, its name included; of references and secrets only what is certain."""

    @property
    def place(self) -> Range:
        """The key."""
        return Range.of(*self.spot)


@frozen
class TopFact:
    """A top-level key, or a stage (`name` is `stages.<its name>`), as rules for the whole manifest look at it."""

    name: str
    value: str
    """Where it is a text."""
    keys: frozenset[str]
    """Where it is a mapping; of a stage also `aws.region` and the like."""
    place: Range
    engine: str = ""
    """Of `gcp`, and of a stage's."""
    removed: frozenset[str] = frozenset()
    """Of a stage: what it sets to `null`, such as `aws.region`."""
    value_place: Range = START


_NO_IDS: frozenset[str] = frozenset()


@define(eq=False)
class Report:
    """Collects them."""

    diagnostics: list[Diagnostic] = field(factory=list)
    uses: list[Use] = field(factory=list)
    definitions: list[Definition] = field(factory=list)
    claims: list[Claim] = field(factory=list)
    logical_ids: set[str] = field(factory=set)
    """Logical ids that CloudFormation's own functions name."""
    tops: list[TopFact] = field(factory=list)
    implicit_api: bool = False
    """Whether an http trigger needs the project's implicit api."""
    code: list[CodeUse | FileUse] = field(factory=list)
    """What functions say of their code, and which files are named."""
    stage_names: list[Spot] = field(factory=list)
    """Where `${stage}` stands."""
    environments: list[Environment] = field(factory=list)
    removals: list[tuple[str, str, Spot]] = field(factory=list)
    """Functions and resources that a stage removes: their ids, the stage, and where it does."""
    google_types: list[tuple[str, Spot]] = field(factory=list)
    """Types of Google Cloud's own engines, and where they stand."""
    line: Callable[[int], str] | None = None
    """A line as it is written, counted like the nodes' own."""

    def add(
        self, code: Code, node: Node, message: str, *, fix: Fix | None = None, related: tuple[Related, ...] = ()
    ) -> None:
        """A diagnostic for all of `node`."""
        self.diagnostics.append(diagnostic(code, range_of(node), message, fix=fix, related=related))

    def add_at(
        self, code: Code, place: Range, message: str, *, fix: Fix | None = None, related: tuple[Related, ...] = ()
    ) -> None:
        """A diagnostic for a place."""
        self.diagnostics.append(diagnostic(code, place, message, fix=fix, related=related))

    def findings(self) -> Findings:
        """All of it, for keeping."""
        return Findings(
            diagnostics=tuple(self.diagnostics),
            uses=tuple(self.uses),
            definitions=tuple(self.definitions),
            claims=tuple(self.claims),
            logical_ids=frozenset(self.logical_ids) if self.logical_ids else _NO_IDS,
            tops=tuple(self.tops),
            implicit_api=self.implicit_api,
            code=tuple(self.code),
            stage_names=tuple(self.stage_names),
            environments=tuple(self.environments),
            removals=tuple(self.removals),
            google_types=tuple(self.google_types),
        )


@define(eq=False, weakref_slot=False)
class Findings:
    """A report that is complete.  One is kept for each of thousands of entries, so what is empty takes no room."""

    diagnostics: tuple[Diagnostic, ...] = ()
    uses: tuple[Use, ...] = ()
    definitions: tuple[Definition, ...] = ()
    claims: tuple[Claim, ...] = ()
    logical_ids: frozenset[str] = _NO_IDS
    tops: tuple[TopFact, ...] = ()
    implicit_api: bool = False
    code: tuple[CodeUse | FileUse, ...] = ()
    stage_names: tuple[Spot, ...] = ()
    environments: tuple[Environment, ...] = ()
    removals: tuple[tuple[str, str, Spot], ...] = ()
    google_types: tuple[tuple[str, Spot], ...] = ()
