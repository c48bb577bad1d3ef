"""What every module that generates something is given: the project, the names in it, and what each kind of thing can do.

A kind of resource or trigger is one module that makes its parts and says its attributes; `kinds.py` lists them.  They
reach each other only through the scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from attrs import frozen

from sigma_ls.manifest.model import Function, Project, Resource, pascal_case
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.expressions import Expression
from sigma_ls.synth.cloudformation.names import LogicalIds
from sigma_ls.synth.cloudformation.nodes import Node, sourced
from sigma_ls.synth.cloudformation.usage import Usage
from sigma_ls.synth.template import CodeLocation
from sigma_ls.synth.unsupported import Unsupported

Policy = Literal["Retain", "Snapshot", "Delete"]
"""A deletion policy of CloudFormation."""


@frozen(kw_only=True)
class Part:
    """One resource of the template, made for the function or resource `owner`."""

    logical_id: str
    type: str
    owner: str
    range: Range
    properties: Mapping[str, Node]
    depends_on: tuple[str, ...] = ()
    last: Policy | None = None
    """What happens to it when it is removed or replaced; nothing leaves it to CloudFormation, which removes most."""


@frozen
class Grant:
    """Actions that a function's role allows on exactly `resources`; `range` is what asked for them."""

    actions: tuple[str, ...]
    resources: tuple[Expression, ...]
    range: Range


@frozen
class TriggerUse:
    """One trigger of one function."""

    function: Function
    index: int
    trigger: Any
    """A `Trigger`; which kind it is, the module that gets it knows."""
    first: bool
    """Whether it is its function's first trigger by its source: companions that these share are made once."""

    @property
    def range(self) -> Range:
        """Where the manifest sets the trigger."""
        return self.function.origin.at("triggers", self.index)

    def at(self, *path: str | int) -> Range:
        """Where the manifest sets a part of the trigger."""
        return self.function.origin.at("triggers", self.index, *path)

    def sourced(self, value: Node, *path: str | int) -> Node:
        """The node, marked with the place of a part of the trigger."""
        return sourced(self.function.origin, value, "triggers", self.index, *path)


def no_parts(scope: Scope, thing: object) -> tuple[Part, ...]:
    """Nothing."""
    del scope, thing
    return ()


@frozen
class Kind:
    """What can be done with functions, or with resources of one type."""

    parts: Callable[[Scope, Any], Iterable[Part]]
    """All that is generated for one of them; not called where it exists already."""
    attribute: Callable[[Scope, Any, str], Expression | None]
    """The value of `${id.attribute}`; nothing where there is no such attribute."""
    wiring: Callable[[Scope, Any], Iterable[Part]] = no_parts
    """What is generated all the same where it exists already."""


@frozen
class TriggerKind:
    """What can be done with triggers of one kind."""

    source: Callable[[Any], str | None]
    """The id of the resource that triggers; nothing where none is declared for it, as of a schedule."""
    parts: Callable[[Scope, TriggerUse], Iterable[Part]]
    """What is generated between source and function."""
    grants: Callable[[Scope, TriggerUse], Iterable[Grant]]
    """What the function's role must allow for the trigger to work."""


@frozen(eq=False)
class Scope:
    """One project being synthesized."""

    project: Project
    code: Mapping[str, CodeLocation]
    ids: LogicalIds
    usage: Usage
    triggers: Mapping[str, tuple[TriggerUse, ...]]
    """By the id of their source, in the order of their functions' ids."""
    triggers_of: Mapping[str, tuple[TriggerUse, ...]]
    """By the id of their function."""
    parameters: Mapping[tuple[str, str], str]
    """Logical ids of the parameters for asked values, by function id and environment key."""
    kinds: Mapping[type, Kind]
    trigger_kinds: Mapping[type, TriggerKind]
    overlay: Mapping[str, Any]
    """What is laid over the template in the end."""

    def thing(self, thing_id: str, place: Range) -> Function | Resource:
        """The function or resource of that id; `place` is where it is asked for."""
        found = self.project.functions.get(thing_id) or self.project.resources.get(thing_id)
        if found is None:
            raise Unsupported(f"Nothing named `{thing_id}` is declared under `resources` or `functions`.", place)
        return found

    def kind(self, thing: Function | Resource) -> Kind:
        """What can be done with a thing."""
        return self.kinds[type(thing)]

    def attribute(self, thing_id: str, name: str, place: Range) -> Expression:
        """The value of `${thing_id.name}`; `place` is where it is asked for."""
        thing = self.thing(thing_id, place)
        value = self.kind(thing).attribute(self, thing, name)
        if value is None:
            raise Unsupported(f"`{thing_id}` has no attribute `{name}` that this version can give.", place)
        return value


def logical_id(thing_id: str) -> str:
    """The logical id of the function or resource itself."""
    return pascal_case(thing_id)
