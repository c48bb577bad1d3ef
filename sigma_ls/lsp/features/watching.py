"""Files that change beside the open manifests: other manifests, the code that functions name, parts of templates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types

from sigma_ls.lsp.session import Session
from sigma_ls.lsp.workspace import is_manifest, path_of

WATCHED = (
    "**/sigma.{yaml,yml}",
    "**/*.{py,js,mjs,cjs,ts,mts,cts,tsx,rb,zip}",
    "**/{requirements.txt,pyproject.toml,poetry.lock,uv.lock,Pipfile}",
    "**/*.{json,yaml,yml}",
)
"""Manifests, the files that the rules about code look at, and those that templates are made with."""

ANYTHING = "**/*"
"""Of whatever comes and goes: a folder that is renamed outside of the editor is told by its own name alone."""


def register(session: Session) -> None:
    """Hear of changed files."""

    @session.protocol.handle(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        manifests = [event.uri for event in params.changes if is_manifest(event.uri)]
        if manifests or any(_may_be_a_folder(event) for event in params.changes):
            session.workspace.forget()
        for uri in manifests:
            if session.documents.get(uri) is None:
                # An editor that pulls asks for it again; of one that is open the editor's own text counts.
                session.publisher.touch(uri)
        files_changed(session, [path for event in params.changes if (path := path_of(event.uri)) is not None])


def _may_be_a_folder(event: types.FileEvent) -> bool:
    """Whether manifests may have come or gone with a folder; few folders have a dot in their name."""
    return event.type is not types.FileChangeType.Changed and "." not in event.uri.rpartition("/")[2]


def files_changed(session: Session, changed: Sequence[Path]) -> None:
    """Look again at what depends on these files."""
    for document in session.documents:
        if document.files_changed(changed):
            session.publisher.touch(document.uri)
    session.template_checks.files_changed(changed)


async def watch(session: Session) -> None:
    """Have the editor watch them, where it can."""
    if session.client.registers_watchers:
        kinds = types.WatchKind
        watchers = [
            *({"globPattern": pattern, "kind": kinds.Change.value} for pattern in WATCHED),
            {"globPattern": ANYTHING, "kind": kinds.Create.value | kinds.Delete.value},
        ]
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        await session.register({"id": "files", "method": method, "registerOptions": {"watchers": watchers}})
