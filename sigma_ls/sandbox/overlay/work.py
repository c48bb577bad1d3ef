"""What every operation on a stack shares: its events, its resources' policies, and removing resources."""

import asyncio
import copy
from dataclasses import dataclass

import ministack.services.cloudformation.stacks as ministack_stacks
from ministack.core.concurrency import run_reentrant
from ministack.core.responses import new_uuid

from .conditions import CONDITIONS
from .operations import Halted

# By what a service says, the error code of the resource handler that passes it on.
_ERROR_CODES = {"does not exist": "NotFound", "Status Code: 409": "GeneralServiceException"}
RETAINING = ministack_stacks._RETAINING_POLICIES


class NestedStackError(Exception):
    """A nested stack that failed, in the words that CloudFormation has for it."""


@dataclass
class Work:
    """A stack that is being worked on; `stack` is ministack's record of it."""

    name: str
    stack_id: str
    stack: dict
    operation: object

    def event(self, logical_id, resource_type, status, reason="", physical_id=""):
        """Record an event of a resource."""
        ministack_stacks._add_event(self.stack_id, self.name, logical_id, resource_type, status, reason, physical_id)

    def status(self, status, reason=""):
        """Bring the stack itself into that status."""
        self.stack["StackStatus"] = status
        self.stack["StackStatusReason"] = reason
        self.event(self.name, "AWS::CloudFormation::Stack", status, reason, self.stack_id)


@dataclass
class Context:
    """What expressions of a template are evaluated with."""

    template: dict
    params: dict
    conditions: dict

    @property
    def definitions(self):
        """The resources of the template, by logical id."""
        return self.template.get("Resources") or {}

    @property
    def mappings(self):
        """The template's mappings."""
        return self.template.get("Mappings") or {}

    def resolve(self, work, value, resources):
        """The value with its intrinsic functions evaluated."""
        return ministack_stacks._resolve_refs(
            copy.deepcopy(value), resources, self.params, self.conditions, self.mappings, work.name, work.stack_id
        )

    def policy(self, work, logical_id, attribute, resources):
        """`Delete`, `Retain`, … of a resource; `attribute` is DeletionPolicy or UpdateReplacePolicy."""
        return ministack_stacks._resource_policy(
            self.definitions.get(logical_id), attribute, resources, self.params, self.conditions, self.mappings,
            work.name, work.stack_id,
        )  # fmt: skip

    def dependencies(self):
        """The logical ids that each resource depends on."""
        names = set(self.definitions)
        return {name: ministack_stacks._extract_deps(made, names) for name, made in self.definitions.items()}


@dataclass
class Doomed:
    """A resource to remove.  `deferred` are calls that ministack put off until now, in place of or before its own."""

    logical_id: str
    resource_type: str
    physical_id: str
    properties: dict
    policy: str = "Delete"
    deferred: tuple = ()
    same_identity: bool = False


async def call(resource_type, function, *args):
    """Call ministack for a resource: on a thread when that kind blocks, else here, where nothing interleaves."""
    if ministack_stacks._runs_on_worker_thread(resource_type):
        return await run_reentrant(function, *args)
    return function(*args)


def failure(error):
    """The reason of a failed resource, in the words of CloudFormation's resource handlers."""
    if isinstance(error, NestedStackError):
        return str(error)
    code = next((code for words, code in _ERROR_CODES.items() if words in str(error)), "InvalidRequest")
    return f'Resource handler returned message: "{error}" (RequestToken: {new_uuid()}, HandlerErrorCode: {code})'


async def remove_all(work, doomed, dependencies):
    """Remove resources, in parallel, each after those that depend on it.  Returns reasons of failures by logical id."""
    gone = {each.logical_id: asyncio.Event() for each in doomed}
    failures = {}

    async def remove(each):
        try:
            for other in doomed:
                if each.logical_id in dependencies.get(other.logical_id, ()) and other is not each:
                    await gone[other.logical_id].wait()
            reason = await _remove(work, each)
            if reason:
                failures[each.logical_id] = reason
        finally:
            gone[each.logical_id].set()

    # All are awaited before an error is raised, so that none goes on behind the caller's back.
    for result in await asyncio.gather(*map(remove, doomed), return_exceptions=True):
        if result is not None:
            raise result
    return failures


async def _remove(work, doomed):
    logical_id, kind, physical_id = doomed.logical_id, doomed.resource_type, doomed.physical_id
    if doomed.policy in RETAINING:
        work.event(logical_id, kind, "DELETE_SKIPPED", physical_id=physical_id)
        return ""
    work.event(logical_id, kind, "DELETE_IN_PROGRESS", physical_id=physical_id)
    try:
        await work.operation.pause(CONDITIONS.seconds(kind, logical_id) / 2)
        CONDITIONS.check("delete", work.name, logical_id)
        if doomed.policy == "Snapshot":
            ministack_stacks._snapshot_resource(kind, physical_id, doomed.properties)
        for function, args, kwargs in doomed.deferred:
            function(*args, **kwargs)
        if not doomed.same_identity:
            await call(
                kind, ministack_stacks._delete_resource, kind, physical_id, doomed.properties, work.name, logical_id
            )
    except Halted:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a service raises is that resource's failure
        work.event(logical_id, kind, "DELETE_FAILED", failure(error), physical_id)
        return failure(error)
    work.event(logical_id, kind, "DELETE_COMPLETE", physical_id=physical_id)
    return ""
