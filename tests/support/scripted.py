"""Deployments whose every step a test decides: for what the language server makes of them, not for how they run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve

from sigma_ls.app.deployments import HISTORY, Deployments, DeployRequest, Refused
from sigma_ls.app.settings import Settings
from sigma_ls.app.template import Language, TemplateText
from sigma_ls.app.world import Consent, granted
from sigma_ls.deploy.ports import Artifact
from sigma_ls.deploy.snapshot import (
    Can,
    Change,
    ChangedResource,
    Deployment,
    Event,
    Events,
    Plan,
    PlanSummary,
    Progress,
    ProjectRef,
    StackRef,
)
from sigma_ls.lsp.session import Services

URI = "file:///shop/sigma.yaml"

STARTED = Deployment(
    id="d1",
    revision=1,
    operation="deploy",
    project=ProjectRef(URI, "shop"),
    stage="dev",
    sandbox=False,
    engine="cloudformation",
    stack=StackRef("shop-dev", "eu-west-1"),
    phase="initialization",
    message="Reading the manifest.",
    changes=(),
    progress=Progress(),
    outputs=(),
    failures=(),
    can=Can(abort=True),
    auto_execute=False,
    started_at="2026-01-01T00:00:00.000Z",
    updated_at="2026-01-01T00:00:00.000Z",
)
STAGED = evolve(
    STARTED,
    phase="staged",
    message="1 change is ready.",
    plan=Plan("p1", PlanSummary(add=1)),
    changes=(Change("Orders", ChangedResource("AWS::SQS::Queue", "orders"), "add"),),
    progress=Progress(0, 1),
    can=Can(execute=True, abort=True),
)
RUNNING = evolve(
    STAGED,
    phase="monitoring",
    message="0/1 done; stack state: CREATE_IN_PROGRESS",
    can=Can(stop=True, stop_means="delete"),
)
SUCCEEDED = evolve(
    RUNNING, phase="completed", outcome="succeeded", message="Deployed.", progress=Progress(1, 1), can=Can()
)


class ScriptedDeployments(Deployments):
    """Answers with `current`, writes down what it is asked, and refuses what `refusals` names."""

    def __init__(self, current: Deployment = STARTED) -> None:
        self.current = current
        self.calls: list[tuple[Any, ...]] = []
        self.refusals: dict[str, Refused] = {}
        self.settings: Callable[[], Settings] = Settings
        self.consent: Consent = granted
        self.running: tuple[Deployment, ...] = ()
        """What `resume` finds."""
        self.past: tuple[Deployment, ...] = ()
        self.closed = False
        self.edits: list[tuple[str, str]] = []
        """What was told of edited manifests: kept apart from what people ask for."""
        self._snapshot: Callable[[Deployment], None] = lambda _: None
        self._events: Callable[[Events], None] = lambda _: None
        self.trouble: Callable[[str], None] = lambda _: None
        """The journal has a problem."""

    def edited(self, manifest: str, text: Callable[[], str]) -> None:
        self.edits.append((manifest, text()))

    @property
    def services(self) -> Services:
        """These deployments, for `connected`."""
        return Services(self._opened, self._built)

    async def _opened(self, settings: Callable[[], Settings], consent: Consent) -> ScriptedDeployments:
        self.consent = consent
        self.settings = settings
        return self

    async def _built(
        self, settings: Settings, manifest: str, text: str | None, stage: str | None, consent: Consent
    ) -> tuple[Artifact, ...]:
        self._called("build", manifest, text, stage)
        return (Artifact("hello", "a1b2", 12, "hello.zip", up_to_date=True),)

    def show(self, snapshot: Deployment, **changes: Any) -> Deployment:
        """The deployment is like this now."""
        self.current = evolve(snapshot, revision=self.current.revision + 1, **changes)
        self._snapshot(self.current)
        return self.current

    def say(self, *events: Event) -> None:
        """The cloud said this."""
        self._events(Events(self.current.id, events))

    def _called(self, name: str, *args: Any) -> Deployment:
        self.calls.append((name, *args))
        if name in self.refusals:
            raise self.refusals[name]
        return self.current

    def observe(
        self,
        *,
        snapshot: Callable[[Deployment], None] | None = None,
        events: Callable[[Events], None] | None = None,
        trouble: Callable[[str], None] | None = None,
    ) -> Callable[[], None]:
        self._snapshot = snapshot or self._snapshot
        self.trouble = trouble or self.trouble
        self._events = events or self._events
        return lambda: None

    async def start(self, request: DeployRequest) -> Deployment:
        return self._called("start", request)

    async def execute(self, deployment: str, plan: str | None = None) -> Deployment:
        return self._called("execute", deployment, plan)

    async def abort(self, deployment: str) -> Deployment:
        return self._called("abort", deployment)

    async def stop(self, deployment: str) -> Deployment:
        return self._called("stop", deployment)

    async def cancel(self, deployment: str) -> Deployment:
        return self._called("cancel", deployment)

    async def answer(self, deployment: str, question: str, answer: str | Mapping[str, str]) -> Deployment:
        return self._called("answer", deployment, question, answer)

    def get(self, deployment: str) -> Deployment:
        return self._called("get", deployment)

    def list(self, project: str | None = None) -> tuple[Deployment, ...]:
        self._called("list", project)
        return (*self.running, *self.past)

    def history(self, project: str, limit: int = HISTORY) -> tuple[Deployment, ...]:
        self._called("history", project, limit)
        return self.past

    def template(self, deployment: str, language_id: Language = "yaml", *, comparable: bool = False) -> TemplateText:
        self._called("template", deployment, language_id, comparable)
        return TemplateText("Resources: {}\n", language_id, 0)

    def logs(self, deployment: str) -> tuple[Event, ...]:
        self._called("logs", deployment)
        return (Event("2026-01-01T00:00:00.000Z", "orders", "AWS::SQS::Queue", "CREATE_COMPLETE"),)

    async def resume(self) -> tuple[Deployment, ...]:
        self._called("resume")
        return self.running

    async def close(self) -> None:
        self.closed = True
