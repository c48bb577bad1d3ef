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

    def follow(self, deployment: str) -> AsyncIterator[Deployment]:
        """Its snapshots, up to the completed one."""

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
    with interrupts(lambda: inbox.put_nowait(_Interrupt())):
        start = await deployments.start(request)
        session = _Session(deployments, start, view, ask, inbox)
        if start.attached:
            view.tell(f"{title(start)} is being deployed already; this follows it.")
        try:
            session.spawn(_feed(deployments, start.id, inbox))
            while (status := await session.take(await inbox.get())) is None:
                pass
            return status
        finally:
            await session.close()


async def _feed(deployments: Driven, identifier: str, inbox: asyncio.Queue[_Item]) -> None:
    async for snapshot in deployments.follow(identifier):
        inbox.put_nowait(snapshot)


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
        self._view.close()

    async def take(self, item: _Item) -> int | None:
        match item:
            case Deployment():
                return await self._snapshot(item)
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
        self._asking = self.spawn(self._reply(ask_person(now, self._ask, self._view.tell), subject))
        return None

    async def _reply(self, asking: Coroutine[Any, Any, Reply], subject: str) -> None:
        self._inbox.put_nowait(_Replied(subject, await asking))

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
        if self._interrupts > 1:
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


def _what_stops(now: Deployment) -> str:
    again = "Ctrl-C again leaves at once and lets the cloud go on."
    if now.can.stop:
        means = {"rollback": "rolling back", "delete": "deleting what was made", "halt": "halting, without a rollback"}
        return f"Stopping: {means.get(now.can.stop_means or '', 'asking the cloud to stop')}. {again}"
    if now.can.abort:
        return f"Aborting: what was staged is discarded. {again}"
    return f"It cannot be stopped at this moment; it will be as soon as it can. {again}"
