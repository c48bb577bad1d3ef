"""Every deployment that this process drives or watches: the one door for the language server and the command line.

Nothing here waits for a cloud: each method answers with the snapshot of that moment, later ones go to the observers.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

from attrs import evolve

from sigma_ls.app import beginning
from sigma_ls.app.answers import meaning
from sigma_ls.app.elsewhere import Elsewhere
from sigma_ls.app.follower import Follower
from sigma_ls.app.job import Job
from sigma_ls.app.journal import Journal
from sigma_ls.app.lease import Lease
from sigma_ls.app.manifests import ManifestReader
from sigma_ls.app.outbox import EventsObserver, Outbox, SnapshotObserver, TroubleObserver
from sigma_ls.app.package import digest
from sigma_ls.app.performer import Aside, Performer
from sigma_ls.app.projects import is_of, load, to_path
from sigma_ls.app.reading import Reader, Reading
from sigma_ls.app.record import Record, stack_key
from sigma_ls.app.refusal import Refused
from sigma_ls.app.request import CommitMessage, DeployRequest
from sigma_ls.app.runner import Runner, taken_up
from sigma_ls.app.settings import Settings
from sigma_ls.app.template import Language, TemplateText, staged_text
from sigma_ls.app.world import World
from sigma_ls.deploy import events as on
from sigma_ls.deploy import machine, report
from sigma_ls.deploy.machine import IllegalEvent
from sigma_ls.deploy.ports import StackEvent
from sigma_ls.deploy.snapshot import Deployment, Event, Events, Phase
from sigma_ls.runtime.blocking import run_blocking
from sigma_ls.runtime.clock import timestamp
from sigma_ls.runtime.places import JOURNAL

__all__ = ["CommitMessage", "DeployRequest", "Deployments", "Refused"]

_EXECUTION: Final[frozenset[Phase]] = frozenset({"execution", "monitoring", "rollingBack"})

HISTORY: Final = 20
"""Deployments of a stack that its history shows, unless asked for more: a guess at what somebody looks through."""

log = logging.getLogger(__name__)


class Deployments:
    """The deployments of one process.  To be used on one event loop.

    Every method that names a deployment may raise `Refused` with `notFound`, or `ownedElsewhere` where it would change
    one that another process drives.
    """

    def __init__(
        self,
        world: World,
        settings: Callable[[], Settings],
        *,
        reader: Reader | None = None,
        aside: Aside = run_blocking,
    ) -> None:
        """Nothing is read or started yet; `settings` is asked anew at each request, `aside` runs what takes its time."""
        self._aside = aside
        self._world = world
        self._settings = settings
        self._reader = reader or ManifestReader()
        self._outbox = Outbox(world.clock)
        self._journal = Journal(world.state_dir / JOURNAL, self._outbox.trouble)
        self._runners: dict[str, Runner] = {}
        self._jobs: dict[str, Job] = {}
        self._refused: dict[str, Deployment] = {}
        self._elsewhere = Elsewhere(self._journal, self._outbox, world.clock, own=self._runners.keys, adopt=self._adopt)

    def observe(
        self,
        *,
        snapshot: SnapshotObserver | None = None,
        events: EventsObserver | None = None,
        trouble: TroubleObserver | None = None,
    ) -> Callable[[], None]:
        """Call `snapshot` with each new revision, `events` with each batch of what a cloud said.

        `trouble` is called with what is wrong with the journal, in a sentence.  Of a deployment that goes on by itself, at
        most ten revisions a second are made; the completed one comes last and always.  Returns the function that ends
        the subscription.
        """
        return self._outbox.observe(snapshot, events, trouble)

    # --- requests ----------------------------------------------------------------------------------------------------

    async def start(self, request: DeployRequest) -> Deployment:
        """Begin a deployment or an undeployment; a running one for the same stack answers instead (`attached`).

        A manifest with errors gives a completed deployment with outcome `refused`, its errors in `failures`.

        Raises:
            Refused: `untrusted`, `noManifest` and its like (`sigma_ls.app.projects`), `unknownStage`, `unsupported`,
                `stateUnwritable`, `busyElsewhere` (another process is just about to begin).
        """
        settings = self._settings()
        if not settings.trusted:
            raise Refused("untrusted", "The workspace is not trusted: nothing is built or deployed from it.")
        source = load(request.manifest, request.text)
        reading = await self._aside(beginning.read, self._reader, source, request.stage, settings.stage)
        cloud = beginning.cloud_of(reading, settings, sandbox=request.sandbox)
        if reading.project is None or cloud is None:
            return self._refuse(request, settings, reading)
        key = stack_key(cloud, reading.project.stack)
        typical = await self._aside(self._journal.typical, key)
        if (running := self._running_for(key)) is not None:
            return evolve(running, attached=True)
        if reading.errors and request.operation == "deploy":
            return self._refuse(request, settings, reading)
        try:
            if (lease := await self._elsewhere.lease(key)) is None:
                return self._elsewhere.follow(key)
            if (left := self._journal.running_for(key)) is not None:
                return evolve(self._adopt(left, lease), attached=True)
            record = beginning.record_of(
                request,
                settings,
                reading,
                cloud,
                now=self._now(),
                tail=self._world.new_id(),
                by=self._world.who(),
                typical=typical,
            )
            return self._run(record, lease, settings, reading=reading, answers=dict(request.answers))
        except OSError as error:
            raise Refused("stateUnwritable", f"Nothing was begun. {self._journal.unwritable(error)}") from error

    async def execute(self, deployment: str, plan: str | None = None) -> Deployment:
        """Execute the staged changes, if they are those of `plan`.

        Raises:
            Refused: `notStaged`, `planChanged`, `needsConsent` (a question about data loss is open), `ownedElsewhere`.
        """
        return self._request(deployment, on.ExecuteRequested(plan))

    async def abort(self, deployment: str) -> Deployment:
        """Give up before execution: discard what was staged, and the empty stack that it made.

        Of an execution whose cloud has not answered for long: give up watching it.

        Raises:
            Refused: `notAbortable`, `ownedElsewhere`.
        """
        return self._request(deployment, on.AbortRequested())

    async def stop(self, deployment: str) -> Deployment:
        """Stop the execution, as `can.stop_means` says.

        Raises:
            Refused: `notStoppable`, `ownedElsewhere`.
        """
        return self._request(deployment, on.StopRequested())

    async def cancel(self, deployment: str) -> Deployment:
        """Abort before execution, stop after (Ctrl-C, a cancelled progress).

        Raises:
            Refused: `notStoppable` where neither is possible, `ownedElsewhere`.
        """
        now = self.get(deployment)
        # To give up watching an execution that cannot be seen is for a person to ask for by its own name.
        able = now.can.abort and now.phase not in _EXECUTION
        return self._request(deployment, on.AbortRequested() if able else on.StopRequested())

    async def answer(self, deployment: str, question: str, answer: str | Mapping[str, str]) -> Deployment:
        """Answer the open question: the id of a choice, or the asked values by name.

        Raises:
            Refused: `questionChanged` (another question or none is open), `badAnswer` (no such choice, a value is
                missing), `ownedElsewhere`.
        """
        event = meaning(self.get(deployment).question, question, answer)
        if isinstance(event, on.ValuesGiven) and not isinstance(answer, str):
            self._driven(deployment)
            self._jobs[deployment].answers.update(answer)
        return self._request(deployment, event)

    def edited(self, manifest: str, text: Callable[[], str]) -> None:
        """The manifest (a path or URI) has this text now: a deployment that waits for a person says where it differs."""
        concerned = [runner for runner in self._runners.values() if runner.cares_for_edits]
        if not concerned:
            return
        path, source = to_path(manifest), digest(text())
        for runner in concerned:
            if to_path(runner.record.facts.project.uri) == path:
                runner.edited(source)

    # --- looking -----------------------------------------------------------------------------------------------------

    def get(self, deployment: str) -> Deployment:
        """The present snapshot."""
        if (held := self._runners.get(deployment) or self._elsewhere.followers.get(deployment)) is not None:
            return held.snapshot()
        if (refused := self._refused.get(deployment)) is not None:
            return refused
        return _shown(self._found(deployment))

    def list(self, project: str | None = None) -> tuple[Deployment, ...]:
        """The running ones, newest first, then the last complete one of each project and stage.

        With `project` (a URI or path of a manifest or its folder) only those of that project.
        """
        if self._elsewhere.attentive:
            self._take_up()
        held = {each.record.id: each.snapshot() for each in self._held()}
        found = {each.id: each for each in held.values() if each.outcome is None}
        for record in (*self._journal.running(), *self._journal.last()):
            # What is held has the number that was sent last; the journal may be one behind.
            found.setdefault(record.id, held.get(record.id) or _shown(record))
        chosen = sorted(found.values(), key=lambda each: each.started_at, reverse=True)
        if project is not None:
            chosen = [each for each in chosen if is_of(each.project.uri, project)]
        return tuple(sorted(chosen, key=lambda each: each.outcome is not None))

    def history(self, project: str, limit: int = HISTORY) -> tuple[Deployment, ...]:
        """The complete ones of each stack of a project (a URI or path), newest first, at most `limit` of each.

        Reads many files: not to be called on the event loop.
        """
        concerned = self._journal.history(lambda record: is_of(record.facts.project.uri, project), limit)
        return tuple(_shown(record) for record in concerned)

    def template(self, deployment: str, language_id: Language = "yaml", *, comparable: bool = False) -> TemplateText:
        """The template that a deployment staged.  Reads files, as `history` does.

        Raises:
            Refused: `notStaged` where it never came to that.
        """
        record = self._found(deployment)
        if (package := self._journal.package(record.key, record.id)) is None:
            raise Refused("notStaged", f"The deployment {deployment} staged no template, or one that was not kept.")
        return staged_text(package, language_id=language_id, comparable=comparable)

    def logs(self, deployment: str) -> tuple[Event, ...]:
        """All that the cloud said of a deployment, oldest first; of a completed one too."""
        if (runner := self._runners.get(deployment)) is not None:
            return tuple(_event(each) for each in runner.events)
        if deployment in self._refused:
            return ()
        return tuple(_event(each) for each in self._journal.events(self._found(deployment).key, deployment))

    def follow(self, deployment: str) -> AsyncIterator[Deployment]:
        """The present snapshot and each later one (the newest, where several came at once), up to the completed one."""
        return self._outbox.follow(deployment, lambda: self.get(deployment))

    # --- life --------------------------------------------------------------------------------------------------------

    async def resume(self) -> tuple[Deployment, ...]:
        """Take up what the journal says is running: after a crash, a reload, a restart (invariant 6).

        Those that another live process drives are followed, not driven.  One that was not executed yet loses
        `auto_execute`: nothing is executed behind anyone's back.  Without trust nothing is taken up.
        """
        taken = self._take_up()
        self._elsewhere.attend()
        return taken

    def _take_up(self) -> tuple[Deployment, ...]:
        return self._elsewhere.take_up() if self._settings().trusted else ()

    async def close(self) -> None:
        """Stop watching.  The journal stays; on the cloud nothing is cancelled."""
        await self._elsewhere.end_attention()
        for each in self._held():
            await each.close()
        self._outbox.close()

    # --- beginning ---------------------------------------------------------------------------------------------------

    def _run(
        self, record: Record, lease: Lease, settings: Settings, *, reading: Reading | None, answers: dict[str, str]
    ) -> Deployment:
        for other in [each.record.id for each in self._runners.values() if each.record.key == record.key]:
            # It is over, and the journal has it.
            del self._runners[other], self._jobs[other]
        job = beginning.job_of(record, settings, answers)
        runner = Runner(record, lease, self._journal, self._world.clock, changed=self._changed, heard=self._heard)
        performer = Performer(
            job, self._world, self._reader, self._journal, report=runner.note, aside=self._aside, reading=reading
        )
        self._runners[record.id], self._jobs[record.id] = runner, job
        try:
            runner.begin(performer)
        except OSError:
            del self._runners[record.id], self._jobs[record.id]
            lease.release()
            raise
        self._outbox.changed(record.id, runner, urgent=True)
        return runner.snapshot()

    def _adopt(self, record: Record, lease: Lease) -> Deployment:
        """Go on with one that was left alone."""
        current = self._journal.read(record.key, record.id) or record
        if machine.is_over(current.state):
            lease.release()
            return _shown(current)
        left = taken_up(current, self._journal.events(current.key, current.id))
        return self._run(left, lease, self._settings(), reading=None, answers={})

    def _refuse(self, request: DeployRequest, settings: Settings, reading: Reading) -> Deployment:
        """A deployment that ended before it began.  It is no part of the history: nothing happened."""
        refused = beginning.refused(request, settings, reading, now=self._now(), tail=self._world.new_id())
        self._refused = {refused.id: refused}
        self._outbox.deliver(refused)
        return refused

    # --- within ------------------------------------------------------------------------------------------------------

    def _request(self, deployment: str, event: on.Event) -> Deployment:
        runner = self._driven(deployment)
        try:
            runner.request(event)
        except IllegalEvent as illegal:
            raise Refused(illegal.code, illegal.message) from None
        return runner.snapshot()

    def _driven(self, deployment: str) -> Runner:
        if (runner := self._runners.get(deployment)) is not None:
            return runner
        if (known := self.get(deployment)).outcome is not None:
            raise Refused("ended", f"The deployment has ended: {known.outcome}.")
        follower = self._elsewhere.followers.get(deployment)
        holder = self._journal.holder(follower.record.key) if follower else None
        raise Refused("ownedElsewhere", f"Another process{f' ({holder})' if holder else ''} drives this deployment.")

    def _found(self, deployment: str) -> Record:
        if (record := self._journal.find(deployment)) is None:
            raise Refused("notFound", f"There is no deployment {deployment}.")
        return record

    def _held(self) -> tuple[Runner | Follower, ...]:
        return (*self._runners.values(), *self._elsewhere.followers.values())

    def _running_for(self, key: str) -> Deployment | None:
        for each in self._held():
            if each.record.key == key and not machine.is_over(each.record.state):
                return each.snapshot()
        return None

    def _changed(self, runner: Runner, urgent: bool) -> None:
        if runner.record.id in self._runners:
            self._outbox.changed(runner.record.id, runner, urgent=urgent or runner.is_over)

    def _heard(self, runner: Runner, events: tuple[StackEvent, ...]) -> None:
        self._outbox.heard(Events(runner.record.id, tuple(_event(each) for each in events)))

    def _now(self) -> str:
        return timestamp(self._world.clock.now())


def _shown(record: Record) -> Deployment:
    return report.snapshot(record.state, record.facts, revision=record.revision)


def _event(event: StackEvent) -> Event:
    return Event(event.at, event.logical_id, event.type, event.status, event.reason)
