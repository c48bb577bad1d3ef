"""Rules for environment variables: names that are taken, and how much room all of a function's have."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Diagnostic, Related, diagnostic
from sigma_ls.manifest.report import Environment, Report
from sigma_ls.manifest.schema.types import Platform
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Spot
from sigma_ls.syntax.span import Range

RESERVED: Dict[Platform, frozenset[str]] = {
    "aws": frozenset(
        (
            "_HANDLER",
            "_X_AMZN_TRACE_ID",
            "AWS_DEFAULT_REGION",
            "AWS_REGION",
            "AWS_EXECUTION_ENV",
            "AWS_LAMBDA_FUNCTION_NAME",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "AWS_LAMBDA_FUNCTION_VERSION",
            "AWS_LAMBDA_INITIALIZATION_TYPE",
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_ACCESS_KEY",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_LAMBDA_RUNTIME_API",
            "LAMBDA_TASK_ROOT",
            "LAMBDA_RUNTIME_DIR",
        )
    ),
    "gcp": frozenset(
        ("FUNCTION_SIGNATURE_TYPE", "FUNCTION_TARGET", "K_CONFIGURATION", "K_REVISION", "K_SERVICE", "PORT")
    ),
}
"""AWS Lambda developer guide, *Defined runtime environment variables* (the list is cfn-lint's); Cloud Run
documentation, *Container runtime contract* and *Configure environment variables*."""

_RESERVED_PREFIX: Dict[Platform, str] = {"gcp": "X_GOOGLE_"}
_SETS: Dict[Platform, str] = {"aws": "AWS Lambda", "gcp": "Google Cloud"}

LARGEST = 4_096
"""Bytes of all variables of a function: AWS Lambda developer guide, *Lambda quotas*."""


def check_variables(
    owner: str, spot: Spot, environment: Node | None, platform: Platform | None, report: Report
) -> None:
    """Names that the runtime sets itself, and too much text; `owner` is a function's id, empty for the project.

    What a function's variables and the project's come to together is for `too_large` to say.
    """
    entries = environment.entries if type(environment) is Mapping else []
    on = platform or "aws"
    prefix = _RESERVED_PREFIX.get(on)
    for key, _ in entries:
        if type(key) is Scalar and (key.value in RESERVED[on] or (prefix and key.value.startswith(prefix))):
            message = f"{_SETS[on]} sets '{key.value}' itself and refuses another value: rename the variable."
            report.add(codes.RESERVED_VARIABLE, key, message)
    if on != "aws":
        return
    sizes = {key.value: _size(key, value) for key, value in entries if type(key) is Scalar}
    if sizes:
        report.environments.append(Environment(owner, spot, sizes))
    if (size := sum(sizes.values())) > LARGEST:
        message = f"These variables have {size:,} bytes, and {_LIMIT}"
        report.add(codes.ENVIRONMENT_SIZE, entries[0][0], message)


_LIMIT = f"AWS Lambda takes {LARGEST:,} for all of a function: keep large values in a secret, a table or a bucket."


def are_too_large(own: Environment, project: Environment) -> bool:
    """Whether a function's variables are too many only together with the project's, of which its own win."""
    return (
        _together(own, project) > LARGEST
        and sum(project.sizes.values()) <= LARGEST
        and sum(own.sizes.values()) <= LARGEST
    )


def too_large(own: Environment, project: Environment, place: Range, related: Related) -> Diagnostic:
    """Said of a function's variables at `place`."""
    size = _together(own, project)
    message = f"With the project's own, the variables of '{own.id}' have {size:,} bytes, and {_LIMIT}"
    return diagnostic(codes.ENVIRONMENT_SIZE, place, message, related=(related,))


def _together(own: Environment, project: Environment) -> int:
    return sum({**project.sizes, **own.sizes}.values())


def _size(key: Scalar, value: Node) -> int:
    """Bytes of a variable as far as they are certain: what a reference or a secret stands for is not known."""
    size = _bytes(key.value)
    if type(value) is Scalar:
        size += _bytes(_REFERENCE.sub("", value.value) if "${" in value.value else value.value)
    return size


_REFERENCE = re.compile(r"\$\{[^{}]*\}")


def _bytes(text: str) -> int:
    if text.isascii():
        return len(text)
    # Half a surrogate pair may stand in a text that is being edited.
    return len(text.encode(errors="surrogatepass"))
