"""Functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

from sigma_ls.manifest.model.triggers import Trigger
from sigma_ls.manifest.texts import EnvironmentValue, Origin


@frozen
class Vpc:
    """The network in which a function runs."""

    subnets: tuple[str, ...]
    security_groups: tuple[str, ...]


@frozen
class Function:
    """One function; sizes in MB, times in seconds, retention in days.

    `environment` is complete: the project's, the stage's and its own, merged.  `uses` maps the id of a resource or
    function to the operations of the code on it.
    """

    id: str
    runtime: str
    handler: str
    code: str
    description: str | None = None
    memory: int = 256
    timeout: int = 15
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    ephemeral_storage: int | None = None
    concurrency: int | None = None
    log_retention: int | None = None
    tracing: bool = False
    layers: tuple[str, ...] = ()
    vpc: Vpc | None = None
    dead_letter: str | None = None
    environment: Mapping[str, EnvironmentValue] = field(factory=dict)
    triggers: tuple[Trigger, ...] = ()
    uses: Mapping[str, tuple[str, ...]] = field(factory=dict)
    permissions: tuple[Mapping[str, Any], ...] = ()
    roles: tuple[str, ...] = ()
    service_account: str | None = None
    ingress: str | None = None
    min_instances: int | None = None
    max_instances: int | None = None
    origin: Origin = field(factory=Origin)
    """Paths as in the manifest: `("memory",)`, `("triggers", 0, "prefix")`, `("environment", "KEY")`."""
