"""Removing a stack, its resources in parallel as their dependencies allow.

Replaces ministack's `_delete_stack_async`.  A removal that arrives while the stack is being created halts the creation
and then removes what there is, as on AWS.
"""

from ministack.services.cloudformation import _exports, _stacks

from .operations import OPERATIONS, Halted
from .work import Context, Doomed, Work, remove_all


async def remove_stack(stack_name, stack_id, retain_resources=(), force=False):
    """Remove the stack; its record tells how that ended.  The signature is ministack's.

    `retain_resources` stay and are forgotten; with `force`, so does whatever cannot be removed.
    """
    running = OPERATIONS.of(stack_id)
    if running:
        running.stop("deleted")
    async with OPERATIONS.begin(stack_id) as operation:
        stack = _stacks.get(stack_name)
        if not stack or stack.get("StackId") != stack_id:
            return
        work = Work(stack_name, stack_id, stack, operation)
        work.status("DELETE_IN_PROGRESS", "User Initiated")
        try:
            failures = await remove_all(work, _doomed(work, retain_resources), _context(stack).dependencies())
        except Halted:
            return
        resources = stack["_resources"]
        for name in [name for name in resources if name not in failures]:
            del resources[name]
        for name, reason in failures.items():
            resources[name].update(ResourceStatus="DELETE_FAILED", ResourceStatusReason=reason)
        if failures and not force:
            work.status(
                "DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(sorted(failures))}]. "
            )
            return
        for name, resource in list(resources.items()):
            work.event(name, resource["ResourceType"], "DELETE_SKIPPED", "", resource["PhysicalResourceId"])
            del resources[name]
        for output in stack.get("Outputs", []):
            _exports.pop(output.get("ExportName"), None)
        work.status("DELETE_COMPLETE")


def _context(stack):
    return Context(stack.get("_template") or {}, stack.get("_resolved_params", {}), stack.get("_conditions", {}))


def _doomed(work, retained):
    context, resources = _context(work.stack), work.stack.setdefault("_resources", {})
    return [
        Doomed(
            name,
            resource["ResourceType"],
            resource["PhysicalResourceId"],
            resource["Properties"],
            "Retain" if name in retained else context.policy(work, name, "DeletionPolicy", resources),
        )
        for name, resource in resources.items()
    ]
