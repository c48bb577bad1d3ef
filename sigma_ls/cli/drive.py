"""Follow one deployment to its end: show it, ask what it needs to know, and pass interrupts on.

What a deployment does next is not decided here.  Without a person to ask, whatever needs consent is refused, and what was
staged is discarded.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Any, Protocol

from attrs import evolve, frozen

from sigma_ls.app.deployments import DeployRequest, Refused
from sigma_ls.cli.host import Ask, Interrupts
from sigma_ls.cli.questions import Answer, Decline, Execute, Reply, ask_person, needed, without_person
from sigma_ls.cli.views import View
from sigma_ls.cli.words import title
from sigma_ls.deploy.snapshot import Deployment, Outcome

EXIT_STATUS: Mapping[Outcome, int] = {
    "succeeded": 0,
    "noChanges": 0,
    "failed": 1,
    "rolledBack": 1,
    "partiallyApplied": 1,
    "refused": 3,
    "aborted": 130,
    "stopped": 130,
}
"""By outcome (`docs/cli.md`)."""
INTERRUPTED = 130


class Driven(Protocol):
    """The part of `sigma_ls.app.deployments.Deployments` that is used here; each refusal raises `Refused`."""

    async def start(self, request: DeployRequest) -> Deployment:
        """Begin it."""

    def observe(self, *, snapshot: Callable[[Deployment], None]) -> Callable[[], None]:
        """Call `snapshot` with each new revision of any deployment; the result ends that."""

    def follow(self, deployment: str) -> AsyncIterator[Deployment]:
        """Its newest snapshots, up to the completed one."""

    async def execute(self, deployment: str, plan: str | None = None) -> Deployment:
        """Execute what is staged."""

    async def answer(self, deployment: str, question: str, answer: str | Mapping[str, str]) -> Deployment:
        """Answer the open question."""

    async def cancel(self, deployment: str) -> Deployment:
        """Abort before execution, stop after."""


@frozen
class _Interrupt:
    """Ctrl-C."""


@frozen
class _Replied:
    """A person's reply to what `subject` names."""

    subject: str
    reply: Reply


@frozen
class _Lost:
    """One of our own tasks failed: a defect, passed on to the crash barrier."""

    error: BaseException


_Item = Deployment | _Interrupt | _Replied | _Lost


async def follow(
    deployments: Driven, request: DeployRequest, view: View, ask: Ask | None, interrupts: Interrupts
) -> int:
    """Start what is asked for and follow it until it is complete, or until a second interrupt: the exit status.

    Raises:
        Refused: it was not begun.
    """
    inbox: asyncio.Queue[_Item] = asyncio.Queue()
    unsubscribe = deployments.observe(snapshot=inbox.put_nowait)
    try:
        with interrupts(lambda: inbox.put_nowait(_Interrupt())):
            start = await _started(deployments, request, view)
            if start.attached and start.operation != request.operation:
                return _busy(start, view)
            if start.attached:
                view.tell(f"{_doing(start)} already; this follows it.")
            session = _Session(deployments, start, view, ask, inbox)
            try:
                status = await session.begin()
                while status is None:
                    status = await session.take(await inbox.get())
                return status
            finally:
                await session.close()
    finally:
        unsubscribe()
        view.close()


async def _started(deployments: Driven, request: DeployRequest, view: View) -> Deployment:
    start = await deployments.start(request)
    if not (start.attached and request.auto_execute and start.can.abort):
        return start
    # What its owner left staged may differ from what consent was given to on the command line.
    view.tell(f"An earlier deployment of {title(start)} was left before its execution: it is discarded.")
    await deployments.cancel(start.id)
    async for _ in deployments.follow(start.id):
        pass
    return await deployments.start(request)


def _busy(running: Deployment, view: View) -> int:
    why = f"{_doing(running)}: try again when that has ended."
    view.finish(evolve(running, outcome="refused", message=why))
    return EXIT_STATUS["refused"]


def _doing(running: Deployment) -> str:
    return f"{title(running)} is being {'deployed' if running.operation == 'deploy' else 'removed'}"


class _Session:
    """What has been asked, replied and interrupted so far."""

    def __init__(
        self, deployments: Driven, start: Deployment, view: View, ask: Ask | None, inbox: asyncio.Queue[_Item]
    ) -> None:
        self._deployments = deployments
        self._view = view
        self._ask = ask
        self._inbox = inbox
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: asyncio.Task[None] | None = None
        self._now = start
        self._asked = ""
        """The subject of the newest question that was put."""
        self._refusal = ""
        """Why we gave it up for want of consent."""
        self._interrupts = 0
        self._cancelling = False

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._inbox.put_nowait(_Lost(error))

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def begin(self) -> int | None:
        return await self._snapshot(self._now)

    async def take(self, item: _Item) -> int | None:
        match item:
            case Deployment(id=self._now.id) if item.revision > self._now.revision:
                return await self._snapshot(item)
            case Deployment():
                # One that was seen already, or another deployment's.
                return None
            case _Replied(subject, reply):
                self._asking = None
                self._view.resume()
                if subject == self._asked:
                    return await self._carry_out(reply)
            case _Interrupt():
                return await self._interrupt()
            case _Lost(error):
                raise error
        return None

    # --- snapshots ---------------------------------------------------------------------------------------------------

    async def _snapshot(self, now: Deployment) -> int | None:
        self._now = now
        if now.outcome is not None:
            return EXIT_STATUS[self._finish(now)]
        self._view.show(now)
        if _elsewhere(now):
            return self._watch(now)
        subject = needed(now)
        if subject != self._asked and self._asking is not None:
            # It was answered elsewhere (in an editor), or is not asked any more.
            self._stop_asking()
        if self._interrupts or self._refusal:
            return await self._cancel()
        if subject and subject != self._asked:
            self._asked = subject
            return await self._put(now, subject)
        return None

    def _watch(self, now: Deployment) -> int | None:
        """Another process drives it.  Whoever cannot be asked does not wait for what a person says there."""
        if self._ask is None and (now.question is not None or (now.phase == "staged" and not now.auto_execute)):
            self._refusal = f"{title(now)} waits for an answer in another process."
            self._view.tell(self._refusal)
            return self._leave()
        return None

    def _finish(self, now: Deployment) -> Outcome:
        self._stop_asking()
        if self._refusal and now.outcome == "aborted":
            now = evolve(now, outcome="refused", message=self._refusal)
        self._view.finish(now)
        assert now.outcome is not None
        return now.outcome

    # --- questions ---------------------------------------------------------------------------------------------------

    async def _put(self, now: Deployment, subject: str) -> int | None:
        if self._ask is None:
            self._refusal = without_person(now)
            self._view.tell(self._refusal)
            return await self._cancel()
        self._view.hold()
        self._asking = self.spawn(self._reply(now, self._ask, subject))
        return None

    async def _reply(self, now: Deployment, ask: Ask, subject: str) -> None:
        self._inbox.put_nowait(_Replied(subject, await ask_person(now, ask, self._view.tell)))

    def _stop_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
            self._view.resume()

    async def _carry_out(self, reply: Reply) -> int | None:
        identifier = self._now.id
        match reply:
            case Execute(plan):
                await self._try(lambda: self._deployments.execute(identifier, plan))
            case Answer(question, answer):
                await self._try(lambda: self._deployments.answer(identifier, question, answer))
            case Decline():
                self._interrupts += 1
                return await self._cancel()
        return None

    # --- cancelling --------------------------------------------------------------------------------------------------

    async def _interrupt(self) -> int | None:
        self._interrupts += 1
        self._stop_asking()
        if self._interrupts > 1 or _elsewhere(self._now):
            return self._leave()
        self._view.tell(_what_stops(self._now))
        return await self._cancel()

    async def _cancel(self) -> int | None:
        """Abort or stop, now or as soon as the deployment can be; leave one that another process drives."""
        if self._cancelling or not (self._now.can.abort or self._now.can.stop):
            return None
        identifier = self._now.id
        refused = await self._try(lambda: self._deployments.cancel(identifier))
        self._cancelling = refused is None
        return self._leave() if refused is not None and refused.code == "ownedElsewhere" else None

    async def _try(self, call: Callable[[], Coroutine[Any, Any, Deployment]]) -> Refused | None:
        try:
            await call()
        except Refused as refused:
            self._view.tell(refused.message)
            return refused
        return None

    def _leave(self) -> int:
        if self._refusal:
            return EXIT_STATUS[self._finish(evolve(self._now, outcome="refused", message=self._refusal))]
        self._view.tell(
            f"Left {title(self._now)} as it is: what the cloud has begun goes on there. "
            "See it with: sigma-ls status. Take it up again by deploying again."
        )
        return INTERRUPTED


def _elsewhere(now: Deployment) -> bool:
    """Whether another process drives it: then nothing can be asked of it here."""
    return bool(now.attached) and not (now.can.execute or now.can.abort or now.can.stop)


def _what_stops(now: Deployment) -> str:
    again = "Ctrl-C again leaves at once and lets the cloud go on."
    if now.can.stop:
        means = {"rollback": "rolling back", "delete": "deleting what was made", "halt": "halting, without a rollback"}
        return f"Stopping: {means.get(now.can.stop_means or '', 'asking the cloud to stop')}. {again}"
    if now.can.abort:
        return f"Aborting: what was staged is discarded. {again}"
    return f"It cannot be stopped at this moment; it will be as soon as it can. {again}"
