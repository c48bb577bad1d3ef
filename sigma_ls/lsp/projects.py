"""Which project a command means, and what the editor has of it that is not saved."""

from __future__ import annotations

import os

from pygls import uris

from sigma_ls.app.deployments import Refused
from sigma_ls.lsp.session import Session
from sigma_ls.lsp.workspace import MANIFEST_NAMES, key_of
from sigma_ls.runtime.blocking import run_blocking


async def chosen_project(session: Session, project: str | None) -> str:
    """The URI of the manifest: the named one, or the only one of the workspace.

    Raises:
        Refused: `noManifest`, `ambiguousProject`.
    """
    if project is not None:
        return project
    found = {
        os.path.normcase(path): uris.from_fs_path(path) for path in await run_blocking(session.workspace.manifests)
    }
    known = {**found, **{key_of(document.uri): document.uri for document in session.documents}}
    match list(known.values()):
        case [str(only)]:
            return only
        case []:
            raise Refused(
                "noManifest",
                f"The workspace has no {MANIFEST_NAMES[0]}. Open a folder that has one, or name it as project.",
            )
        case _:
            several = ", ".join(sorted(known))
            raise Refused(
                "ambiguousProject",
                f"The workspace has {len(known)} projects: {several}. Say which one as project.",
            )


def text_of(session: Session, uri: str) -> str | None:
    """The text in the editor, where the manifest is open."""
    document = session.documents.get(uri)
    return None if document is None else document.lines.text
