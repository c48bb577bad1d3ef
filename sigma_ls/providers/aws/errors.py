"""What AWS's SDK raises, in our words: what happened to what, why, and what to do next.

Nothing above this package meets a botocore exception.  Whether a call that changes something may have happened all the
same is decided here: whenever its answer is missing or is a server's failure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from attrs import frozen

from sigma_ls.deploy.ports import (
    Conflict,
    CredentialsExpired,
    CredentialsMissing,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    ProviderError,
    Rejected,
    Unreachable,
)
from sigma_ls.providers.aws.connection import AwsConnection

# Codes as botocore's standard retry mode and the "Common errors" pages of CloudFormation, S3 and STS list them.
_CREDENTIALS_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_CREDENTIALS_WRONG = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidToken",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_CLOCK_WRONG = frozenset({"RequestTimeTooSkewed", "RequestInTheFuture"})
_NOT_ALLOWED = frozenset(
    {"403", "AccessDenied", "AccessDeniedException", "NotAuthorized", "UnauthorizedAccess", "UnauthorizedOperation"}
)
_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_NOT_FOUND = frozenset({"404", "ChangeSetNotFound", "ChangeSetNotFoundException", "NoSuchBucket", "NoSuchKey"})
_CONFLICT = frozenset(
    {
        "AlreadyExistsException",
        "BucketAlreadyExists",
        "BucketAlreadyOwnedByYou",
        "InvalidChangeSetStatus",
        "InvalidChangeSetStatusException",
        "LimitExceededException",
        "OperationAborted",
        "OperationInProgressException",
        "TokenAlreadyExistsException",
    }
)
_REJECTED = frozenset({"InsufficientCapabilities", "InsufficientCapabilitiesException", "ValidationError"})

# CloudFormation says all of these with the one code ValidationError.
_NO_SUCH_STACK = re.compile(r"^(?:Stack|ChangeSet)\b.* does not exist|^No stack named\b")
_WRONG_STATE = re.compile(
    r"can ?not be updated|cannot be called from current stack status|already exists and cannot be created again"
    r"|cannot be deleted while|is in \w+ state|Cannot execute ChangeSet|TerminationProtection"
)

_DENIED = re.compile(
    r"(?:not authorized to perform:?|may not) (?P<action>[\w-]+:\w+)(?:.*? on (?:resource:? ?)?(?P<resource>\S+))?"
)

# S3 says only "Access Denied"; these operations are allowed by an action of another name (S3's user guide, "Required
# permissions for Amazon S3 API operations").
_ACTION_OF = {
    "ListObjectsV2": "s3:ListBucket",
    "HeadBucket": "s3:ListBucket",
    "HeadObject": "s3:GetObject",
    "PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
}


_NAMES = {"cloudformation": "CloudFormation", "s3": "S3", "sts": "STS"}

_LONGEST = 1000
"""Characters of what AWS says that are passed on (a guess: CloudFormation's longest reasons list resources)."""


@frozen
class Context:
    """What a message about a call needs to know: where it went, and how its user logs in.

    `login` is the command that renews the credentials, where one does; `region_known` answers whether AWS has a region
    of that name (it reads a large file, so it is asked only when that may be the cause).
    """

    connection: AwsConnection
    service: str
    login: str | None = None
    region_known: Callable[[], bool] = lambda: True
    mutates: bool = False


def code_of(error: BaseException) -> str:
    """AWS's own code of the answer that `error` was made from, or nothing."""
    cause = error if hasattr(error, "response") else error.__cause__
    # Connection errors of botocore carry a `response` of None.
    response = getattr(cause, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def is_throttled(error: BaseException) -> bool:
    """Whether AWS answered that it is asked too often."""
    return code_of(error) in _THROTTLED


def was_repeated(error: BaseException) -> bool:
    """Whether the SDK had sent the call more than once, so that an earlier sending may have been carried out."""
    response = getattr(error.__cause__, "response", None) or {}
    return int(response.get("ResponseMetadata", {}).get("RetryAttempts", 0)) > 0


def translate(error: Exception, context: Context) -> ProviderError | None:
    """Our error for what the SDK raised, or nothing for what is no answer of AWS but a defect of ours."""
    import botocore.exceptions as sdk  # noqa: PLC0415 - loaded long since when there is such an error
    from botocore.parsers import ResponseParserError  # noqa: PLC0415

    said = _sentence(str(error))
    match error:
        case sdk.ClientError():
            return _of_answer(error, context)
        case sdk.SSOTokenLoadError() | sdk.UnauthorizedSSOTokenError() | sdk.TokenRetrievalError() | sdk.SSOError():
            return CredentialsExpired(f"Your AWS session{_of_profile(context)} has ended: {said}", _renew(context))
        case sdk.LoginTokenLoadError() | sdk.LoginAuthorizationCodeError() | sdk.LoginError():
            return CredentialsExpired(f"Your AWS session{_of_profile(context)} has ended: {said}", _renew(context))
        case sdk.NoCredentialsError():
            return CredentialsMissing(f"There are no AWS credentials{_of_profile(context)}.", _log_in(context))
        case sdk.PartialCredentialsError() | sdk.CredentialRetrievalError() | sdk.NoAuthTokenError():
            return NotAuthenticated(
                f"The AWS credentials{_of_profile(context)} cannot be used: {said}", _log_in(context)
            )
        case sdk.ProfileNotFound():
            return CredentialsMissing(
                f"The AWS configuration of this machine has no profile “{context.connection.profile or error.kwargs.get('profile')}”.",
                "Correct `aws.profile` in the manifest (or AWS_PROFILE), or make the profile with "
                f"`aws configure --profile {context.connection.profile or 'NAME'}`.",
            )
        case sdk.ConfigParseError() | sdk.ConfigNotFound():
            return NotAuthenticated(f"The AWS configuration cannot be read: {said}", "Correct that file.")
        case sdk.NoRegionError() | sdk.InvalidRegionError() | sdk.UnknownRegionError():
            return ProviderError(f"“{context.connection.region}” is no AWS region.", "Correct `aws.region`.")
        case sdk.ParamValidationError():
            return Rejected(f"A value does not fit AWS's rules: {said}")
        case (
            sdk.HTTPClientError()
            | sdk.ConnectionError()
            | sdk.IncompleteReadError()
            | sdk.ResponseStreamingError()
            | ResponseParserError()
        ):
            return _of_silence(error, context)
        case sdk.BotoCoreError():
            return ProviderError(f"AWS's SDK cannot make the call to {_service(context)}: {said}")
    return None


def overdue(context: Context, seconds: float) -> Unreachable:
    """The error for a call without any answer after `seconds`."""
    return Unreachable(
        f"{_place(context)} gave no answer within {seconds:.0f} seconds.", _retry(context), certain=not context.mutates
    )


def _of_silence(error: Exception, context: Context) -> ProviderError:
    """The error for a call that got no answer, or none that can be read."""
    import botocore.exceptions as sdk  # noqa: PLC0415

    certain = not context.mutates
    said = _sentence(str(error))
    if isinstance(error, sdk.EndpointConnectionError) and not context.region_known():
        return ProviderError(f"AWS has no region “{context.connection.region}”: {said}", "Correct `aws.region`.")
    if isinstance(error, sdk.SSLError):
        return Unreachable(
            f"No trusted connection to {_place(context)}: {said}",
            "If a proxy inspects traffic here, name its certificate in AWS_CA_BUNDLE.",
            certain=certain,
        )
    if isinstance(error, sdk.ProxyConnectionError):
        return Unreachable(f"The proxy cannot be reached: {said}", "Check HTTPS_PROXY.", certain=certain)
    if isinstance(error, sdk.ConnectionError | sdk.HTTPClientError):
        return Unreachable(f"{_place(context)} cannot be reached: {said}", _retry(context), certain=certain)
    return Unreachable(
        f"{_place(context)} sent an answer that cannot be read: {said}", _retry(context), certain=certain
    )


def _of_answer(error: Any, context: Context) -> ProviderError:
    """The error for an answer that says no; `error` is a botocore `ClientError`."""
    answer = error.response
    code = str(answer.get("Error", {}).get("Code", ""))
    said = _sentence(str(answer.get("Error", {}).get("Message", "")) or code)
    status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    operation = error.operation_name

    if code in _CREDENTIALS_EXPIRED or (code in _CREDENTIALS_WRONG and "expired" in said.lower()):
        return CredentialsExpired(f"Your AWS credentials{_of_profile(context)} have expired: {said}", _renew(context))
    if code in _CLOCK_WRONG:
        return NotAuthenticated(f"AWS does not accept the time of this machine: {said}", "Set its clock right.")
    if code in _CREDENTIALS_WRONG:
        return NotAuthenticated(
            f"AWS does not accept the credentials{_of_profile(context)}: {said}",
            f"{_log_in(context)} If they are right, the region {context.connection.region} may not be switched on for"
            " this account.",
        )
    if code == "OptInRequired":
        return NotAllowed(
            f"The account may not use {_service(context)} in {context.connection.region}: {said}",
            "Switch the region on in the account's settings, or correct `aws.region`.",
        )
    if code in _THROTTLED:
        return Unreachable(f"AWS is throttling {operation}: {said}", "Try again in a minute.")
    if code in _NOT_ALLOWED:
        return _denied(operation, said, context)
    if code in _NOT_FOUND or (code == "ValidationError" and _NO_SUCH_STACK.search(said)):
        return NotFound(said)
    if code in _CONFLICT or (code == "ValidationError" and _WRONG_STATE.search(said)):
        return Conflict(f"{operation} was refused: {said}")
    if code in _REJECTED:
        return Rejected(f"{operation} was refused: {said}")
    if status >= 500:
        return Unreachable(
            f"{_place(context)} failed at {operation}: {said}", "Try again later.", certain=not context.mutates
        )
    return ProviderError(f"{operation} was refused ({code}): {said}")


def _denied(operation: str, said: str, context: Context) -> NotAllowed:
    found = _DENIED.search(said)
    action = found["action"] if found else _ACTION_OF.get(operation, f"{context.service}:{operation}")
    resource = found["resource"].rstrip(".,") if found and found["resource"] else None
    return NotAllowed(
        f"You are not allowed to {action}{f' on {resource}' if resource else ''}: {said}",
        f"Ask for that permission, or choose another profile than “{_profile(context)}”."
        if not context.connection.explicit
        else "Ask for that permission.",
    )


def _profile(context: Context) -> str:
    return context.connection.profile or "default"


def _of_profile(context: Context) -> str:
    return f" of profile “{context.connection.profile}”" if context.connection.profile else ""


def _renew(context: Context) -> str:
    if context.login:
        return f"Run `{context.login}`."
    return "Renew them as you got them, then try again."


def _log_in(context: Context) -> str:
    if context.login:
        return f"Run `{context.login}`."
    profile = f" --profile {context.connection.profile}" if context.connection.profile else ""
    return f"Run `aws configure{profile}` (or `aws sso login{profile}`), or name another profile in `aws.profile`."


def _retry(context: Context) -> str:
    return (
        "Check that it runs, then try again."
        if context.connection.endpoint_url
        else "Check the network, then try again."
    )


def _service(context: Context) -> str:
    return _NAMES.get(context.service, context.service)


def _place(context: Context) -> str:
    at = context.connection.endpoint_url
    return f"{_service(context)} at {at}" if at else f"{_service(context)} in {context.connection.region}"


def _sentence(text: str) -> str:
    """The text on one line and with one full stop; a long one, such as a gateway's HTML page, only to its head."""
    line = " ".join(text.split()).rstrip(". ")
    return f"{line}." if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
