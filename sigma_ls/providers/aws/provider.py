"""AWS CloudFormation as a provider: the modules of this package, put together.

Importing and making one is free; botocore is loaded by the first call (or by `warm_up`).
"""

from __future__ import annotations

import urllib.parse
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from sigma_ls.deploy.ports import (
    Account,
    Artifact,
    Capabilities,
    Stack,
    StackNews,
    Staged,
    StageRequest,
)
from sigma_ls.deploy.snapshot import Engine, Output, StopMeans
from sigma_ls.providers.aws import events, plans, removal, rollback, stopping
from sigma_ls.providers.aws.artifacts import ArtifactBucket
from sigma_ls.providers.aws.changesets import ChangeSets
from sigma_ls.providers.aws.connection import AwsConnection
from sigma_ls.providers.aws.pacing import Budgets, Paced
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.providers.aws.stacks import Stacks, outputs_of
from sigma_ls.runtime.clock import Clock
from sigma_ls.runtime.polling import Jitter, Pace, Poller, spread
from sigma_ls.synth.template import CodeLocation

_CONSOLES = {
    "aws": "https://{region}.console.aws.amazon.com",
    "aws-cn": "https://{region}.console.amazonaws.cn",
    "aws-us-gov": "https://{region}.console.amazonaws-us-gov.com",
}


class CloudFormation:
    """One account and region of AWS; see `sigma_ls.deploy.ports.Provider` for what each method promises.

    `poll_interval` (seconds) is what the time between two looks grows to; `session` is what calls AWS, where it is not
    one of its own; `budgets` is what all providers of a process share, where looks are to be rationed.
    """

    engine: Engine = "cloudformation"
    capabilities = Capabilities(
        rollback_on_failure=True, executes_exact_plan=True, per_resource_status=True, drift=True
    )

    def __init__(
        self,
        connection: AwsConnection,
        clock: Clock,
        *,
        poll_interval: float = 3.0,
        jitter: Jitter = spread,
        session: AwsSession | None = None,
        budgets: Budgets | None = None,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._pace = Pace(poll_interval)
        self._jitter = jitter
        self.budgets = budgets
        self._session = session or AwsSession(connection)
        self._stacks = Stacks(self._session, clock)
        self._bucket = ArtifactBucket(self._session, self._account_id)
        self._changesets = ChangeSets(self._session, self._stacks, self._bucket, clock, self._poller)
        self._known_account: Account | None = None

    def warm_up(self) -> None:
        """Load the SDK; blocks for a third of a second, so call it on a thread, as early as a deployment is likely."""
        self._session.warm_up()

    async def account(self) -> Account:
        """Whose credentials these are; asked each time, since they can change."""
        answer = await self._session.sts(lambda client: client.get_caller_identity())
        self._known_account = Account(answer["Account"], self._connection.region)
        return self._known_account

    def console_url(self, stack_id: str) -> str | None:
        """The page of the stack in AWS's console; nothing on the sandbox or another endpoint."""
        parts = stack_id.split(":")
        console = _CONSOLES.get(parts[1]) if len(parts) > 3 else None
        if console is None or self._session.is_elsewhere:
            return None
        region = parts[3]
        quoted = urllib.parse.quote(stack_id, safe="")
        return f"{console.format(region=region)}/cloudformation/home?region={region}#/stacks/stackinfo?stackId={quoted}"

    async def describe(self, stack: str) -> Stack:
        """The stack by name or id."""
        return await self._stacks.describe(stack)

    async def upload(
        self, artifacts: Sequence[Artifact], project: str, report: Callable[[str], None]
    ) -> Mapping[str, CodeLocation]:
        """Put what is not there yet into the artifact bucket."""
        return await self._bucket.upload(artifacts, project, report)

    async def stage(self, request: StageRequest) -> Staged:
        """Have the changes worked out."""
        if request.removal:
            return await removal.stage(self._stacks, request)
        return await self._changesets.stage(request)

    async def is_current(self, plan: str) -> bool:
        """Whether the staged changes can still be executed."""
        match plans.from_text(plan):
            case plans.ChangeSetPlan() as changes:
                return await self._changesets.is_current(changes)
            case plans.RemovalPlan() as deletion:
                return await removal.is_current(self._stacks, deletion)

    async def discard(self, plan: str, stack_id: str, *, stack_is_new: bool) -> None:
        """Delete the staged changes, and the empty stack that they made."""
        match plans.from_text(plan):
            case plans.ChangeSetPlan(arn):
                await self._changesets.discard(arn, stack_id, stack_is_new=stack_is_new)
            case plans.RemovalPlan():
                # Staging a removal left nothing on the cloud.
                return

    async def execute(self, plan: str, token: str) -> None:
        """Start what was staged."""
        match plans.from_text(plan):
            case plans.ChangeSetPlan() as changes:
                await self._changesets.execute(changes, token)
            case plans.RemovalPlan() as deletion:
                await removal.execute(self._session, self._stacks, deletion, token)

    def watch(self, stack_id: str, token: str | None) -> AsyncIterator[StackNews]:
        """Follow the running operation to its end."""
        calls = self._session if self.budgets is None else Paced(self._session, self.budgets.of_stack(stack_id))
        return events.watch(calls, self._stacks, self._poller(), stack_id, token)

    async def stop(self, stack_id: str, means: StopMeans, token: str) -> None:
        """Stop the operation that was started with `token`, as `means` says."""
        await stopping.stop(self._session, self._stacks, stack_id, means, token)

    async def delete(self, stack_id: str, token: str, *, retain: Sequence[str] = (), role: str | None = None) -> None:
        """Start the removal of the stack."""
        await removal.delete(self._session, self._stacks, stack_id, token, retain=retain, role=role)

    async def continue_rollback(
        self, stack_id: str, token: str, *, skip: Sequence[str] = (), force: bool = False
    ) -> None:
        """Go on with a rollback that failed, or begin that of a paused stack."""
        await rollback.resume(self._session, self._stacks, stack_id, token, skip=skip, force=force)

    async def outputs(self, stack_id: str) -> tuple[Output, ...]:
        """The outputs of a settled stack."""
        stack = await self._stacks.recall(stack_id)
        return () if stack is None else outputs_of(stack)

    async def _account_id(self) -> str:
        return (self._known_account or await self.account()).id

    def _poller(self) -> Poller:
        return Poller(self._clock, self._pace, self._jitter)
