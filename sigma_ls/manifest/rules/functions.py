"""Rules for one function alone, and what others need to know of it."""

from __future__ import annotations

import re

from sigma_ls.manifest import codes
from sigma_ls.manifest.code_use import CodeUse
from sigma_ls.manifest.diagnostic import Related
from sigma_ls.manifest.fixes import replacement
from sigma_ls.manifest.report import Definition, Use
from sigma_ls.manifest.rules.code import is_outside
from sigma_ls.manifest.rules.uses import judge_operation
from sigma_ls.manifest.schema.capabilities import FUNCTION
from sigma_ls.manifest.view import View, fields_of, items_of
from sigma_ls.syntax.nodes import Scalar, range_of, spot_of

_FORMS = {
    # `app.handler`, `package/app.handler` or `package.app.handler`.
    "python": re.compile(r"[\w-]+(?:[./][\w-]+)*\.[A-Za-z_]\w*").fullmatch,
    # Also `node_modules/@scope/package/app.handler`, and `/opt/…` of a layer.
    "nodejs": re.compile(r"/?(?!.*\.\.)[\w@./-]+\.[A-Za-z_$][\w$]*").fullmatch,
    # `app.handler`, or `app.Module::Class.method`.
    "ruby": re.compile(r"[\w/-]+\.[A-Za-z_][\w:.]*[?!]?").fullmatch,
}


def define_function(view: View) -> None:
    """Say that it is there, and whether it has a URL."""
    heads = {name for trigger in view.items("triggers") for name in fields_of(trigger)}
    has_url = "url" in heads or (view.platform == "gcp" and "http" in heads)
    view.report.definitions.append(
        Definition(
            view.key.value, FUNCTION, platform=view.platform, has_url=has_url, stage=view.stage, spot=spot_of(view.key)
        )
    )


def collect_operations(view: View) -> None:
    """The operations under `uses`, each to be judged by what it is asked of."""
    for key, value in view.entries("uses"):
        if type(key) is not Scalar:
            continue
        for item in items_of(value):
            if type(item) is Scalar:
                view.report.uses.append(Use(key.value, spot_of(item), judge_operation, follows=True, data=item.value))


def check_handler(view: View) -> None:
    """The handler's form, the place of the code, and what is to be checked in it."""
    runtime, handler, code = view.text("runtime"), view.text("handler"), view.text("code")
    language = runtime.value.rstrip("0123456789.x") if runtime is not None else ""
    well_formed = handler is not None
    if (
        handler is not None
        and view.platform == "aws"
        and language in _FORMS
        and _FORMS[language](handler.value) is None
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
            bool(view.items("layers")),
        )
    )


def check_layers(view: View) -> None:
    """Two versions of one layer, which AWS refuses (Lambda API reference, *CreateFunction*)."""
    seen: dict[str, Scalar] = {}
    for layer in view.items("layers"):
        if type(layer) is not Scalar:
            continue
        name = layer.value.rpartition(":")[0]
        first = seen.setdefault(name, layer)
        if first is not layer:
            message = f"The layer '{name.rpartition(':')[2]}' stands here a second time, and a function takes one version: remove one."
            related = (Related("The first one.", range_of(first)),)
            view.report.add(codes.SAME_LAYER, layer, message, related=related)


def check_instances(view: View) -> None:
    """As many instances at most as at least."""
    least, most = view.number("minInstances"), view.number("maxInstances")
    if least is not None and most is not None and least > most:
        message = f"At least {least} instances cannot be kept running of at most {most}: raise 'maxInstances'."
        maximum = view.text("maxInstances")
        fix = replacement(maximum, str(least)) if maximum is not None else None
        view.report.add(codes.INSTANCES, view.fields["minInstances"][1], message, fix=fix)
