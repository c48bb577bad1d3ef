"""What went wrong, or what is news, in the words of events: each cause with its place in the manifest, where it has one."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sigma_ls.app.reading import Reading
from sigma_ls.app.world import BuildFailed
from sigma_ls.deploy import effects as do
from sigma_ls.deploy import events as on
from sigma_ls.deploy import ports
from sigma_ls.deploy.ports import ProviderError, StackNews, StackProgressed, StackUnreachable, TemplateFault
from sigma_ls.deploy.snapshot import Failure, Location
from sigma_ls.synth.template import Template

log = logging.getLogger(__name__)

_UNSEEN: Final[Mapping[str, str]] = {
    ports.NotAllowed.code: "Not allowed",
    ports.NotAuthenticated.code: "Not signed in",
    ports.CredentialsMissing.code: "Not signed in",
    ports.CredentialsExpired.code: "Not signed in",
}


def of_effect(effect: do.Effect, error: ProviderError) -> on.EffectFailed:
    """The event of an effect that the cloud refused or did not answer."""
    return on.EffectFailed(type(effect).__name__, str(error), error.code, certain=error.certain)


def event_of(news: StackNews) -> on.Event:
    """The event of a watched stack's news."""
    match news:
        case StackProgressed(events=events, status=status, stop_means=means):
            return on.Progressed(status, events, means)
        case StackUnreachable(reason=reason, code=code):
            return on.Unreachable(_unseen(code, reason), code)
        case _:
            return on.Settled(news.outcome, news.status, news.reason)


def lost_sight(error: Exception) -> on.Unreachable:
    """That the cloud cannot be seen; a defect of ours is logged, and no reason to look away."""
    if isinstance(error, ProviderError):
        return on.Unreachable(_unseen(error.code, str(error)), error.code)
    log.error("watching failed; it is tried again", exc_info=error)
    return on.Unreachable(f"Watching failed, trying again: {error}", "internalError")


def _unseen(code: str, reason: str) -> str:
    """Why the cloud cannot be looked at: that a permission is missing is no fault of the network."""
    what = _UNSEEN.get(code, "Not reachable")
    return f"{what}, trying again: {reason}"


def counted(errors: tuple[Failure, ...]) -> str:
    """The errors of a manifest in one line: the first, and how many more."""
    if not errors:
        return "The manifest describes no project any more."
    first = errors[0]
    line = f" (line {first.location.range.start.line + 1})" if first.location else ""
    more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
    return f"The manifest has errors: {first.reason}{line}{more}."


def of_build(failed: BuildFailed, reading: Reading) -> tuple[Failure, ...]:
    """The failures of functions that cannot be built, at the line of their code."""
    functions: Mapping[str, Any] = reading.project.functions if reading.project else {}
    return tuple(
        Failure(
            fault.function,
            fault.message,
            root_cause=True,
            location=Location(reading.source.uri, functions[fault.function].origin.at("code"))
            if fault.function in functions
            else None,
        )
        for fault in failed.faults
    )


def of_template(
    faults: Sequence[TemplateFault], template: Template | None, stack: str, uri: str
) -> tuple[Failure, ...]:
    """The faults that the cloud found in the template, at the manifest lines that they come from."""
    return tuple(_of_fault(fault, template, stack, uri) for fault in faults)


def _of_fault(fault: TemplateFault, template: Template | None, stack: str, uri: str) -> Failure:
    if template is None or len(fault.path) < 2 or fault.path[0] != "Resources":
        return Failure(stack, fault.reason, root_cause=True)
    logical_id = str(fault.path[1])
    name = template.resources.get(logical_id, logical_id)
    place = Location(uri, template.sources.at(*fault.path))
    return Failure(name, fault.reason, root_cause=True, change=logical_id, location=place)
