"""What a function's `uses` permit it."""

from __future__ import annotations

from collections.abc import Iterator

from sigma_ls.manifest.model import Function, Resource, StateMachine, Table, UserPool
from sigma_ls.syntax.span import Range
from sigma_ls.synth.cloudformation.expressions import Expression, join
from sigma_ls.synth.cloudformation.operations import OPERATIONS, SELF_AND_INDEXES
from sigma_ls.synth.cloudformation.scope import Grant, Scope
from sigma_ls.synth.unsupported import Unsupported


def grants(scope: Scope, function: Function, *, late: bool) -> Iterator[Grant]:
    """What the function's `uses` ask for: on things that come after it, or on all others."""
    for used in sorted(function.uses):
        place = function.origin.at("uses", used)
        thing = scope.thing(used, place)
        if _is_late(scope, thing) is not late:
            continue
        operations = OPERATIONS.get(type(thing), {})
        for operation in function.uses[used]:
            if operation not in operations:
                message = f"`{function.id}` cannot use `{used}` for `{operation}`: " + (
                    f"its operations are {', '.join(f'`{name}`' for name in operations)}."
                    if operations
                    else "things of its type have no operations; write what is needed under `permissions`."
                )
                raise Unsupported(message, place)
            for rule in operations[operation]:
                base = (rule.base or _arn)(scope, thing, place)
                if base is None:
                    continue
                suffixes = rule.on
                if isinstance(thing, Table) and suffixes == SELF_AND_INDEXES and not _may_have_indexes(thing):
                    suffixes = ("",)
                yield Grant(rule.actions, tuple(join(base, suffix) for suffix in suffixes), place)


def _is_late(scope: Scope, thing: Function | Resource) -> bool:
    """Whether a thing may come after the function: it calls functions, and so needs them to be there."""
    match thing:
        case Function():
            return True
        case StateMachine():
            return thing.existing is None
        case UserPool():
            return thing.id in scope.triggers
        case _:
            return False


def _arn(scope: Scope, thing: Function | Resource, place: Range) -> Expression:
    return scope.attribute(thing.id, "arn", place)


def _may_have_indexes(table: Table) -> bool:
    return bool(table.indexes or table.existing or table.properties)
