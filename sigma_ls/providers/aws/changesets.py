"""Change sets: made, read, executed, thrown away.

The rule of this module is that nothing is left behind: whatever keeps a change set from being handed out, a refusal,
a lost network or a cancelled task, it is deleted again, and so is the empty stack that CloudFormation makes for it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import uuid
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import frozen

from sigma_ls.deploy.ports import (
    Conflict,
    NotFound,
    NothingToChange,
    ProviderError,
    Rejected,
    Staged,
    StagedChanges,
    StageRequest,
    Unreachable,
)
from sigma_ls.providers.aws import faults, nested_changes, plans, reading, statuses
from sigma_ls.providers.aws.artifacts import ArtifactBucket
from sigma_ls.providers.aws.disposal import Disposal
from sigma_ls.providers.aws.errors import code_of, was_repeated
from sigma_ls.providers.aws.history import has_started
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.providers.aws.stacks import Stacks, condition_of, is_express, is_secret, parsed
from sigma_ls.runtime.clock import Clock
from sigma_ls.runtime.polling import Poller

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import DescribeChangeSetOutputTypeDef, StackTypeDef

T = TypeVar("T")

log = logging.getLogger(__name__)

BODY_LIMIT = 51_200
"""Bytes of a template that can be sent along; a longer one goes through the artifact bucket (CloudFormation quotas)."""

MOMENT = dt.timedelta(seconds=5)
"""How long a change set that was just read is taken to be executable (a guess: staging and executing without a person)."""

_ATTEMPTS = 3
BETWEEN_ATTEMPTS = 1.0
"""Seconds before a cloud that did not answer is asked again to take something away (a guess)."""


@frozen
class _Created:
    arn: str
    stack_id: str
    is_new: bool
    keep_on_failure: bool
    express: bool


class _NestedUnchanged(Rejected):
    """A change set failed since nested stacks have no changes: it is made again without theirs.

    That CloudFormation does so was not seen; where it does not, nothing is lost.
    """


class ChangeSets:
    """The change sets of one account and region."""

    def __init__(
        self,
        session: AwsSession,
        stacks: Stacks,
        bucket: ArtifactBucket,
        clock: Clock,
        poller: Callable[[], Poller],
    ) -> None:
        self._session = session
        self._stacks = stacks
        self._bucket = bucket
        self._clock = clock
        self._poller = poller
        self._disposal = Disposal(session, stacks, poller)
        self._just_read: dict[str, dt.datetime] = {}

    async def stage(self, request: StageRequest) -> Staged:
        """Make a change set for `request` and read all that it says.

        Raises:
            Conflict: the stack is in a state that takes no change set.
            Rejected: CloudFormation does not accept the template; its faults say why and where.
        """
        stack = await self._stacks.recall(request.stack)
        _refuse_unfit(stack)
        # A template that names an archive which was just uploaded cannot be the deployed one: no need to look.
        if (
            stack is not None
            and not self._bucket.is_news(request.template)
            and await self._stacks.is_as_wanted(stack, request)
        ):
            return NothingToChange(stack["StackId"])
        nested = nested_changes.has_nested(request.template)
        try:
            return await self._staged(request, stack, nested=nested)
        except _NestedUnchanged:
            return await self._staged(request, stack, nested=False)

    async def _staged(self, request: StageRequest, stack: StackTypeDef | None, *, nested: bool) -> Staged:
        create = asyncio.create_task(self._create(request, stack, nested=nested))
        try:
            # A creation that was sent is waited for even when nobody wants it any more: else it would stay.
            created = await asyncio.shield(create)
            return await self._read(created, request)
        except asyncio.CancelledError:
            await _to_the_end(self._clear_away(create, request))
            raise
        except ProviderError as error:
            if not await _to_the_end(self._clear_away(create, request)):
                error.next_step = (
                    f"{error.next_step} The change set {_name(request)} of the stack {request.stack} may have been left"
                    " behind: delete it."
                ).strip()
            raise

    async def is_current(self, plan: plans.ChangeSetPlan) -> bool:
        """Whether the change set can still be executed.

        One that was read a moment ago is taken to be so: its execution would be refused if not.
        """
        read_at = self._just_read.get(plan.arn)
        if read_at is not None and self._clock.now() - read_at < MOMENT:
            return True
        try:
            found = await reading.describe(self._session, plan.arn)
        except NotFound:
            return False
        return found["Status"] == "CREATE_COMPLETE" and found["ExecutionStatus"] == "AVAILABLE"

    async def execute(self, plan: plans.ChangeSetPlan, token: str) -> None:
        """Start what was staged.

        Raises:
            Conflict: it cannot be executed (any more), and was not started with `token` either.
        """
        self._stacks.forget()
        self._just_read.clear()
        # Left out, it is false by most of the documentation and true by its own.  In express mode, where the change set says
        # it, CloudFormation refuses it here (aws-sam-cli, pull request 9106).
        on_failure: dict[str, Any] = {} if plan.express else {"DisableRollback": plan.keep_on_failure}
        try:
            await self._session.cloudformation(
                lambda client: client.execute_change_set(
                    ChangeSetName=plan.arn,
                    ClientRequestToken=token,
                    **on_failure,
                ),
                mutates=True,
            )
        except NotFound as refusal:
            raise NotFound("The staged changes do not exist any more.", "Stage them again.") from refusal
        except Conflict as refusal:
            # The first of two sendings may have started it, and the second be refused for that.
            found = await reading.describe(self._session, plan.arn)
            if await has_started(self._session, found["StackId"], token):
                return
            if found["ExecutionStatus"] == "OBSOLETE":
                raise Conflict(
                    f"The stack {found['StackName']} was changed since these changes were staged.", "Stage them again."
                ) from refusal
            raise

    async def discard(self, arn: str, stack_id: str, *, stack_is_new: bool) -> None:
        """Delete a change set, and the stack `stack_id` if it is an empty shell that no other change set needs.

        Raises:
            Conflict: it is being executed.
        """
        self._stacks.forget()
        self._just_read.clear()
        await self._disposal.delete(arn)
        if stack_is_new:
            await self._disposal.delete_shell(stack_id, arn)

    # --- making ------------------------------------------------------------------------------------------------------

    async def _create(self, request: StageRequest, stack: StackTypeDef | None, *, nested: bool) -> _Created:
        template = await self._template(request)
        for attempt in range(1, _ATTEMPTS + 1):
            is_new = stack is None or stack["StackStatus"] == statuses.REVIEW
            arguments: dict[str, Any] = {
                "StackName": request.stack,
                "ChangeSetName": _name(request),
                "ChangeSetType": "CREATE" if is_new else "UPDATE",
                # For the SDK's own repeats only: a deployment that stages again under its token wants a new change set,
                # and CloudFormation answers a known token with the old one.
                "ClientToken": uuid.uuid4().hex,
                "Parameters": _parameters(request, stack),
                "Capabilities": list(request.capabilities),
                # Given even when empty: left out, the stack would keep tags that the manifest has no more.
                "Tags": [{"Key": key, "Value": value} for key, value in request.tags.items()],
                **template,
                **({"RoleARN": request.role} if request.role else {}),
                **({"IncludeNestedStacks": True} if nested else {}),
                **({"DeploymentConfig": {"Mode": "EXPRESS", "DisableRollback": True}} if _mode(stack)[1] else {}),
            }
            try:
                answer = await self._session.cloudformation(
                    lambda client: client.create_change_set(**arguments),  # noqa: B023 - called before the next turn
                    mutates=True,
                )
            except Rejected as error:
                raise _with_faults(error, request) from error
            except (Conflict, NotFound) as error:
                if attempt == _ATTEMPTS:
                    raise
                if (found := await self._named_like(request, error)) is not None:
                    if was_repeated(error):
                        # Ours: the answer to its first sending was lost.
                        return _Created(found["ChangeSetId"], found["StackId"], is_new, *_mode(stack))
                    # Left by an earlier attempt of this deployment, and what it holds is unknown.
                    await self._disposal.delete(found["ChangeSetId"])
                    continue
                # The stack came to be, or vanished, since it was last looked at.
                stack = await self._stacks.look(request.stack)
                _refuse_unfit(stack)
                if is_new == (stack is None or stack["StackStatus"] == statuses.REVIEW):
                    raise
            else:
                return _Created(answer["Id"], answer["StackId"], is_new, *_mode(stack))
        raise AssertionError("the last attempt returns or raises")

    async def _named_like(self, request: StageRequest, refusal: ProviderError) -> DescribeChangeSetOutputTypeDef | None:
        """The change set whose name is taken already, if that is why its creation was refused."""
        if code_of(refusal) != "AlreadyExistsException":
            return None
        try:
            return await reading.describe(self._session, _name(request), request.stack)
        except NotFound:
            return None

    async def _template(self, request: StageRequest) -> dict[str, str]:
        if len(request.template.encode()) <= BODY_LIMIT:
            return {"TemplateBody": request.template}
        return {"TemplateURL": await self._bucket.store_template(request.template)}

    # --- reading -----------------------------------------------------------------------------------------------------

    async def _read(self, created: _Created, request: StageRequest) -> Staged:
        poller = self._poller()
        while True:
            await poller.wait()
            found = await reading.describe(self._session, created.arn)
            if found["Status"] not in reading.PENDING:
                break
        if found["Status"] != "CREATE_COMPLETE":
            reason = found.get("StatusReason") or f"its status is {found['Status']}"
            if faults.is_no_change(reason) and not created.is_new:
                await self._disposal.delete(created.arn)
                return NothingToChange(created.stack_id)
            raise await self._refusal(created.arn, reason, request)
        rows = await nested_changes.all_changes(self._session, found)
        self._just_read[created.arn] = self._clock.now()
        return StagedChanges(
            plan=plans.to_text(plans.ChangeSetPlan(created.arn, created.keep_on_failure, created.express)),
            stack_id=created.stack_id,
            stack_is_new=created.is_new,
            rolls_back=not created.keep_on_failure,
            changes=rows,
        )

    async def _refusal(self, arn: str, reason: str, request: StageRequest) -> Rejected:
        said = f"CloudFormation does not accept the changes: {reason}"
        if not nested_changes.is_of_nested(reason):
            return Rejected(said, faults=await reading.faults_of(self._session, arn, reason, request.template))
        found = await nested_changes.faults_of(self._session, arn)
        return Rejected(said, faults=found) if found else _NestedUnchanged(said)

    # --- throwing away -----------------------------------------------------------------------------------------------

    async def _clear_away(self, create: asyncio.Task[_Created], request: StageRequest) -> bool:
        """Delete whatever `create` made; whether nothing of it is left."""
        await asyncio.wait({create})
        failure = create.exception()
        refused = failure is not None and getattr(failure, "certain", True)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                await self._clear(create, request, refused=refused)
            except ProviderError as error:
                if isinstance(error, Unreachable) and attempt < _ATTEMPTS:
                    await self._clock.sleep(BETWEEN_ATTEMPTS)
                    continue
                log.warning(
                    "The change set %s of %s could not be cleared away: %s", _name(request), request.stack, error
                )
                # What was refused did not come to be.
                return refused
            break
        return True

    async def _clear(self, create: asyncio.Task[_Created], request: StageRequest, *, refused: bool) -> None:
        if create.exception() is None:
            created = create.result()
            await self.discard(created.arn, created.stack_id, stack_is_new=created.is_new)
            return
        if not refused:
            await self._disposal.delete_named(_name(request), request.stack)
        shell = await self._stacks.look(request.stack)
        if shell is not None and shell["StackStatus"] == statuses.REVIEW:
            await self._disposal.delete_shell(shell["StackId"], _name(request))


def _name(request: StageRequest) -> str:
    # Change set names take letters, digits and hyphens, begin with a letter, and are no longer than 128.
    return f"sigma-{request.token}"


def _mode(stack: StackTypeDef | None) -> tuple[bool, bool]:
    """Whether the next execution is without rollback, and whether in express mode: as the one that failed was."""
    paused = stack is not None and condition_of(stack) == "paused"
    return paused, paused and stack is not None and is_express(stack)


def _refuse_unfit(stack: StackTypeDef | None) -> None:
    if stack is None or stack["StackStatus"] == statuses.REVIEW:
        return
    name, status = stack["StackName"], stack["StackStatus"]
    match condition_of(stack):
        case "busy":
            raise Conflict(f"The stack {name} is busy: {status}.", "Wait until that operation has ended.")
        case "unrecoverable":
            raise Conflict(f"The stack {name} is in {status} and can only be deleted.", "Delete it, then deploy again.")
        case "rollbackFailed":
            raise Conflict(
                f"The stack {name} is in {status}.", "Continue its rollback (`ContinueUpdateRollback`), then deploy."
            )
        case "ready" | "paused":
            return


def _parameters(request: StageRequest, stack: StackTypeDef | None) -> list[dict[str, Any]]:
    """The given values, and for what was not given and has no default (or is secret) the deployed value."""
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in request.parameters.items()]
    template = parsed(request.template)
    declared = (template.get("Parameters") or {}) if isinstance(template, Mapping) else {}
    deployed = {parameter["ParameterKey"] for parameter in (stack.get("Parameters", []) if stack else [])}
    return given + [
        {"ParameterKey": key, "UsePreviousValue": True}
        for key, parameter in declared.items()
        if key not in request.parameters and key in deployed and ("Default" not in parameter or is_secret(parameter))
    ]


def _with_faults(error: Rejected, request: StageRequest) -> Rejected:
    return Rejected(
        error.message, error.next_step, faults=error.faults or faults.faults_in(error.message, parsed(request.template))
    )


async def _to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end, even while the task that waits for it is being cancelled; only then is it cancelled."""
    task = asyncio.create_task(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError
    return task.result()
