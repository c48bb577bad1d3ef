"""Performs effects: each is a coroutine that answers with events.  What to do next is the machine's business.

A call that changes something is made once; when it got no answer, the event says so and the machine has it reconciled.
Effects that are never given up are in `watching`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from attrs import evolve

from sigma_ls.app import committing, reasons, watching
from sigma_ls.app.job import Job
from sigma_ls.app.journal import Journal
from sigma_ls.app.masking import masked
from sigma_ls.app.package import Package, digest, packed
from sigma_ls.app.projects import Source, load
from sigma_ls.app.reach import Reach
from sigma_ls.app.reading import CannotDeploy, Reader, Reading
from sigma_ls.app.refusal import Refused
from sigma_ls.app.world import BuildFailed, World
from sigma_ls.deploy import changelist
from sigma_ls.deploy import effects as do
from sigma_ls.deploy import events as on
from sigma_ls.deploy.ports import Artifact, NothingToChange, Rejected, StackPresent, StageRequest
from sigma_ls.deploy.risk import loses_data
from sigma_ls.deploy.snapshot import AskedValue, Output, StopMeans
from sigma_ls.deploy.states import StagedPlan
from sigma_ls.synth.template import CodeLocation, Template, TemplateParameter

T = TypeVar("T")

Aside = Callable[..., Awaitable[Any]]
"""Runs what takes some time so that others get their turn meanwhile: a large template does."""


class Performer:
    """Performs the effects of one deployment.  `report` hears what a step does just now."""

    def __init__(
        self,
        job: Job,
        world: World,
        reader: Reader,
        journal: Journal,
        *,
        report: Callable[[str], None],
        aside: Aside,
        reading: Reading | None = None,
    ) -> None:
        self._job = job
        self._world = world
        self._reader = reader
        self._journal = journal
        self._report = report
        self._aside = aside
        self._reading = reading
        self._template: Template | None = None
        self._artifacts: tuple[Artifact, ...] | None = None
        self._package: Package | None = None
        self._cloud = Reach(
            lambda: world.provider(job.cloud, report, poll_interval=job.poll_interval), world.clock.sleep, report
        )

    def perform(self, effect: do.Effect) -> AsyncGenerator[on.Event, None]:
        """Carry out an effect; its events come as they happen.

        Raises:
            ProviderError: the cloud refused or did not answer.
        """
        match effect:
            case do.Analyze():
                return self._analyze()
            case do.FindChanges():
                return self._find_changes()
            case do.Commit(message=message):
                return self._commit(message)
            case do.Build():
                return self._build()
            case do.Prepare():
                return self._prepare()
            case do.Delete(stack_id=stack_id, attempt=attempt, retain=retain):
                return self._delete(stack_id, attempt, retain)
            case do.ContinueRollback():
                return self._continue_rollback(effect)
            case do.Upload():
                return self._upload()
            case do.Stage(attempt=attempt, retain=retain):
                return self._stage(attempt, retain)
            case do.WatchPlan(plan=plan):
                return watching.staged(self._cloud, plan)
            case do.CheckPlan(plan=plan):
                return self._check(plan)
            case do.Reconcile(plan=plan):
                return watching.reconcile(self._cloud, plan)
            case do.Execute(plan=plan, attempt=attempt):
                return self._execute(plan, attempt)
            case do.Watch(stack_id=stack_id, attempt=attempt):
                token = None if attempt is None else self._job.token(attempt)
                return watching.operation(self._cloud, stack_id, token)
            case do.WatchDeletion(stack_id=stack_id, attempt=attempt):
                return watching.operation(self._cloud, stack_id, self._job.token(attempt, "delete"))
            case do.WatchRollback(stack_id=stack_id, attempt=attempt):
                return watching.operation(self._cloud, stack_id, self._job.token(attempt, "rollback"))
            case do.Stop(stack_id=stack_id, means=means, attempt=attempt):
                return watching.stop(self._cloud, stack_id, means, self._job.token(attempt))
            case do.Discard(staged=staged):
                return self._discard(staged)
            case do.Conclude(stack_id=stack_id):
                return self._conclude(stack_id)

    def masked(self, told: T) -> T:
        """What is told, without the asked values that it may repeat."""
        return masked(told, self._job.answers.values())

    def close(self) -> None:
        """Let go of what was begun ahead."""
        self._cloud.close()

    # --- before the cloud --------------------------------------------------------------------------------------------

    async def _analyze(self) -> AsyncGenerator[on.Event, None]:
        try:
            reading = self._reading or await self._aside(self._read)
        except Refused as refused:
            yield on.AnalysisRefused(refused.message)
            return
        self._reading = reading
        if self._job.removal:
            # A manifest that was broken since the deployment does not keep its stack from being removed.
            self._template = await self._aside(self._template_if_any, reading)
            yield on.Analyzed()
            return
        if reading.errors or reading.project is None:
            yield on.AnalysisRefused(reasons.counted(reading.errors), reading.errors)
            return
        try:
            self._template = await self._aside(self._reader.template, reading, {})
        except CannotDeploy as refused:
            yield on.AnalysisRefused(refused.failure.reason, (refused.failure,))
            return
        if not self._template.body.get("Resources"):
            yield on.AnalysisRefused(
                "There is nothing to deploy: the project has no functions, and no resources that anything uses. To remove "
                "what was deployed before, undeploy it."
            )
            return
        yield on.Analyzed(self._missing(self._template.parameters))

    def _read(self) -> Reading:
        reading = self._reader.read(load(self._job.manifest), self._job.stage)
        project = reading.project
        if project is not None and project.stack != self._job.stack:
            raise Refused(
                "stackChanged",
                f"The manifest names the stack {project.stack} by now, this deployment was begun for {self._job.stack}: "
                "deploy again.",
            )
        # The path may lead to the same file under another name: the one it was asked for is kept.
        return evolve(reading, source=Source(reading.source.path, reading.source.text, self._job.uri))

    def _template_if_any(self, reading: Reading) -> Template | None:
        try:
            return self._reader.template(reading, {}) if reading.project else None
        except CannotDeploy:
            return None

    async def _find_changes(self) -> AsyncGenerator[on.Event, None]:
        yield await committing.find_changes(self._world, Path(self._job.manifest), self._text())

    async def _commit(self, message: str) -> AsyncGenerator[on.Event, None]:
        manifest = Path(self._job.manifest)
        event = await committing.commit(self._world, manifest, self._text(), message)
        if isinstance(event, on.Committed) and committing.is_unsaved(manifest, self._text()):
            # A hook has changed the manifest.  What was committed is what is deployed, so it is read again.
            self._reading = None
        yield event

    def _text(self) -> str | None:
        return None if self._reading is None else self._reading.source.text

    async def _build(self) -> AsyncGenerator[on.Event, None]:
        if self._reading is None or self._reading.project is None:
            yield on.WorkLost()
            return
        self._cloud.warm_up()
        functions = tuple(self._reading.project.functions.values())
        try:
            self._artifacts = await self._world.build(
                functions, self._reading.source.folder, self._job.cloud, self._report
            )
        except BuildFailed as failed:
            yield on.EffectFailed("Build", str(failed), "buildFailed", failures=reasons.of_build(failed, self._reading))
            return
        yield on.Built()

    # --- staging -----------------------------------------------------------------------------------------------------

    async def _prepare(self) -> AsyncGenerator[on.Event, None]:
        provider = await self._cloud.provider()
        account = await provider.account()
        stack = await provider.describe(self._job.stack)
        url = provider.console_url(stack.id) if isinstance(stack, StackPresent) else None
        yield on.StackSeen(stack, account.id, url)

    async def _delete(self, stack_id: str, attempt: int, retain: tuple[str, ...]) -> AsyncGenerator[on.Event, None]:
        provider = await self._cloud.provider()
        await provider.delete(stack_id, self._job.token(attempt, "delete"), retain=retain)
        yield on.DeletionStarted()

    async def _continue_rollback(self, effect: do.ContinueRollback) -> AsyncGenerator[on.Event, None]:
        provider = await self._cloud.provider()
        token = self._job.token(effect.attempt, "rollback")
        await provider.continue_rollback(effect.stack_id, token, skip=effect.skip, force=effect.force)
        yield on.RollbackContinued()

    async def _upload(self) -> AsyncGenerator[on.Event, None]:
        reading, artifacts = self._reading, self._artifacts
        if reading is None or reading.project is None or artifacts is None:
            yield on.WorkLost()
            return
        provider = await self._cloud.provider()
        code = await provider.upload(artifacts, reading.project.name, self._report) if artifacts else {}
        try:
            self._template, self._package = await self._aside(self._packed, reading, code)
        except OSError as error:
            yield on.EffectFailed("Upload", f"Not staged: {self._journal.unwritable(error)}", "stateUnwritable")
            return
        yield on.Uploaded()

    def _packed(self, reading: Reading, code: Mapping[str, CodeLocation]) -> tuple[Template, Package]:
        """The template with the places of the code, and all that is staged, which is kept."""
        assert reading.project is not None
        template = self._reader.template(reading, code)
        aws = reading.project.aws
        package = packed(
            template,
            self._reader.render(template),
            tags=aws.tags if aws else {},
            role=aws.role if aws else None,
            source=digest(reading.source.text),
        )
        self._journal.keep(self._job.key, self._job.id, package)
        return template, package

    async def _stage(self, attempt: int, retain: tuple[str, ...]) -> AsyncGenerator[on.Event, None]:
        request = StageRequest(self._job.stack, "", self._job.token(attempt), removal=True, retain=retain)
        if not self._job.removal:
            package = self._package or await self._aside(self._journal.package, self._job.key, self._job.id)
            if package is None:
                yield on.WorkLost()
                return
            if missing := self._missing(package.parameters):
                yield on.ValuesMissing(missing)
                return
            self._package = package
            self._template = self._template or await self._aside(package.restored)
            request = StageRequest(
                self._job.stack,
                package.template,
                self._job.token(attempt),
                parameters={each.id: self._job.answers[each.name] for each in package.parameters},
                capabilities=package.capabilities,
                tags=package.tags,
                role=package.role,
            )
        provider = await self._cloud.provider()
        try:
            staged = await self._cloud.a_few_times(lambda: provider.stage(request))
        except Rejected as rejected:
            yield on.EffectFailed(
                "Stage",
                str(rejected),
                rejected.code,
                failures=reasons.of_template(rejected.faults, self._template, self._job.stack, self._job.uri),
            )
            return
        if isinstance(staged, NothingToChange):
            yield on.NothingStaged(staged.stack_id)
            return
        changes = await self._aside(changelist.staged, staged.changes, self._template, self._job.uri)
        undone: StopMeans = "delete" if staged.stack_is_new else "rollback" if staged.rolls_back else "halt"
        means = None if self._job.removal else undone
        plan = StagedPlan(staged.plan, staged.stack_id, staged.stack_is_new, means)
        source = None if self._package is None else self._package.source
        yield on.ChangesStaged(plan, loses_data(changes), changes, provider.console_url(staged.stack_id), source)

    async def _check(self, plan: str) -> AsyncGenerator[on.Event, None]:
        provider = await self._cloud.provider()
        yield on.PlanChecked(await self._cloud.a_few_times(lambda: provider.is_current(plan)))

    async def _discard(self, staged: StagedPlan) -> AsyncGenerator[on.Event, None]:
        provider = await self._cloud.provider()
        await self._cloud.a_few_times(
            lambda: provider.discard(staged.plan, staged.stack_id, stack_is_new=staged.stack_is_new)
        )
        yield on.Discarded()

    # --- execution ---------------------------------------------------------------------------------------------------

    async def _execute(self, plan: str, attempt: int) -> AsyncGenerator[on.Event, None]:
        provider = await self._cloud.provider()
        await provider.execute(plan, self._job.token(attempt))
        yield on.ExecutionStarted()

    async def _conclude(self, stack_id: str) -> AsyncGenerator[on.Event, None]:
        provider = await self._cloud.provider()
        outputs = await self._cloud.a_few_times(lambda: provider.outputs(stack_id))
        yield on.Concluded(tuple([await self._reachable(output) for output in self._in_order(outputs)]))

    def _in_order(self, outputs: Sequence[Output]) -> list[Output]:
        """As the manifest has them, then those that nobody asked for: the cloud's order means nothing to a person.

        After a restart the manifest may not be read any more, and the cloud's order stays.
        """
        project = self._reading.project if self._reading is not None else None
        wanted = list(project.outputs) if project is not None else []
        return sorted(outputs, key=lambda output: wanted.index(output.name) if output.name in wanted else len(wanted))

    async def _reachable(self, output: Output) -> Output:
        if not self._job.cloud.sandbox:
            return output
        return evolve(output, value=await self._world.local_url(self._job.cloud, output.value))

    # --- within ------------------------------------------------------------------------------------------------------

    def _missing(self, parameters: tuple[TemplateParameter, ...]) -> tuple[AskedValue, ...]:
        return tuple(
            AskedValue(each.name, each.title, each.secret) for each in parameters if each.name not in self._job.answers
        )
