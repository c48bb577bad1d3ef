"""What can be asked for: a deployment or an undeployment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from sigma_ls.deploy.snapshot import Operation


@frozen
class CommitMessage:
    """Commit changed files with this message before the deployment."""

    message: str


@frozen
class DeployRequest:
    """What is asked for.

    `manifest` is a path or `file:` URI of a manifest or of its folder; `text` is the editor's unsaved text, which wins
    over the disk.  What is left `None` falls back to the settings.  `answers` are asked values by name: kept in memory
    only, never stored, never logged.  `commit`: what becomes of changes that are not committed.
    """

    operation: Operation
    manifest: str
    text: str | None = None
    stage: str | None = None
    sandbox: bool | None = None
    auto_execute: bool | None = None
    answers: Mapping[str, str] = field(factory=dict, repr=False)
    commit: Literal["ask", "skip"] | CommitMessage | None = None
    allow_data_loss: bool = False
    """Consent, given beforehand, to lose the data of stateful resources that are replaced or removed."""
    recreate: bool = False
    """Consent, given beforehand, to delete and recreate an unrecoverable stack that holds no stateful resource (with
    `allow_data_loss`: any)."""
