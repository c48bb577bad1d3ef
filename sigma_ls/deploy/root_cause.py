"""Why a deployment failed: the failures that are causes, told apart from those that only followed.

After the CDK's algorithm (aws-cdk-cli, resource-errors): oldest first, cancelled followers and the rows of stacks left
out; what remains before the rollback began are the causes, one for each independent path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sigma_ls.deploy.changelist import is_cancellation, undoes
from sigma_ls.deploy.ports import StackEvent
from sigma_ls.deploy.snapshot import Change, Failure

_NESTED: Final = "AWS::CloudFormation::Stack"
BUCKET: Final = "AWS::S3::Bucket"
LEFT: Final = "left behind: "
"""How the reason begins of what stays on the cloud though it was to go."""
_EMBEDDED: Final = "Embedded stack "
_NOT_EMPTY: Final = re.compile(r"not empty|BucketNotEmpty", re.IGNORECASE)
_HANDLER: Final = re.compile(
    r'^(?:Resource handler returned message: )?"?(?P<message>.*?)"?\s*'
    r"\((?:RequestToken: [^,)]*, )?(?:HandlerErrorCode|Error Code): (?P<code>\w+)[^)]*\)$",
    re.DOTALL,
)
_REQUEST_ID: Final = re.compile(r",? ?(?:Request ID|RequestId|Request Id|RequestToken): [0-9a-fA-F-]+")
_PROXY: Final = re.compile(r", Proxy: null|, Extended Request ID: [^,)]*|, S3 Extended Request ID: [^,)]*")


def failures(
    events: Sequence[StackEvent], rows: Mapping[str, Change], *, rolling: bool, removal: bool, sandbox: bool = False
) -> tuple[Failure, ...]:
    """The failures among `events`, oldest first; `rolling`: the stack was undoing its changes before them.

    `sandbox` is where it happens: what is to be done there is done in another way.
    """
    found: list[Failure] = []
    for event in events:
        if event.is_stack:
            rolling = rolling or undoes(event, removal=removal)
        elif event.status.endswith("_FAILED") and not is_cancellation(event) and not _only_passes_on(event):
            # A deletion that fails in an update leaves something behind, and the update goes on.
            leftover = event.status == "DELETE_FAILED" and not removal
            # What lies within a nested stack has a row of its own where the plan says so, else that of its stack.
            row = rows.get(event.logical_id) or rows.get(event.within or event.logical_id)
            given = readable(event.reason or f"it is {event.status}, no reason was given")
            reason = explained(event, given, sandbox=sandbox)
            inside = f".{event.logical_id.partition('.')[2]}" if row is not None and row.id != event.logical_id else ""
            found.append(
                Failure(
                    resource=f"{row.resource.name}{inside}" if row else event.logical_id,
                    reason=f"{LEFT}{reason}" if leftover else reason,
                    root_cause=not rolling and not leftover,
                    change=row.id if row else event.within or event.logical_id,
                    location=row.location if row else None,
                )
            )
    return tuple(found)


def explained(event: StackEvent, reason: str, *, sandbox: bool = False) -> str:
    """The reason, with what to do where that is not obvious."""
    if event.type == BUCKET and event.status == "DELETE_FAILED" and _NOT_EMPTY.search(reason):
        name = event.physical_id or "BUCKET"
        how = (
            f"empty {name} at the sandbox's address (sigma-ls sandbox status), then try again; or forget all that is "
            "deployed there (sigma-ls sandbox reset)."
            if sandbox
            else f"empty it (aws s3 rm s3://{name} --recursive; versions in the console), then try again."
        )
        return f"{reason.rstrip('. ')}. A bucket that holds objects, or old versions of them, cannot be deleted: {how}"
    return reason


def _only_passes_on(event: StackEvent) -> bool:
    """Whether it is a nested stack that failed for what happened within it, which its own events tell."""
    return event.type == _NESTED and (event.reason or "").startswith(_EMBEDDED)


def readable(reason: str) -> str:
    """The reason without its handler's wrapping and request ids; the error code stays."""
    if match := _HANDLER.match(reason):
        return f"{_cleaned(match['message']).strip()} ({match['code']})"
    return _cleaned(reason)


def _cleaned(text: str) -> str:
    return _PROXY.sub("", _REQUEST_ID.sub("", text))
