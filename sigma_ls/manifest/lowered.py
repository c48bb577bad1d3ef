"""What a manifest comes to for one stage; apart from the model itself, which the first diagnostics do not wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from sigma_ls.manifest.diagnostic import Diagnostic

if TYPE_CHECKING:
    from sigma_ls.manifest.model import Project


@frozen
class Lowered:
    """A project, unless errors stand in the way of one, and all that is to be said about the manifest."""

    project: Project | None
    diagnostics: tuple[Diagnostic, ...]
