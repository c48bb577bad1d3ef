"""Runtimes of AWS Lambda whose end has come, or is near.

What day it is nobody tells the rules: they go by the day on which their facts were written, and say all dates.
"""

from __future__ import annotations

from sigma_ls.manifest import codes
from sigma_ls.manifest.facts.runtimes import AS_OF, LIFECYCLES, SOON
from sigma_ls.manifest.fixes import replacement
from sigma_ls.manifest.view import View


def check_runtime(view: View) -> None:
    """A runtime that is deprecated, will soon be, or that the cloud refuses."""
    runtime = view.text("runtime")
    if runtime is None or view.platform == "gcp" or runtime.value not in LIFECYCLES:
        return
    deprecated, no_creation, no_update, successor = LIFECYCLES[runtime.value]
    way_out = f": use '{successor}'." if successor else "."
    fix = replacement(runtime, successor) if successor else None
    if no_update and no_update <= AS_OF:
        message = f"AWS neither creates nor updates functions on '{runtime.value}' since {no_update}{way_out}"
        view.report.add(codes.BLOCKED_RUNTIME, runtime, message, fix=fix)
        return
    if deprecated > SOON:
        return
    said = [f"is deprecated since {deprecated}" if deprecated <= AS_OF else f"will be deprecated on {deprecated}"]
    if no_creation:
        said.append(_from("new functions on it are refused", no_creation))
    if no_update:
        said.append(_from("updates", no_update))
    words = ", ".join(said[:-1]) + (" and " if len(said) > 1 else "") + said[-1]
    view.report.add(codes.DEPRECATED_RUNTIME, runtime, f"'{runtime.value}' {words}{way_out}", fix=fix)


def _from(what: str, day: str) -> str:
    return f"{what} {'since' if day <= AS_OF else 'from'} {day}"
