"""The folders that the editor has open, the manifests in them, and the identity of URIs."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from sigma_ls.app.projects import NAMES, ProjectError, discover, to_path

MOST_KEYS = 1_024
"""URIs whose keys are remembered, since each edit asks for its document's some times.  A guess: more than are open."""


def is_manifest(uri: str) -> bool:
    """Whether this is the URI of a manifest, judged by its name."""
    return uri.rsplit("/", 1)[-1] in NAMES


def path_of(uri: str) -> Path | None:
    """The path of a `file:` URI; nothing for other kinds."""
    if not uri.startswith("file:"):
        return None
    try:
        return to_path(uri)
    except (ProjectError, ValueError):
        return None


@lru_cache(maxsize=MOST_KEYS)
def key_of(uri: str) -> str:
    """What is the same for two spellings of one URI."""
    path = path_of(uri)
    return uri if path is None else os.path.normcase(path)


class Workspace:
    """Which folders are open.  Manifests are looked for when somebody asks, and again after `forget`."""

    def __init__(self) -> None:
        self._folders: dict[str, None] = {}
        """URIs, as the editor spells them."""
        self._manifests: tuple[Path, ...] | None = None

    def add(self, folder_uri: str) -> None:
        """A folder was opened."""
        self._folders[folder_uri] = None
        self.forget()

    def remove(self, folder_uri: str) -> None:
        """A folder was closed."""
        self._folders.pop(folder_uri, None)
        self.forget()

    def forget(self) -> None:
        """A manifest came or went."""
        self._manifests = None

    def manifests(self) -> tuple[Path, ...]:
        """All manifests, sorted.  Reads folders: to be called off the event loop."""
        found = self._manifests
        if found is None:
            folders = [path for uri in tuple(self._folders) if (path := path_of(uri)) is not None]
            self._manifests = found = discover(folders)
        return found
