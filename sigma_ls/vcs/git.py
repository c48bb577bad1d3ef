"""What is not committed in a folder, and a commit of just that folder.

Whatever is staged outside of the folder stays as it is, and where a commit fails, the folder's part of the index too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from attrs import field, frozen

from sigma_ls.deploy.ports import Worktree
from sigma_ls.vcs.process import GitError, GitMissing, Said, git, last_lines

LOOKING: Final = 20.0
"""Seconds for what only looks (a guess: the first look at a very large tree on a cold disk takes several)."""
COMMITTING: Final = 300.0
"""Seconds for a commit with its hooks (a guess: some run whole test suites)."""
SHOWN: Final = 5
"""Paths that are named to a person; the others are counted."""
LARGE: Final = 50_000_000
"""Bytes of a new file that is worth a warning: GitHub warns from 50 MB on, since a history never forgets."""

_UNFINISHED: Final = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}
"""What lies in git's folder while something is not finished, and what that is."""


@frozen
class _Place:
    """Where a folder is in its repository: `prefix` is its path there (`""` or with a slash at its end)."""

    prefix: str
    git_dir: Path


@frozen
class _Status:
    """What `git status` says: paths from the repository's root."""

    head: str | None = None
    branch: str | None = None
    changed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    unmerged: tuple[str, ...] = ()


@frozen
class Repository:
    """The repository around `folder`, if there is one.  `environment` is that of the process."""

    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    committing: float = COMMITTING
    """Seconds that a commit may take."""

    async def worktree(self) -> Worktree | None:
        """What is not committed in the folder; nothing where there is no git, or no repository around it.

        Raises:
            GitError: git cannot tell.
        """
        try:
            place = await self._place()
        except GitMissing:
            return None
        if place is None:
            return None
        status = await self._status()
        found = (*status.unmerged, *status.changed, *status.new)
        if not found:
            return Worktree(status.head)
        shown = tuple(path.removeprefix(place.prefix) for path in found[:SHOWN])
        return Worktree(
            status.head,
            shown,
            count=len(found),
            new=len(status.new),
            large=tuple(_large(self.folder, place.prefix, status.new)),
            hindrance=_hindrance(status, place),
        )

    async def commit(self, message: str) -> str:
        """Commit all that is changed or new in the folder; the commit's id.

        Where there is nothing to commit any more, it is the id of the last commit.

        Raises:
            GitError: nothing was committed.
        """
        place = await self._place()
        if place is None:
            raise GitError(f"{self.folder} is in no git repository.")
        before = await self._status()
        if hindrance := _hindrance(before, place):
            raise GitError(hindrance)
        if before.changed or before.new:
            await self._committed(message, "".join(f"{path}\0" for path in before.new).encode(errors="surrogateescape"))
        head = (await self._status()).head
        if head is None:
            raise GitError("git committed nothing.")
        return head

    async def _committed(self, message: str, new: bytes) -> None:
        # Only what git knows of can be named in a commit.  To make a new file known puts none of it into the index.
        # From the root, since that is where the paths begin.
        naming = ("--pathspec-from-file=-", "--pathspec-file-nul")
        root = Path(os.fsdecode((await self._look("rev-parse", "--show-toplevel")).out).rstrip("\n"))
        if new:
            _accept(await self._change(root, "add", "--intent-to-add", *naming, given=new))
        try:
            _accept(await self._change(self.folder, "commit", "--quiet", "--only", f"--message={message}", "--", "."))
        except BaseException:
            if new:
                await self._change(root, "reset", "--quiet", *naming, given=new)
            raise

    async def _place(self) -> _Place | None:
        said = await self._look("rev-parse", "--is-inside-work-tree", "--absolute-git-dir", "--show-prefix")
        if said.status and "not a git repository" in said.err:
            return None
        _accept(said)
        inside, git_dir, prefix = os.fsdecode(said.out).split("\n")[:3]
        return _Place(prefix, Path(git_dir)) if inside == "true" else None

    async def _status(self) -> _Status:
        said = await self._look(
            *("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--no-renames"),
            # What is changed within a submodule is committed there, not here.
            *("--ignore-submodules=dirty", "--", "."),
        )
        _accept(said)
        return _parsed(os.fsdecode(said.out))

    async def _look(self, *arguments: str) -> Said:
        return await git(self.folder, *arguments, limit=LOOKING, environment=self.environment)

    async def _change(self, folder: Path, *arguments: str, given: bytes = b"") -> Said:
        limit, environment = self.committing, self.environment
        return await git(
            folder, "--literal-pathspecs", *arguments, limit=limit, environment=environment, given=given, reads=False
        )


def _parsed(text: str) -> _Status:
    """`git status --porcelain=v2 --branch -z --no-renames`, as its manual page has it."""
    head = branch = None
    changed: list[str] = []
    new: list[str] = []
    unmerged: list[str] = []
    for entry in text.split("\0"):
        match entry[:2]:
            case "# ":
                name, _, value = entry[2:].partition(" ")
                head = value if name == "branch.oid" and value != "(initial)" else head
                branch = value if name == "branch.head" and value != "(detached)" else branch
            case "1 ":
                changed.append(entry.split(" ", 8)[8])
            case "u ":
                unmerged.append(entry.split(" ", 10)[10])
            case "? " if not entry.endswith("/"):  # A folder is another repository, which is not ours to commit.
                new.append(entry[2:])
    return _Status(head, branch, tuple(changed), tuple(new), tuple(unmerged))


def _hindrance(status: _Status, place: _Place) -> str:
    """Why nothing is to be committed just now; empty where nothing keeps us."""
    for name, what in _UNFINISHED.items():
        if (place.git_dir / name).exists():
            conflicts = f" ({len(status.unmerged)} in conflict)" if status.unmerged else ""
            return f"{what[0].upper()}{what[1:]} is not finished{conflicts}: finish or abort it before a commit."
    if status.unmerged:
        return f"{status.unmerged[0]} is in conflict: resolve that before a commit."
    if status.branch is None:
        return "HEAD is detached, so that a commit would be on no branch: check out a branch before a commit."
    return ""


def _large(folder: Path, prefix: str, new: tuple[str, ...]) -> Iterator[str]:
    for path in new:
        inner = path.removeprefix(prefix)
        try:
            size = (folder / inner).lstat().st_size
        except OSError:
            continue  # It went meanwhile.
        if size >= LARGE:
            yield f"{inner} ({size // 1_000_000} MB)"


def _accept(said: Said) -> None:
    """Go on only where git did what it was asked for.

    Raises:
        GitError: it did not.
    """
    if said.status == 0:
        return
    text = f"{os.fsdecode(said.out)}\n{said.err}"
    why = last_lines(said.err) or last_lines(os.fsdecode(said.out)) or f"it ended with status {said.status}"
    if any(each in text for each in ("tell me who you are", "auto-detection is disabled", "empty ident")):
        raise GitError(
            "git does not know who commits: say so with git config --global user.name and git config --global user.email."
        )
    if "failed to sign" in text or "signing failed" in text.lower():
        raise GitError(
            f"git could not sign the commit, and nobody can type a passphrase here ({why}). Unlock the key (as by a signed "
            "commit in a terminal), or commit there."
        )
    if "dubious ownership" in text:
        raise GitError(
            "The repository belongs to another user: allow it with git config --global --add safe.directory."
        )
    if lock := re.search(r"'([^'\n]+\.lock)': File exists", text):
        raise GitError(
            f"Another git works in this repository, or one was killed there: when none runs any more, delete {lock[1]}."
        )
    if any(line.startswith(("fatal:", "error:")) for line in text.splitlines()):
        raise GitError(f"git says: {why}")
    raise GitError(f"A commit hook refused it: {why}")
