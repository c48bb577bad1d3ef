"""What a change set says: its status, all pages of its changes, and why it failed.  Changes nothing on the cloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sigma_ls.deploy.ports import ProviderError, TemplateFault
from sigma_ls.providers.aws import faults
from sigma_ls.providers.aws.session import AwsSession
from sigma_ls.providers.aws.stacks import parsed

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ChangeTypeDef, DescribeChangeSetOutputTypeDef

PENDING = frozenset({"CREATE_PENDING", "CREATE_IN_PROGRESS"})


async def describe(
    session: AwsSession, name: str, stack: str | None = None, *, values: bool = False, page: str | None = None
) -> DescribeChangeSetOutputTypeDef:
    """The change set by its ARN, or by its name and its stack; `values` has properties' values told too."""
    arguments: dict[str, Any] = {
        "ChangeSetName": name,
        **({"StackName": stack} if stack else {}),
        **({"IncludePropertyValues": True} if values else {}),
        **({"NextToken": page} if page else {}),
    }
    return await session.cloudformation(lambda client: client.describe_change_set(**arguments))


async def all_changes(
    session: AwsSession, first: DescribeChangeSetOutputTypeDef, *, values: bool = False
) -> list[ChangeTypeDef]:
    """The changes of the description that begins with `first`, from all its pages."""
    found = list(first.get("Changes", []))
    page = first.get("NextToken")
    while page:
        answer = await describe(session, first["ChangeSetId"], values=values, page=page)
        found += answer.get("Changes", [])
        page = answer.get("NextToken")
    return found


async def faults_of(session: AwsSession, arn: str, reason: str, template: str) -> tuple[TemplateFault, ...]:
    """Why CloudFormation could not make the change set of `template`, which failed with `reason`."""
    try:
        if faults.EARLY_VALIDATION in reason:
            found = faults.faults_of_events(await _events(session, arn))
        elif faults.names_hooks(reason):
            found = faults.faults_of_events(await _events(session, arn)) or await _faults_of_hooks(session, arn)
        else:
            return faults.faults_in(reason, parsed(template))
    except ProviderError as error:
        # They need permissions of their own (cloudformation:DescribeEvents, …): say so, beside what is known.
        return (TemplateFault(f"{reason} (Its details cannot be read: {error})"),)
    return found or (TemplateFault(reason),)


async def _events(session: AwsSession, arn: str) -> list[Mapping[str, Any]]:
    """The operation events of a change set, from all pages."""
    found: list[Mapping[str, Any]] = []
    page: dict[str, Any] = {"ChangeSetName": arn}
    while True:
        answer = await session.cloudformation(lambda client: client.describe_events(**page))
        found += answer["OperationEvents"]
        if not (token := answer.get("NextToken")):
            return found
        page["NextToken"] = token


async def _faults_of_hooks(session: AwsSession, arn: str) -> tuple[TemplateFault, ...]:
    """The hooks that did not let a change set pass; such failures make no events."""
    answer = await session.cloudformation(
        lambda client: client.list_hook_results(TargetType="CHANGE_SET", TargetId=arn)
    )
    failed = [result for result in answer["HookResults"] if faults.is_failed_hook(result)]
    details = [
        await session.cloudformation(lambda client: client.get_hook_result(HookResultId=result["HookResultId"]))  # noqa: B023 - called before the next turn
        if result.get("HookResultId")
        else {}
        for result in failed
    ]
    return tuple(faults.fault_of_hook(result, detail) for result, detail in zip(failed, details, strict=True))
