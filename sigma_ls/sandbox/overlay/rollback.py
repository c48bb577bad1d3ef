"""Undoing a create or update that failed or was cancelled.

Changed resources go back to what they were, then what the operation made is removed.  Replaces ministack's
`_roll_back_operation`, whose record of the operation it reads, and its `_continue_update_rollback_async`.
"""

import asyncio

import ministack.services.cloudformation.stacks as ministack_stacks
from ministack.services.cloudformation import _stacks

from .conditions import CONDITIONS
from .operations import OPERATIONS, Halted
from .work import Context, Doomed, Work, failure, remove_all

# What an update changes in a stack's record, and its rollback restores.
_RESTORED = ("_resources", "_template", "_resolved_params", "_template_body", "Parameters", "Tags", "Outputs")

_ministacks_own = ministack_stacks._roll_back_operation


async def roll_back_later(stack_name, stack_id, stack, operation, reason_override=""):
    """RollbackStack: undo what a stack without automatic rollback kept.  The signature is ministack's."""
    if operation.get("imports"):
        return await _ministacks_own(stack_name, stack_id, stack, operation, reason_override)
    stack.pop("_failed_operation", None)
    async with OPERATIONS.begin(stack_id) as running:
        try:
            await roll_back(Work(stack_name, stack_id, stack, running), operation, reason_override)
        except Halted:
            return None
    return None


async def continue_rollback(stack_name, stack_id, resources_to_skip):
    """ContinueUpdateRollback: try again what a rollback could not undo.  The signature is ministack's.

    A skipped resource counts as rolled back and is left as it is.
    """
    stack = _stacks[stack_name]
    async with OPERATIONS.begin(stack_id) as running:
        work = Work(stack_name, stack_id, stack, running)
        pending = stack.pop("_rollback_failed", {})
        work.status("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        try:
            stuck = await _try_again(work, pending, resources_to_skip)
        except Halted:
            return
        if not stuck:
            work.status("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        _settle(work, stuck, is_update=True)


async def _try_again(work, pending, skipped):
    """Revert and remove what is pending.  Returns the records of what would still not."""
    resources = work.stack["_resources"]
    for name in skipped:
        kind, physical_id = pending[name]["ResourceType"], pending[name]["PhysicalResourceId"]
        work.event(name, kind, "UPDATE_COMPLETE", "Resource rollback skipped by user", physical_id)
    left = {name: record for name, record in pending.items() if name not in skipped}
    reverts = [
        _revert(work, name, record, resources.get(name)) for name, record in left.items() if "RevertTo" in record
    ]
    reverted = await _all(reverts)
    doomed = [
        Doomed(name, record["ResourceType"], record["PhysicalResourceId"], record["Properties"])
        for name, record in left.items()
        if "RevertTo" not in record
    ]
    failures = await remove_all(work, doomed, {})
    return {**reverted, **{name: left[name] for name in failures}}


async def roll_back(work, operation, reason):
    """Undo `operation`, a record as ministack's `_failed_operation` makes it."""
    previous = operation.get("previous_stack") or {}
    is_update = bool(operation.get("is_update") and previous)
    earlier = previous.get("_resources", {})
    work.status("UPDATE_ROLLBACK_IN_PROGRESS" if is_update else "ROLLBACK_IN_PROGRESS", reason)

    applied, replaced = operation.get("created", []), set(operation.get("replaced_ids", []))
    resources = work.stack.setdefault("_resources", {})
    made = [
        name
        for name in applied
        if name in replaced
        or name not in earlier
        or earlier[name]["PhysicalResourceId"] != resources[name]["PhysicalResourceId"]
    ]
    changed = [name for name in applied if name not in made] + operation.get("failed_updates", [])
    stuck = await _revert_all(work, operation, changed, earlier)
    if is_update and not stuck:
        work.status("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    stuck |= await _remove_made(work, operation, made, in_clean_up=is_update and not stuck)

    if is_update:
        work.stack.update({key: previous[key] for key in _RESTORED if key in previous})
    _settle(work, stuck, is_update=is_update)


def _settle(work, stuck, *, is_update):
    if stuck:
        # ContinueUpdateRollback reads it.
        work.stack["_rollback_failed"] = stuck
        status = "UPDATE_ROLLBACK_FAILED" if is_update else "ROLLBACK_FAILED"
        work.status(status, ministack_stacks._rollback_failure_reason(stuck))
    else:
        work.status("UPDATE_ROLLBACK_COMPLETE" if is_update else "ROLLBACK_COMPLETE")


async def _revert_all(work, operation, names, earlier):
    """Send changed resources back to what they were.  Returns records of those that would not."""

    def revert(name):
        record, before = work.stack["_resources"][name], earlier[name]
        kind, physical_id = before["ResourceType"], before["PhysicalResourceId"]
        sides = [
            ministack_stacks._with_stack_tags(
                kind, side["Properties"], operation.get(tags) or [], work.name, work.stack_id, name
            )
            for side, tags in ((record, "stack_tags"), (before, "previous_tags"))
        ]
        change = {
            "PhysicalResourceId": physical_id,
            "ResourceType": kind,
            "RevertFrom": sides[0],
            "RevertTo": sides[1],
            "Attributes": record.get("Attributes", {}),
        }
        return _revert(work, name, change, before)

    return await _all(map(revert, names))


async def _revert(work, name, change, record):
    """Send one resource back; `record` is the one that tells of it from then on.  Returns what would not, by name."""
    kind, physical_id = change["ResourceType"], change["PhysicalResourceId"]
    try:
        await work.operation.pause(CONDITIONS.seconds(kind, name) / 2)
        CONDITIONS.check("revert", work.name, name)
        await ministack_stacks._revert_update(
            work.stack_id, work.name, name, kind, physical_id, change["RevertFrom"], change["RevertTo"],
            change["Attributes"], record,
        )  # fmt: skip
    except Halted:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a service raises is that resource's failure
        work.event(name, kind, "UPDATE_FAILED", failure(error), physical_id)
        return {name: change}
    return {}


async def _all(reverts):
    """Await all, so that none goes on behind the caller's back, and put their results together."""
    stuck = {}
    for result in await asyncio.gather(*reverts, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
        stuck.update(result)
    return stuck


async def _remove_made(work, operation, names, *, in_clean_up):
    """Remove what the operation made.  Returns records of what would not go, where that makes the rollback fail."""
    template, params = operation.get("template") or {}, operation.get("param_values") or {}
    context = Context(template, params, ministack_stacks._evaluate_conditions(template, params))
    resources = work.stack["_resources"]
    keep = not operation.get("retain_except_on_create")
    doomed = []
    for name in names:
        record = resources[name]
        policy = context.policy(work, name, "DeletionPolicy", resources)
        kept = "Retain" if policy == "Retain" and keep else "Delete"
        doomed.append(Doomed(name, record["ResourceType"], record["PhysicalResourceId"], record["Properties"], kept))
    failures = await remove_all(work, doomed, context.dependencies())
    for each in doomed:
        resources.pop(each.logical_id, None)
    if in_clean_up:
        return {}
    return {
        each.logical_id: {
            "PhysicalResourceId": each.physical_id,
            "ResourceType": each.resource_type,
            "Properties": each.properties,
        }
        for each in doomed
        if each.logical_id in failures
    }
