"""The folders that the editor has open, and the manifests in them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from pygls import uris

MANIFEST_NAMES = ("sigma.yaml", "sigma.yml")
"""The first one counts where a folder has both."""

MAX_FOLDERS = 20_000
"""How many folders are looked through.  A guess: a repository of that size takes about a second."""

_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages", "venv"})
"""Folders that hold other people's code; so do those whose name begins with a dot."""


def is_manifest(uri: str) -> bool:
    """Whether this is the URI of a manifest, judged by its name."""
    return uri.rsplit("/", 1)[-1] in MANIFEST_NAMES


def path_of(uri: str) -> str | None:
    """The path of a `file:` URI; nothing for other kinds."""
    path: str | None = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return path


def key_of(uri: str) -> str:
    """What is the same for two spellings of one URI."""
    path = path_of(uri)
    return uri if path is None else os.path.normcase(os.path.normpath(path))


class Workspace:
    """Which folders are open.  Manifests are looked for when somebody asks, and again after `forget`."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}
        self._manifests: tuple[str, ...] | None = None

    def add(self, folder_uri: str) -> None:
        """A folder was opened."""
        if (path := path_of(folder_uri)) is not None:
            self._folders[key_of(folder_uri)] = path
        self.forget()

    def remove(self, folder_uri: str) -> None:
        """A folder was closed."""
        self._folders.pop(key_of(folder_uri), None)
        self.forget()

    def forget(self) -> None:
        """A manifest came or went."""
        self._manifests = None

    def manifests(self) -> tuple[str, ...]:
        """The paths of all manifests.  Reads folders: to be called off the event loop."""
        if self._manifests is None:
            self._manifests = tuple(sorted(set(find_manifests(self._folders.values()))))
        return self._manifests


def find_manifests(folders: Iterable[str]) -> Iterator[str]:
    """The manifests under these folders; unreadable and hidden folders are passed over."""
    left = MAX_FOLDERS
    for folder in folders:
        for path, inner, files in os.walk(folder):
            left -= 1
            if left < 0:
                return
            inner[:] = [name for name in inner if not name.startswith(".") and name not in _SKIPPED]
            found = next((name for name in MANIFEST_NAMES if name in files), None)
            if found is not None:
                yield os.path.join(path, found)  # noqa: PTH118 - os.walk speaks in texts
