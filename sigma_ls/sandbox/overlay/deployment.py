"""Creating and updating a stack, as CloudFormation does it.

Resources come in parallel as their dependencies allow, each visibly in progress for a while; an unchanged one is not
touched; one failure cancels what is under way and rolls everything back; what an update replaced or dropped is removed
at the end, in its clean-up phase.  With rollback disabled, a failure stops only what depends on it, and the stack keeps
what there is (`paused`) until it is updated again or rolled back.

Replaces ministack's own `_deploy_stack_async`, which does it all within one step of the event loop, one after another.
"""

import asyncio
from dataclasses import dataclass, field

import ministack.services.cloudformation.stacks as ministack_stacks
from ministack.core.responses import now_iso
from ministack.services.cloudformation import _exports, _stacks

from . import waits
from .conditions import CONDITIONS
from .operations import OPERATIONS, Halted
from .paused import describe, keep, resumed
from .rollback import roll_back
from .work import Context, Doomed, NestedStackError, Work, call, failure, remove_all

_ministacks_own = ministack_stacks._deploy_stack_async


@dataclass
class _Deployment:
    """One create or update.  `previous` is the stack before it.

    `done` are the resources that are as they should be, `applied` those that were changed.
    """

    work: Work
    context: Context
    previous: dict
    is_update: bool
    disable_rollback: bool
    nested: bool
    order: list
    applied: list = field(default_factory=list)
    done: set = field(default_factory=set)
    failed: list = field(default_factory=list)
    failed_updates: list = field(default_factory=list)
    replaced: list = field(default_factory=list)

    @property
    def resources(self):
        """Ministack's records of the stack's resources, by logical id."""
        return self.work.stack["_resources"]

    @property
    def earlier(self):
        """The same before the operation."""
        return self.previous.get("_resources", {})

    @property
    def verb(self):
        """The first word of the stack's statuses."""
        return "UPDATE" if self.is_update else "CREATE"


async def deploy(
    stack_name,
    stack_id,
    template,
    param_values,
    disable_rollback,
    tags,
    is_update=False,
    previous_stack=None,
    retain_except_on_create=False,
    imports=None,
    *,
    nested=False,
):
    """Bring the stack to the template; its record tells how that ended.  The signature is ministack's.

    A nested stack that fails waits for what becomes of its parent.
    """
    stack = _stacks[stack_name]
    conditions = ministack_stacks._evaluate_conditions(template, param_values)
    context = Context(template, param_values, conditions)
    if imports or _has_cycle(context):
        return await _ministacks_own(
            stack_name, stack_id, template, param_values, disable_rollback, tags, is_update, previous_stack,
            retain_except_on_create, imports,
        )  # fmt: skip
    async with OPERATIONS.begin(stack_id) as operation:
        failure_before = stack.pop("_failed_operation", None)
        for leftover in ("_cancel_requested", "_cancel_token"):
            stack.pop(leftover, None)
        stack.setdefault("_resources", {})
        work = Work(stack_name, stack_id, stack, operation)
        order = ministack_stacks._topological_sort(context.definitions, conditions)
        deployment = _Deployment(
            work, context, previous_stack or {}, is_update, disable_rollback, nested, order,
            replaced=resumed(failure_before),
        )  # fmt: skip
        if not stack.get("_disable_validation") and ministack_stacks._fail_property_validation(
            stack, stack_id, stack_name, context.definitions, order, param_values, conditions, context.mappings,
            disable_rollback, previous_stack=deployment.previous if is_update else None,
        ):  # fmt: skip
            if failure_before:
                # Nothing was done: what is to be undone is still that of the operation before.
                stack["_failed_operation"] = failure_before
            return None
        try:
            await _run(deployment)
            failed = operation.halt or deployment.failed
            outputs, exports, reason = ([], {}, "") if failed else _outputs(deployment)
            if operation.halt in ("deleted", "abandoned"):
                describe(deployment)
                return None
            if failed or reason:
                await _give_up(deployment, reason, retain_except_on_create, failure_before)
            else:
                await _complete(deployment, outputs, exports)
        except Halted:
            # Everything is being forgotten: there is no stack left to bring into a status.
            return None
        except Exception as error:
            # A defect here must not leave the stack in progress, and whoever watches it waiting.
            work.status(f"{deployment.verb}_FAILED", f"The sandbox failed: {error!r}")
            raise
    return None


def _has_cycle(context):
    try:
        ministack_stacks._topological_sort(context.definitions, context.conditions)
    except ValueError:
        return True
    return False


# --- the graph -------------------------------------------------------------------------------------------------------


async def _run(deployment):
    """Create and update resources until all that can be are done, or the operation is halted and none is under way."""
    operation = deployment.work.operation
    names = set(deployment.order)
    waiting = {
        name: (needs & names) - {name} for name, needs in deployment.context.dependencies().items() if name in names
    }
    under_way = {}
    while True:
        if not operation.halt:
            ready = [name for name in deployment.order if name in waiting and not waiting[name]]
            for name in ready:
                del waiting[name]
                under_way[asyncio.create_task(_bring(deployment, name))] = name
        if not under_way:
            return
        done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            name = under_way.pop(task)
            if task.result():
                deployment.done.add(name)
                for needs in waiting.values():
                    needs.discard(name)
            else:
                deployment.failed.append(name)
                if not deployment.disable_rollback:
                    operation.stop("failed")


async def _bring(deployment, logical_id):
    """Create or update one resource.  Returns whether that went well; if not, its events say why."""
    work, context = deployment.work, deployment.context
    kind = context.definitions[logical_id].get("Type", "")
    old = deployment.earlier.get(logical_id)
    verb = "UPDATE" if old else "CREATE"
    # The error of a reference that cannot be resolved belongs to this resource too, hence one try around it all.
    try:
        properties, dynamic = _resolved(deployment, logical_id, old)
        wanted = _tagged(deployment, kind, properties, logical_id, work.stack)
        before = _tagged(deployment, kind, old["Properties"], logical_id, deployment.previous) if old else None
        if old and before == wanted and not old["ResourceStatus"].endswith("_FAILED"):
            return True
        record = deployment.resources[logical_id] = {
            **(old or {"PhysicalResourceId": "", "Properties": {}, "Attributes": {}}),
            "LogicalResourceId": logical_id,
            "ResourceType": kind,
            "ResourceStatus": f"{verb}_IN_PROGRESS",
            "Timestamp": now_iso(),
        }
        work.event(logical_id, kind, f"{verb}_IN_PROGRESS", physical_id=record["PhysicalResourceId"])
        seconds = CONDITIONS.seconds(kind, logical_id)
        await work.operation.pause(seconds / 2)
        CONDITIONS.check(verb.lower(), work.name, logical_id)
        change = (
            _update(deployment, logical_id, kind, old, before, wanted)
            if old
            else _create(work, logical_id, kind, wanted)
        )
        (physical_id, attributes), seed = await change
        record.update(PhysicalResourceId=physical_id, Properties=properties, Attributes=attributes)
        if dynamic:
            record["_dynamic"] = dynamic
        if seed:
            record["_name_seed"] = seed
        deployment.applied.append(logical_id)
        if not old and kind != "AWS::CloudFormation::Stack":  # A nested one says so itself, when it has only begun.
            work.event(logical_id, kind, "CREATE_IN_PROGRESS", "Resource creation Initiated", physical_id)
        await work.operation.pause(seconds / 2)
    except Exception as error:  # noqa: BLE001 - whatever a service raises is that resource's failure
        # A nested stack ends with its parent's operation, and fails.
        halted = isinstance(error, Halted) or (isinstance(error, NestedStackError) and work.operation.halt)
        reason = f"Resource {'update' if old else 'creation'} cancelled" if halted else failure(error)
        _fail(deployment, logical_id, kind, reason)
        return False
    record.update(ResourceStatus=f"{verb}_COMPLETE", Timestamp=now_iso())
    work.event(logical_id, kind, f"{verb}_COMPLETE", physical_id=physical_id)
    return True


def _fail(deployment, logical_id, kind, reason):
    old = deployment.earlier.get(logical_id)
    status = "UPDATE_FAILED" if old else "CREATE_FAILED"
    record = deployment.resources.get(logical_id, {})
    deployment.work.event(logical_id, kind, status, reason, record.get("PhysicalResourceId", ""))
    if record:
        record.update(ResourceStatus=status, ResourceStatusReason=reason, Timestamp=now_iso())
    if logical_id in deployment.applied:
        return
    if old:
        deployment.failed_updates.append(logical_id)
    elif record.get("PhysicalResourceId"):
        # A nested stack that failed is there all the same.
        deployment.applied.append(logical_id)
    else:
        # What never came to be leaves no record, or a removal would look for it.
        deployment.resources.pop(logical_id, None)


def _resolved(deployment, logical_id, old):
    definition = deployment.context.definitions[logical_id]
    raw = deployment.context.resolve(deployment.work, definition.get("Properties") or {}, deployment.resources)
    properties = {name: value for name, value in raw.items() if value is not ministack_stacks._NO_VALUE}
    earlier = (deployment.previous.get("_template") or {}).get("Resources", {}).get(logical_id)
    return ministack_stacks._resolve_dynamic_references(
        properties, (old or {}).get("_dynamic"), reuse_ssm=False, reuse_secrets=earlier == definition
    )


def _tagged(deployment, kind, properties, logical_id, stack):
    work = deployment.work
    return ministack_stacks._with_stack_tags(
        kind, properties, stack.get("Tags") or [], work.name, work.stack_id, logical_id
    )


def _create(work, logical_id, kind, wanted):
    making = call(kind, ministack_stacks._provision_keeping_seed, kind, logical_id, wanted, work.name)
    return waits.unless_halted(work, logical_id, making) if kind == waits.WAIT_CONDITION else making


async def _update(deployment, logical_id, kind, old, before, wanted):
    work, old_id = deployment.work, old["PhysicalResourceId"]
    if ministack_stacks._sends_back_failed_update(kind):
        # A custom resource may have changed something before it failed: the rollback sends it back from here.
        deployment.resources[logical_id]["Properties"] = wanted
    policy = deployment.context.policy(work, logical_id, "UpdateReplacePolicy", deployment.resources)
    if ministack_stacks._replacing_change(kind, before, wanted):
        reason = "Requested update requires the creation of a new physical resource; hence creating one."
        work.event(logical_id, kind, "UPDATE_IN_PROGRESS", reason, old_id)
    # These are context variables of this resource's own task: they need no resetting, and disturb no other.
    deferred = []
    ministack_stacks._RETAIN_REPLACED.set(policy in ministack_stacks._RETAINING_POLICIES)
    ministack_stacks._DEFERRED_PREDECESSOR_DELETES.set(deferred)
    ministack_stacks._NAME_SEED.set(old.get("_name_seed", ""))
    (physical_id, attributes), seed = await call(
        kind, ministack_stacks._update_keeping_seed, kind, old_id, before, wanted, work.name, logical_id,
        old.get("Attributes", {}),
    )  # fmt: skip
    if physical_id != old_id or deferred:
        same = physical_id == old_id
        doomed = Doomed(logical_id, kind, old_id, old["Properties"], policy, tuple(deferred), same_identity=same)
        deployment.replaced.append(doomed)
    return (physical_id, attributes), seed


# --- the end ---------------------------------------------------------------------------------------------------------


def _outputs(deployment):
    """The stack's outputs and exports, and why they cannot be had."""
    work, context = deployment.work, deployment.context
    kept = {name: record for name, record in deployment.resources.items() if name in deployment.order}
    try:
        outputs, exports = ministack_stacks._resolve_stack_outputs(
            context.template.get("Outputs") or {}, context.conditions, kept, context.params, context.mappings,
            work.name, work.stack_id,
        )  # fmt: skip
    except Exception as error:  # noqa: BLE001 - AWS fails the whole operation here, with this reason
        return [], {}, str(error)
    return outputs, exports, ""


async def _give_up(deployment, reason, retain_except_on_create, failure_before):
    work = deployment.work
    cancelled = work.operation.halt == "cancelled"
    failed = ", ".join(sorted(deployment.failed))
    reason = reason or "".join(
        f"The following resource(s) failed to {verb}: [{', '.join(names)}]. "
        for verb, names in (
            ("create", sorted(name for name in deployment.failed if name not in deployment.earlier)),
            ("update", sorted(name for name in deployment.failed if name in deployment.earlier)),
        )
        if names
    )
    rollback = ministack_stacks._failed_operation(
        deployment.is_update, deployment.previous or None, deployment.applied, None, failed or None,
        [doomed.logical_id for doomed in deployment.replaced], cancelled, deployment.context.template,
        deployment.context.params, retain_except_on_create, work.stack.get("Tags") or [],
        deployment.previous.get("Tags") or [],
    )  # fmt: skip
    rollback["failed_updates"] = deployment.failed_updates
    if deployment.disable_rollback or deployment.nested:
        keep(deployment, rollback, failure_before)
        work.status(f"{deployment.verb}_FAILED", reason)
        return
    if cancelled:
        # The events of the rollback belong to the cancellation, and carry its token.
        ministack_stacks.CLIENT_REQUEST_TOKEN.set(work.stack.pop("_cancel_token", ""))
        work.stack.pop("_cancel_requested", None)
    work.operation.go_on()
    if not deployment.is_update:
        reason += "Rollback requested by user."
    await roll_back(work, rollback, "User Initiated" if cancelled else reason)


async def _complete(deployment, outputs, exports):
    work, context = deployment.work, deployment.context
    work.stack.update(_template=context.template, _resolved_params=context.params, Outputs=outputs)
    _exports.update(exports)
    if deployment.is_update:
        work.status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        await _clean_up(deployment)
    work.status(f"{deployment.verb}_COMPLETE")


async def _clean_up(deployment):
    """Remove what the update replaced or dropped.  A failure leaves the resource, not the update, failed."""
    work, previous = deployment.work, deployment.previous
    conditions = previous.get("_conditions", deployment.context.conditions)
    earlier = Context(previous.get("_template") or {}, previous.get("_resolved_params", {}), conditions)
    dropped = [
        Doomed(name, record["ResourceType"], record["PhysicalResourceId"], record["Properties"],
               earlier.policy(work, name, "DeletionPolicy", deployment.earlier))
        for name, record in deployment.earlier.items()
        if name not in deployment.order
    ]  # fmt: skip
    failures = await remove_all(work, [*deployment.replaced, *dropped], earlier.dependencies())
    for doomed in dropped:
        reason = failures.get(doomed.logical_id)
        if reason:
            deployment.resources[doomed.logical_id].update(
                ResourceStatus="DELETE_FAILED", ResourceStatusReason=reason, Timestamp=now_iso()
            )
        else:
            deployment.resources.pop(doomed.logical_id, None)
