"""Which project a command means, and what the editor has of it that is not saved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sigma_ls.app.projects import ProjectError, locate, the_only_one
from sigma_ls.lsp.session import Session
from sigma_ls.lsp.workspace import Workspace, path_of
from sigma_ls.runtime.blocking import run_blocking


async def chosen_project(session: Session, project: str | None) -> str:
    """The URI of the manifest: the named one, or the only one that is open or in the workspace.

    Raises:
        Refused: `noManifest`, `ambiguousProject`.
    """
    if project is not None:
        return _as_open(session, project)
    return await run_blocking(_only, session.workspace, [document.uri for document in session.documents])


def _as_open(session: Session, project: str) -> str:
    """The URI of a manifest or its folder, as the editor spells it where the manifest is open."""
    if (document := session.documents.get(project)) is not None:
        return document.uri
    try:
        uri = locate(project).as_uri()
    except ProjectError:
        return project  # Whoever reads it says what is wrong.
    return uri if (document := session.documents.get(uri)) is None else document.uri


def _only(workspace: Workspace, open_uris: Sequence[str]) -> str:
    # Resolved, since a folder may be open by another name than the one that is looked through.
    open_paths = {path.resolve(): uri for uri in open_uris if (path := path_of(uri)) is not None}
    found: set[Path] = {path.resolve() for path in workspace.manifests()}
    only = the_only_one(sorted({*found, *open_paths}))
    return open_paths.get(only, only.as_uri())


def text_of(session: Session, uri: str) -> str | None:
    """The text in the editor, where the manifest is open."""
    document = session.documents.get(uri)
    return None if document is None else document.lines.text
