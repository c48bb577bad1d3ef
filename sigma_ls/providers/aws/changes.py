"""CloudFormation's change lists as ours.

Pure: takes the items of `DescribeChangeSet` as they come.  A change set is described twice, since either description
alone can lack something: without property values there is no *before* and *after*; with them, resources with
JSON-typed properties are silently left out (aws-cdk-cli, PR 1785).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, cast

from sigma_ls.deploy.snapshot import Cause, Change, ChangeAction, ChangedResource, Replacement

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import (
        ChangeTypeDef,
        ResourceChangeDetailTypeDef,
        ResourceChangeTypeDef,
    )

_ACTIONS: Mapping[str, ChangeAction] = {
    "Add": "add",
    "Modify": "modify",
    "Remove": "remove",
    "Import": "import",
    # What it will be is known only while it runs; the resource is there already.
    "Dynamic": "modify",
    "SyncWithActual": "modify",
}
_REFERENCES = frozenset({"ResourceReference", "ResourceAttribute"})
_REPLACEMENTS: Mapping[str, Replacement] = {"True": "will", "Conditional": "may", "False": "never"}


def merged(plain: Sequence[ChangeTypeDef], valued: Sequence[ChangeTypeDef]) -> list[ResourceChangeTypeDef]:
    """The resource changes of both descriptions, in the order of the plain one, with property values where known."""
    with_values = {change["LogicalResourceId"]: change for change in _resource_changes(valued)}
    result: list[ResourceChangeTypeDef] = []
    for change in _resource_changes(plain):
        other = with_values.pop(change["LogicalResourceId"], None)
        result.append(change if other is None else _enriched(change, other))
    result.extend(with_values.values())
    return result


def effective(changes: Sequence[ResourceChangeTypeDef]) -> list[ResourceChangeTypeDef]:
    """The changes without what can have no effect.

    CloudFormation lists whatever refers to a changed resource as to be modified, and perhaps replaced, since it works
    the reference out only while it executes.  But a resource that is changed in place keeps its id and its ARN, so
    whatever refers to these stays as it is: nobody should be asked to consent to the loss of a bucket because a
    function that it notifies gets more memory.
    """
    left = list(changes)
    while True:
        steady = {change["LogicalResourceId"] for change in left if _stays_itself(change)}
        steady |= {change["LogicalResourceId"] for change in changes} - {change["LogicalResourceId"] for change in left}
        reduced = [kept for change in left if (kept := _without_moot(change, steady)) is not None]
        if reduced == left:
            return left
        left = reduced


def to_change(change: ResourceChangeTypeDef) -> Change:
    """One resource change as ours; how risky it is, and where it comes from, is for others to say.

    What a removal only takes out of the stack, since its DeletionPolicy says so, is `retained` from the start.
    """
    action = _ACTIONS.get(change["Action"], "modify")
    if change["Action"] == "Dynamic":
        replacement: Replacement = "may"
    elif action == "modify":
        replacement = _REPLACEMENTS.get(change.get("Replacement", "False"), "may")
    else:
        replacement = "never"
    # A snapshot is no resource any more; only Retain leaves it as it is.
    kept = action == "remove" and change.get("PolicyAction") == "Retain"
    return Change(
        id=change["LogicalResourceId"],
        resource=ChangedResource(
            type=change["ResourceType"],
            name=change["LogicalResourceId"],
            physical_id=change.get("PhysicalResourceId") or None,
        ),
        action="replace" if replacement == "will" else action,
        replacement=replacement,
        causes=tuple(_causes(change.get("Details", []))),
        status="retained" if kept else "pending",
    )


def _stays_itself(change: ResourceChangeTypeDef) -> bool:
    return change["Action"] == "Modify" and change.get("Replacement") == "False"


def _without_moot(change: ResourceChangeTypeDef, steady: AbstractSet[str]) -> ResourceChangeTypeDef | None:
    details = change.get("Details", [])
    real = [detail for detail in details if not _is_moot(detail, steady)]
    if change["Action"] != "Modify" or len(real) == len(details):
        return change
    if not real:
        return None
    replaced = change.get("Replacement", "False")
    if replaced == "Conditional" and all(
        detail.get("Target", {}).get("RequiresRecreation", "Never") == "Never" for detail in real
    ):
        replaced = "False"
    return cast("ResourceChangeTypeDef", {**change, "Details": real, "Replacement": replaced})


def _is_moot(detail: ResourceChangeDetailTypeDef, steady: AbstractSet[str]) -> bool:
    """Whether it is only a reference to the id or the ARN of a resource that keeps both."""
    if detail.get("Evaluation") != "Dynamic" or detail.get("ChangeSource") not in _REFERENCES:
        return False
    logical_id, _, attribute = detail.get("CausingEntity", "").partition(".")
    return logical_id in steady and attribute in {"", "Arn"}


def _resource_changes(changes: Iterable[ChangeTypeDef]) -> Iterator[ResourceChangeTypeDef]:
    for change in changes:
        # Hooks stand in the list too, under another key.
        if (resource := change.get("ResourceChange")) is not None:
            yield resource


def _enriched(plain: ResourceChangeTypeDef, valued: ResourceChangeTypeDef) -> ResourceChangeTypeDef:
    # One plain detail can stand for several with values: one for each path within the property.
    values: dict[tuple[Any, ...], list[ResourceChangeDetailTypeDef]] = {}
    for detail in valued.get("Details", []):
        values.setdefault(_identity(detail), []).append(detail)
    details: list[ResourceChangeDetailTypeDef] = []
    for detail in plain.get("Details", []):
        details += values.pop(_identity(detail), [detail])
    details += [detail for rest in values.values() for detail in rest]
    return cast("ResourceChangeTypeDef", {**valued, **plain, "Details": details})


def _identity(detail: ResourceChangeDetailTypeDef) -> tuple[Any, ...]:
    target = detail.get("Target", {})
    return (target.get("Attribute"), target.get("Name"), detail.get("ChangeSource"), detail.get("CausingEntity"))


def _causes(details: Iterable[ResourceChangeDetailTypeDef]) -> Iterator[Cause]:
    """One cause for each property: the same one is listed once for each entity that makes it change."""
    found: dict[str, Cause] = {}
    for detail in details:
        target = detail.get("Target", {})
        name = _property(target)
        before, after = target.get("BeforeValue"), target.get("AfterValue")
        known = found.get(name)
        if known is None or (known.before is None and known.after is None):
            found[name] = Cause(name, before=before, after=after)
    yield from found.values()


def _property(target: Mapping[str, Any]) -> str:
    """`Code.S3Key` for `/Properties/Code/S3Key`; an attribute other than the properties is its own name."""
    if path := target.get("Path"):
        parts = [part for part in path.split("/") if part]
        return ".".join(parts[1:] if parts[0] == "Properties" else parts)
    if target.get("Attribute") == "Properties":
        return str(target.get("Name") or "Properties")
    return str(target.get("Attribute") or "Properties")
