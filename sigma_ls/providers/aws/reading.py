"""What a change set says: its status, all pages of its changes, and why it failed.  Changes nothing on the cloud."""

from __future__ import annotations

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
    if faults.EARLY_VALIDATION not in reason:
        return faults.faults_in(reason, parsed(template))
    try:
        answer = await session.cloudformation(lambda client: client.describe_events(ChangeSetName=arn))
    except ProviderError as error:
        # It needs a permission of its own (cloudformation:DescribeEvents): say so, beside what is known.
        return (TemplateFault(f"{reason} (Its details cannot be read: {error})"),)
    return faults.faults_of_events(answer["OperationEvents"]) or (TemplateFault(reason),)
