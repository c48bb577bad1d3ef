"""Rules for one function alone, and what others need to know of it."""

from __future__ import annotations

import re

from sigma_ls.manifest import codes
from sigma_ls.manifest.code_use import CodeUse
from sigma_ls.manifest.report import Definition, Report, Use
from sigma_ls.manifest.rules.code import is_outside
from sigma_ls.manifest.rules.uses import judge_operation
from sigma_ls.manifest.schema.capabilities import FUNCTION
from sigma_ls.manifest.view import View, fields_of, items_of
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, spot_of

RESERVED_VARIABLES = frozenset(
    [
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
    ]
)
"""AWS Lambda developer guide, *Defined runtime environment variables*; the list is cfn-lint's."""

LARGEST_ENVIRONMENT = 4_096
"""Bytes of all variables of a function: AWS Lambda developer guide, *Lambda quotas*."""

_MODULE_AND_NAME = re.compile(r"[\w./-]+\.[A-Za-z_$][\w$]*").fullmatch


def define_function(view: View) -> None:
    """Say that it is there, and whether it has a URL."""
    heads = {name for trigger in view.items("triggers") for name in fields_of(trigger)}
    has_url = "url" in heads or (view.platform == "gcp" and "http" in heads)
    view.report.definitions.append(
        Definition(view.key.value, FUNCTION, has_url=has_url, stage=view.stage, spot=spot_of(view.key))
    )


def collect_operations(view: View) -> None:
    """The operations under `uses`, each to be judged by what it is asked of."""
    for key, value in view.entries("uses"):
        if type(key) is not Scalar:
            continue
        for item in items_of(value):
            if type(item) is Scalar:
                view.report.uses.append(Use(key.value, spot_of(item), judge_operation, follows=True, data=item.value))


def check_variables(environment: Node | None, report: Report) -> None:
    """Environment variables that the runtime sets itself, and too many of others."""
    if type(environment) is Mapping:
        size = sum(
            _bytes(key.value) + _bytes(value.value)
            for key, value in environment.entries
            if type(key) is Scalar and type(value) is Scalar and "${" not in value.value
        )
        if size > LARGEST_ENVIRONMENT:
            message = (
                f"These variables have {size:,} bytes, and AWS Lambda takes {LARGEST_ENVIRONMENT:,} for all of a function: "
                "keep large values in a secret, a table or a bucket."
            )
            report.add(codes.ENVIRONMENT_SIZE, environment.entries[0][0], message)
    for key, _ in environment.entries if type(environment) is Mapping else []:
        if type(key) is Scalar and key.value in RESERVED_VARIABLES:
            message = f"AWS Lambda sets '{key.value}' itself and refuses another value: rename the variable."
            report.add(codes.RESERVED_VARIABLE, key, message)


def _bytes(text: str) -> int:
    # Half a surrogate pair may stand in a text that is being edited.
    return len(text.encode(errors="surrogatepass"))


def check_handler(view: View) -> None:
    """The handler's form, the place of the code, and what is to be checked in it."""
    runtime, handler, code = view.text("runtime"), view.text("handler"), view.text("code")
    language = runtime.value.rstrip("0123456789.x") if runtime is not None else ""
    well_formed = handler is not None
    if (
        handler is not None
        and view.platform == "aws"
        and language in ("python", "nodejs")
        and _MODULE_AND_NAME(handler.value) is None
    ):
        example = "app.handler"
        message = f"'{handler.value}' is no handler for {language}: write 'module.function', such as {example}."
        view.report.add(codes.HANDLER_FORM, handler, message)
        well_formed = False
    if code is None:
        return
    if is_outside(code.value):
        message = f"'{code.value}' leads out of the project: 'code' is a path below the manifest's folder."
        view.report.add(codes.CODE_OUTSIDE, code, message)
        return
    view.report.code.append(
        CodeUse(
            code.value,
            spot_of(code),
            handler.value if handler is not None and well_formed else "",
            spot_of(handler) if handler is not None else spot_of(code),
            runtime.value if runtime is not None else "",
            view.platform,
        )
    )
