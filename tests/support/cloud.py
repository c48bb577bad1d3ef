"""A cloud in memory: a small CloudFormation with change sets, events, rollbacks and scripted failures; an instant clock.

It is as strict as the real one where that matters to a life cycle: changes can only be executed while they are current,
an empty stack stays until it is removed, a stop can come too late, an answer can be lost after the work was done.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

from attrs import define, evolve, field, frozen

from sigma_ls.app.world import BuildFailed, CloudRef, CommitFailed, Report
from sigma_ls.deploy.ports import (
    Account,
    Artifact,
    Capabilities,
    Conflict,
    NothingToChange,
    Provider,
    ProviderError,
    Rejected,
    Stack,
    StackAbsent,
    StackCondition,
    StackEvent,
    StackNews,
    StackOutcome,
    StackPresent,
    StackProgressed,
    StackSettled,
    StackUnreachable,
    Staged,
    StagedChanges,
    StageRequest,
    TemplateFault,
    Unreachable,
    Worktree,
)
from sigma_ls.deploy.snapshot import Change, ChangedResource, Engine, Output, StopMeans
from sigma_ls.manifest.model import Function
from sigma_ls.synth.template import CodeLocation

BEGIN = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


class InstantClock:
    """Time passes at once when it is waited for, and in the order of the waiting: who wakes earlier goes first."""

    def __init__(self) -> None:
        self._now = BEGIN
        self._sleepers: list[tuple[dt.datetime, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._waking: asyncio.TimerHandle | asyncio.Handle | None = None

    def now(self) -> dt.datetime:
        return self._now

    def catch_up(self, now: dt.datetime) -> None:
        """It is as late as this elsewhere."""
        self._now = max(self._now, now)

    async def sleep(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._sleepers.append((self._now + dt.timedelta(seconds=seconds), next(self._order), future))
        if self._waking is None:
            self._waking = loop.call_soon(self._idle, 3)
        await future

    def _idle(self, turns: int) -> None:
        # A few turns of the loop, so that whatever can go on without time passing does so first.
        loop = asyncio.get_running_loop()
        if turns:
            self._waking = loop.call_soon(self._idle, turns - 1)
            return
        self._waking = None
        self._sleepers = [entry for entry in self._sleepers if not entry[2].done()]
        if self._sleepers:
            first = min(self._sleepers, key=lambda entry: entry[:2])
            self._sleepers.remove(first)
            self._now = max(self._now, first[0])
            first[2].set_result(None)
            if self._sleepers:
                self._waking = loop.call_soon(self._idle, 3)


@define
class _Stack:
    name: str
    id: str
    status: str
    template: Mapping = field(factory=dict)
    before: Mapping = field(factory=dict)
    reason: str | None = None
    protected: bool = False
    events: list[StackEvent] = field(factory=list)
    work: list = field(factory=list)
    """What is still to happen: functions, each one step of the running operation."""
    token: str | None = None
    plans: dict = field(factory=dict)
    outputs: tuple[Output, ...] = ()
    tokens: set = field(factory=set)


@define
class _Plan:
    stack_id: str
    request: StageRequest
    changes: tuple[Change, ...]
    is_new: bool
    current: bool = True
    executed: bool = False


@frozen
class Fault:
    """What the `nth` call of a method (from 1) raises; `after`: the work is done all the same."""

    method: str
    error: ProviderError
    nth: int = 1
    after: bool = False


STATUS_OF: Mapping[str, StackCondition] = {
    "ROLLBACK_COMPLETE": "unrecoverable",
    "ROLLBACK_FAILED": "unrecoverable",
    "DELETE_FAILED": "unrecoverable",
    "UPDATE_ROLLBACK_FAILED": "rollbackFailed",
    "UPDATE_FAILED": "paused",
    "CREATE_FAILED": "paused",
}


class FakeCloud:
    """A `Provider` in memory.

    `fail` names resources (logical ids) whose creation, update or deletion fails, with the reason; `faults` are answers
    that go wrong; `calls` are the methods that were called.  While `paused`, no operation goes on.
    """

    engine: Engine = "cloudformation"
    capabilities = Capabilities(
        rollback_on_failure=True, executes_exact_plan=True, per_resource_status=True, drift=False
    )

    def __init__(self, clock: InstantClock | None = None) -> None:
        self.clock = clock or InstantClock()
        self.stacks: dict[str, _Stack] = {}
        self.plans: dict[str, _Plan] = {}
        self.uploaded: dict[str, Artifact] = {}
        self.calls: list[str] = []
        self.fail: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.at_call: Callable[[str], None] = lambda method: None
        """Is called with each method's name when it begins."""
        self.slow: dict[str, float] = {}
        """Seconds that a method takes."""
        self.executions: list[tuple[str, str]] = []
        """Plan and token of each execution that really began."""
        self.skipped: list[str] = []
        self.retained: list[str] = []
        self.paused = False
        self.stride = 1
        """Steps of an operation from one look to the next."""
        self.takes_no_update = False
        """Whether paused stacks refuse changes, as those do that were made to do nothing on failure."""
        self.names = itertools.count(1)
        """Makes deployment ids, as unlikely to meet twice as real ones, whatever process makes them."""
        self._ids = itertools.count(1)
        self._counts: dict[str, int] = {}

    # --- what tests look at ------------------------------------------------------------------------------------------

    def live(self, name: str) -> _Stack | None:
        """The stack of that name, if it exists."""
        return next((s for s in self.stacks.values() if s.name == name and s.status != "DELETE_COMPLETE"), None)

    def open_plans(self) -> list[str]:
        """The staged changes that lie around."""
        return [name for name, plan in self.plans.items() if not plan.executed]

    def count(self, method: str) -> int:
        """How often a method was called."""
        return self._counts.get(method, 0)

    def put(self, name: str, status: str, resources: Mapping[str, str] | None = None, **more) -> _Stack:
        """A stack that someone else made; `resources` are ids and types."""
        template = {"Resources": {key: {"Type": kind} for key, kind in (resources or {}).items()}}
        stack = _Stack(name, f"stack/{name}/{next(self._ids)}", status, template, **more)
        self.stacks[stack.id] = stack
        return stack

    # --- the port ----------------------------------------------------------------------------------------------------

    async def account(self) -> Account:
        async with self._call("account"):
            return Account("123456789012", "eu-west-1")

    def console_url(self, stack_id: str) -> str | None:
        return f"https://console.example/{stack_id}"

    async def describe(self, stack: str) -> Stack:
        async with self._call("describe"):
            found = self._find(stack)
            if found is None or found.status == "DELETE_COMPLETE":
                return StackAbsent()
            if found.status == "REVIEW_IN_PROGRESS":
                return StackAbsent(found.id)
            condition = STATUS_OF.get(found.status, "busy" if found.work else "ready")
            holds = condition == "unrecoverable" or found.status == "CREATE_FAILED"
            resources = found.template.get("Resources", {}) if holds else {}
            last = {event.logical_id: event.status for event in found.events if not event.is_stack}
            failed = tuple(sorted(name for name, status in last.items() if status.endswith("_FAILED")))
            return StackPresent(
                found.id,
                found.status,
                condition,
                found.reason,
                found.protected,
                {name: resource["Type"] for name, resource in resources.items()},
                _means(found.status),
                stuck=failed if condition == "rollbackFailed" else (),
                undeletable=failed if found.status == "DELETE_FAILED" else (),
                stable=found.status != "CREATE_FAILED",
            )

    async def upload(
        self, artifacts: Sequence[Artifact], project: str, report: Callable[[str], None]
    ) -> Mapping[str, CodeLocation]:
        async with self._call("upload"):
            for artifact in artifacts:
                report(f"Uploading {artifact.function}.")
                self.uploaded[artifact.hash] = artifact
            return {each.function: CodeLocation("artifacts", f"{project}/{each.hash}.zip") for each in artifacts}

    async def upload_quietly(self, artifacts: Sequence[Artifact], project: str, _: None) -> Mapping[str, CodeLocation]:
        """The same for who cannot be reported to."""
        return await self.upload(artifacts, project, lambda line: None)

    async def stage(self, request: StageRequest) -> Staged:
        async with self._call("stage"):
            stack = self.live(request.stack)
            is_new = stack is None or stack.status == "REVIEW_IN_PROGRESS"
            if stack is not None and stack.work:
                raise Conflict(f"The stack {request.stack} is {stack.status}.")
            if request.removal:
                assert stack is not None
                wanted: Mapping = {"Resources": {}}
            else:
                wanted = json.loads(request.template)
            if "Reject" in str(wanted):
                raise Rejected("not accepted", faults=(TemplateFault("not accepted", ("Resources",)),))
            changes = tuple(
                evolve(change, status="retained") if change.id in request.retain else change
                for change in _compare(stack.template if stack and not is_new else {}, wanted)
            )
            if not changes and not is_new and not request.removal:
                assert stack is not None
                return NothingToChange(stack.id)
            if stack is None:
                stack = self.put(request.stack, "REVIEW_IN_PROGRESS")
                stack.template = {}
            name = f"plan/{request.token}"
            self.plans[name] = _Plan(stack.id, request, changes, is_new)
            paused = STATUS_OF.get(stack.status) == "paused"
            if paused and self.takes_no_update:
                raise Conflict(f"The stack {request.stack} is in {stack.status} state and can not be updated.")
            return StagedChanges(name, stack.id, is_new, changes, rolls_back=not paused)

    async def is_current(self, plan: str) -> bool:
        async with self._call("is_current"):
            known = self.plans.get(plan)
            return known is not None and known.current and not known.executed

    async def discard(self, plan: str, stack_id: str, *, stack_is_new: bool) -> None:
        async with self._call("discard"):
            known = self.plans.get(plan)
            if known is not None and known.executed:
                if self.stacks[known.stack_id].work:
                    raise Conflict("The changes are being executed.")
                return
            self.plans.pop(plan, None)
            stack = self.stacks.get(stack_id)
            others = any(each.stack_id == stack_id for each in self.plans.values())
            if stack_is_new and stack is not None and stack.status == "REVIEW_IN_PROGRESS" and not others:
                stack.status = "DELETE_COMPLETE"

    async def execute(self, plan: str, token: str) -> None:
        async with self._call("execute"):
            known = self.plans.get(plan)
            if known is None:
                raise Conflict("There are no such changes.")
            stack = self.stacks[known.stack_id]
            if token in stack.tokens:
                return
            if known.executed or not known.current or stack.work:
                raise Conflict("The changes cannot be executed any more.")
            known.executed = True
            stack.tokens.add(token)
            self.executions.append((plan, token))
            for other in self.plans.values():
                if other.stack_id == stack.id and other is not known:
                    other.current = False
            if known.request.removal:
                self._remove(stack, token, known.request.retain)
            else:
                self._update(stack, known, token)

    async def watch(self, stack_id: str, token: str | None) -> AsyncIterator[StackNews]:
        self.calls.append("watch")
        told = 0
        stack = self.stacks[stack_id]
        while True:
            try:
                async with self._call("poll"):
                    pass
            except ProviderError as error:
                yield StackUnreachable(error.message, error.code)
                await self.clock.sleep(5)
                continue
            for _ in range(self.stride):
                if stack.work and not self.paused:
                    stack.work.pop(0)()
            new = [event for event in stack.events[told:] if token is None or event.token == token]
            told = len(stack.events)
            if stack.work:
                yield StackProgressed(tuple(new), stack.status, _means(stack.status))
                await self.clock.sleep(1)
                continue
            if new:
                yield StackProgressed(tuple(new), stack.status)
            yield StackSettled(stack.status, _outcome(stack.status), stack.reason)
            return

    async def stop(self, stack_id: str, means: StopMeans, token: str) -> None:
        async with self._call("stop"):
            stack = self.stacks[stack_id]
            token = f"{token}-stop"
            if token in stack.tokens:
                return
            if _means(stack.status) != means or not stack.work:
                raise Conflict(f"The stack is {stack.status} and cannot be stopped.")
            stack.tokens.add(token)
            self._undo(stack, "DELETE" if means == "delete" else "UPDATE_ROLLBACK", "User Initiated")

    async def delete(self, stack_id: str, token: str, *, retain: Sequence[str] = (), role: str | None = None) -> None:
        async with self._call("delete"):
            stack = self.stacks[stack_id]
            if token in stack.tokens or stack.status == "DELETE_COMPLETE":
                return
            if retain and stack.status != "DELETE_FAILED":
                raise Conflict("Resources can be retained only where a deletion failed before.")
            stack.tokens.add(token)
            self._remove(stack, token, retain)

    async def continue_rollback(
        self, stack_id: str, token: str, *, skip: Sequence[str] = (), force: bool = False
    ) -> None:
        async with self._call("continue_rollback"):
            stack = self.stacks[stack_id]
            if token in stack.tokens:
                return
            if stack.status not in ("UPDATE_ROLLBACK_FAILED", "UPDATE_FAILED"):
                raise Conflict(f"The stack is {stack.status}: no rollback of it failed.")
            stack.tokens.add(token)
            self.skipped += skip
            stack.token = token
            self._stack_event(stack, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
            last = {event.logical_id: event for event in stack.events if not event.is_stack}
            for name, event in last.items():
                if event.status.endswith("_FAILED") and name not in skip and not force:
                    change = Change(name, ChangedResource(event.type, name), "modify")
                    stack.work += self._resource(
                        stack, change, "UPDATE", self._stuck(stack, "UPDATE_ROLLBACK"), undo=True
                    )
            stack.work.append(lambda: self._rolled_back(stack))

    def _stuck(self, stack: _Stack, verb: str) -> Callable[[str], None]:
        def stuck(reason: str) -> None:
            stack.work.clear()
            stack.reason = reason
            self._stack_event(stack, f"{verb}_FAILED", reason)

        return stuck

    def _rolled_back(self, stack: _Stack) -> None:
        stack.template = stack.before
        self._stack_event(stack, "UPDATE_ROLLBACK_COMPLETE")

    async def outputs(self, stack_id: str) -> tuple[Output, ...]:
        async with self._call("outputs"):
            return self.stacks[stack_id].outputs

    # --- operations --------------------------------------------------------------------------------------------------

    def _update(self, stack: _Stack, plan: _Plan, token: str) -> None:
        verb = "CREATE" if plan.is_new else "UPDATE"
        wanted = json.loads(plan.request.template)
        stack.before, stack.token, stack.reason = stack.template, token, None
        self._stack_event(stack, f"{verb}_IN_PROGRESS", "User Initiated")
        for change in plan.changes:
            if change.action != "remove":
                kind = "CREATE" if change.action == "add" else "UPDATE"
                stack.work += self._resource(stack, change, kind, lambda why: self._roll_back(stack, verb, why))
        if not plan.is_new:
            stack.work.append(lambda: self._stack_event(stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"))
            for change in plan.changes:
                if change.action == "remove":
                    stack.work += self._resource(stack, change, "DELETE", lambda why: None)

        def done() -> None:
            stack.template = wanted
            stack.outputs = tuple(
                Output(name, str(each.get("Value", ""))) for name, each in wanted.get("Outputs", {}).items()
            )
            self._stack_event(stack, f"{verb}_COMPLETE")

        stack.work.append(done)

    def _remove(self, stack: _Stack, token: str, retain: Sequence[str] = ()) -> None:
        stack.token, stack.reason, stack.work = token, None, []
        self._stack_event(stack, "DELETE_IN_PROGRESS", "User Initiated")
        self.retained += retain
        for name, resource in stack.template.get("Resources", {}).items():
            if name not in retain:
                change = _change(name, resource, "remove")
                stack.work += self._resource(stack, change, "DELETE", self._stuck(stack, "DELETE"))
        stack.work.append(lambda: self._stack_event(stack, "DELETE_COMPLETE"))

    def _roll_back(self, stack: _Stack, verb: str, why: str) -> None:
        self._undo(stack, "ROLLBACK" if verb == "CREATE" else "UPDATE_ROLLBACK", why)

    def _undo(self, stack: _Stack, verb: str, why: str) -> None:
        stack.work.clear()
        stack.reason = why
        self._stack_event(stack, f"{verb}_IN_PROGRESS", why)
        begun = {e.logical_id: e for e in stack.events if e.token == stack.token and not e.is_stack}
        removes = verb in ("ROLLBACK", "DELETE")
        for event in begun.values():
            kind = "DELETE" if removes or event.status.startswith("CREATE") else "UPDATE"
            change = Change(event.logical_id, ChangedResource(event.type, event.logical_id), "add")
            stack.work += self._resource(stack, change, kind, self._stuck(stack, verb), undo=True)

        def done() -> None:
            stack.template = {} if removes else stack.before
            self._stack_event(stack, f"{verb}_COMPLETE")

        stack.work.append(done)

    def _resource(
        self, stack: _Stack, change: Change, kind: str, failed: Callable[[str], None], *, undo: bool = False
    ) -> list[Callable[[], None]]:
        reason = self.fail.get(f"undo:{change.id}" if undo else f"{kind.lower()}:{change.id}")

        def begin() -> None:
            self._event(stack, change, f"{kind}_IN_PROGRESS")

        def end() -> None:
            if reason:
                self._event(stack, change, f"{kind}_FAILED", reason)
                failed(f"The following resource(s) failed: [{change.id}].")
            else:
                self._event(stack, change, f"{kind}_COMPLETE")

        return [begin, end]

    def _event(self, stack: _Stack, change: Change, status: str, reason: str | None = None) -> None:
        stack.events.append(
            StackEvent(
                f"e{next(self._ids)}",
                _time(self.clock),
                change.id,
                change.resource.type,
                status,
                reason,
                f"{stack.name}-{change.id}",
                token=stack.token,
            )
        )

    def _stack_event(self, stack: _Stack, status: str, reason: str | None = None) -> None:
        stack.status = status
        event_id = f"e{next(self._ids)}"
        stack.events.append(
            StackEvent(
                event_id,
                _time(self.clock),
                stack.name,
                "AWS::CloudFormation::Stack",
                status,
                reason,
                stack.id,
                is_stack=True,
                token=stack.token,
            )
        )

    # --- within ------------------------------------------------------------------------------------------------------

    def _find(self, stack: str) -> _Stack | None:
        return self.stacks.get(stack) or self.live(stack)

    def _call(self, method: str) -> _Call:
        self.calls.append(method)
        self.at_call(method)
        self._counts[method] = self._counts.get(method, 0) + 1
        for fault in self.faults:
            if fault.method == method and fault.nth == self._counts[method]:
                return _Call(fault, self.clock, self.slow.get(method, 0))
        return _Call(None, self.clock, self.slow.get(method, 0))


@frozen
class _Call:
    """One call: it takes a turn of the loop, and goes wrong as scripted."""

    fault: Fault | None
    clock: InstantClock
    seconds: float

    async def __aenter__(self) -> None:
        await asyncio.sleep(0)
        if self.seconds:
            await self.clock.sleep(self.seconds)
        if self.fault and not self.fault.after:
            raise self.fault.error

    async def __aexit__(self, *error: object) -> None:
        if self.fault and self.fault.after and error[0] is None:
            raise self.fault.error


def lost(certain: bool = False) -> Unreachable:
    """A call without an answer."""
    return Unreachable("no answer", certain=certain)


def _compare(before: Mapping, after: Mapping) -> tuple[Change, ...]:
    old, new = before.get("Resources", {}), after.get("Resources", {})
    found = []
    for name, resource in new.items():
        if name not in old:
            found.append(_change(name, resource, "add"))
        elif old[name] != resource:
            replaced = resource.get("Replace") != old[name].get("Replace")
            change = _change(name, resource, "replace" if replaced else "modify")
            found.append(evolve(change, replacement="will" if replaced else "never"))
    found += [_change(name, resource, "remove") for name, resource in old.items() if name not in new]
    return tuple(found)


def _change(name: str, resource: Mapping, action) -> Change:
    return Change(name, ChangedResource(resource["Type"], name), action)


def _means(status: str) -> StopMeans | None:
    return {"CREATE_IN_PROGRESS": "delete", "UPDATE_IN_PROGRESS": "rollback"}.get(status)


def _outcome(status: str) -> StackOutcome:
    if status == "DELETE_COMPLETE":
        return "deleted"
    if status.endswith("_FAILED"):
        return "failed"
    return "rolledBack" if "ROLLBACK" in status else "succeeded"


def _time(clock: InstantClock) -> str:
    return clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


class FakeWorld:
    """A world of a `FakeCloud`, with builds that need no code.

    `broken` are functions that cannot be built, with the reason; `builds` counts the builds.  `work` is what git says of
    the project's folder, `looks` counts the times that it was asked (`unreadable`: in vain), `hook` runs at each
    commit and may raise.
    """

    def __init__(self, state_dir: Path, cloud: FakeCloud | None = None) -> None:
        self.state_dir = state_dir
        self.cloud = cloud or FakeCloud()
        self.clock = self.cloud.clock
        self.broken: dict[str, BuildFailed] = {}
        self.unavailable: ProviderError | None = None
        self.slow_build = 0.0
        self.builds = 0
        self.work: Worktree | None = None
        self.commits: list[tuple[Path, str]] = []
        self.hook: Callable[[], None] = lambda: None
        self.looks = 0
        self.unreadable: CommitFailed | None = None
        self.slow_commit = 0.0
        self.asked_for: list[CloudRef] = []

    def new_id(self) -> str:
        return f"{next(self.cloud.names):04}"

    def who(self) -> str:
        return "ada@desk"

    async def provider(self, cloud: CloudRef, report: Report, *, poll_interval: float) -> Provider:
        self.asked_for.append(cloud)
        if self.unavailable is not None:
            raise self.unavailable
        return self.cloud

    async def build(
        self, functions: Sequence[Function], folder: Path, cloud: CloudRef, report: Report
    ) -> tuple[Artifact, ...]:
        self.builds += 1
        if self.slow_build:
            await self.clock.sleep(self.slow_build)
        for function in functions:
            report(f"Building {function.id}.")
            if function.id in self.broken:
                raise self.broken[function.id]
        return tuple(Artifact(each.id, f"hash-{each.id}", 10, str(folder / each.code)) for each in functions)

    async def worktree(self, folder: Path) -> Worktree | None:
        self.looks += 1
        if self.unreadable is not None:
            raise self.unreadable
        return self.work

    async def commit(self, folder: Path, message: str) -> str:
        self.hook()
        self.commits.append((folder, message))
        self.work = Worktree(f"c{len(self.commits)}")
        if self.slow_commit:
            await self.clock.sleep(self.slow_commit)
        return f"c{len(self.commits)}"

    async def local_url(self, cloud: CloudRef, url: str) -> str:
        return url.replace("https://api.example", "http://127.0.0.1:4566") if cloud.sandbox else url
