"""A repository of its own for each test, with no setting of whoever runs it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from sigma_ls.vcs.git import Repository

AUTHOR = "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n"


class Tree:
    """A repository on disk with a project in its folder `shop`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "work"
        self.folder = self.root / "shop"
        self.folder.mkdir(parents=True)
        (home / ".gitconfig").write_text(AUTHOR)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "XDG_", "EMAIL"))},
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CEILING_DIRECTORIES": str(home),
        }

    @property
    def repository(self) -> Repository:
        return Repository(self.folder, self.environment)

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        """What git answers."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder or self.root,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.rstrip("\n")

    def write(self, **files: str) -> None:
        """Files of the project; `a__b` is the file `b` in the folder `a`."""
        for name, text in files.items():
            path = self.folder / name.replace("__", "/")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)

    def hook(self, name: str, *lines: str) -> None:
        """A hook that is a shell script."""
        path = self.root / ".git" / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
        path.chmod(0o755)

    def log(self) -> Sequence[str]:
        """The subjects of all commits, newest first."""
        return self.git("log", "--format=%s").splitlines()


@pytest.fixture
def bare(tmp_path: Path) -> Tree:
    """A folder that is in no repository."""
    return Tree(tmp_path)


@pytest.fixture
def fresh(bare: Tree) -> Tree:
    """A repository without a commit."""
    bare.git("init", "--quiet")
    return bare


@pytest.fixture
def tree(fresh: Tree) -> Tree:
    """A repository in which `shop/one` and `other` are committed."""
    fresh.write(one="1\n")
    (fresh.root / "other").write_text("1\n")
    fresh.git("add", ".")
    fresh.git("commit", "--quiet", "-m", "first")
    return fresh
