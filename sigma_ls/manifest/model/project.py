"""The project as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

from sigma_ls.manifest.model.functions import Function
from sigma_ls.manifest.model.resources import Resource
from sigma_ls.manifest.texts import Origin, Text


@frozen
class ManifestOutput:
    """One of `outputs`."""

    name: str
    value: Text
    description: str | None = None
    origin: Origin = field(factory=Origin)


@frozen
class AwsSettings:
    """The `aws` block."""

    region: str
    profile: str | None = None
    artifacts: str | None = None
    role: str | None = None
    tags: Mapping[str, str] = field(factory=dict)


@frozen
class GcpSettings:
    """The `gcp` block."""

    project: str
    region: str
    engine: Literal["infrastructure-manager", "deployment-manager"] = "infrastructure-manager"
    service_account: str | None = None
    artifacts: str | None = None
    labels: Mapping[str, str] = field(factory=dict)


@frozen
class Project:
    """A whole project, as its stage `stage` sees it (`None` where no stages are declared).

    `stack` is the name of the stack, with its references resolved.
    """

    name: str
    platform: Literal["aws", "gcp"]
    stack: str
    stage: str | None = None
    stages: tuple[str, ...] = ()
    description: str | None = None
    version: str | None = None
    aws: AwsSettings | None = None
    gcp: GcpSettings | None = None
    functions: Mapping[str, Function] = field(factory=dict)
    resources: Mapping[str, Resource] = field(factory=dict)
    outputs: Mapping[str, ManifestOutput] = field(factory=dict)
    template: Mapping[str, Any] | str | None = None
    """What is merged over the generated template, or the path of a file that holds it."""
    origin: Origin = field(factory=Origin)
    """Paths from the top: `("aws", "region")`, `("template", "Resources", "X")`."""
