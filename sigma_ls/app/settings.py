"""The settings, from whatever an editor or an environment gives; a bad value is named and its default used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from attrs import evolve, frozen

Commit = Literal["ask", "skip"]
Trace = Literal["off", "messages", "verbose"]


@frozen
class Settings:
    """What can be set (`docs/protocol.md`, section *Start*); an empty string means that it is not set."""

    auto_execute: bool = False
    """Start a deployment automatically when its changes are ready."""
    stage: str = ""
    sandbox: bool = False
    """Deploy to the embedded cloud."""
    poll_interval: float = 3.0
    """Seconds between two looks at a running deployment."""
    endpoint_url: str = ""
    gcp_endpoint_url: str = ""
    cfn_lint: bool = True
    commit: Commit = "skip"
    """Whether a deployment asks about changes that are not committed to git."""
    trace: Trace = "off"
    trusted: bool = True
    """Whether anything of the workspace may run; only the initialization options and the user's consent set it."""


MIN_POLL_INTERVAL = 0.1
"""Seconds; a guess at what does no harm to an emulator.  Clouds throttle well above it, and providers slow down."""


def settings_from(values: Mapping[str, Any], base: Settings = Settings()) -> tuple[Settings, tuple[str, ...]]:
    """The settings that `values` (camelCase keys) make of `base`, and what was wrong with them.

    `None` means that a key is not set.  Unknown keys are left to whoever knows them.
    """
    problems: list[str] = []
    changes: dict[str, Any] = {}
    for key, name in _NAMES.items():
        value = values.get(key)
        if value is None:
            continue
        if (problem := _problem(name, value)) is None:
            changes[name] = float(value) if name == "poll_interval" else value
        else:
            problems.append(f"sigma.{key} {problem}; {_shown(getattr(base, name))} is used.")
    return evolve(base, **changes), tuple(problems)


_NAMES = {
    "autoExecute": "auto_execute",
    "stage": "stage",
    "sandbox": "sandbox",
    "pollInterval": "poll_interval",
    "endpointUrl": "endpoint_url",
    "gcpEndpointUrl": "gcp_endpoint_url",
    "cfnLint": "cfn_lint",
    "commit": "commit",
    "trace": "trace",
    "trusted": "trusted",
}


_WORDS = {"commit": get_args(Commit), "trace": get_args(Trace)}


def _problem(name: str, value: object) -> str | None:
    default = getattr(Settings(), name)
    if isinstance(default, bool):
        return None if isinstance(value, bool) else f"must be true or false, not {_shown(value)}"
    if isinstance(default, float):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"must be a number of seconds, not {_shown(value)}"
        return None if value >= MIN_POLL_INTERVAL else f"must be at least {MIN_POLL_INTERVAL} seconds, not {value}"
    if not isinstance(value, str):
        return f"must be a text, not {_shown(value)}"
    if (words := _WORDS.get(name)) and value not in words:
        return f"must be one of {', '.join(words)}, not {_shown(value)}"
    if name.endswith("endpoint_url") and value and not value.startswith(("http://", "https://")):
        return f"must be empty or begin with http:// or https://, not be {_shown(value)}"
    return None


def _shown(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case int() | float():
            return f"{value:g}"
        case Mapping():
            return "an object"
        case _:
            return "an array"
