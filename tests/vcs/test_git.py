"""What is not committed in a project's folder, and its commit: with the real git."""

from __future__ import annotations

import asyncio
import os

import pytest
from attrs import evolve
from inline_snapshot import snapshot

from sigma_ls.deploy.ports import Worktree
from sigma_ls.vcs import git as vcs
from sigma_ls.vcs.git import Repository
from sigma_ls.vcs.process import GitError
from tests.vcs.conftest import Tree

# --- looking ---------------------------------------------------------------------------------------------------------


async def test_a_folder_in_no_repository_has_no_worktree(bare: Tree):
    assert await bare.repository.worktree() is None


async def test_where_there_is_no_git_there_is_no_worktree(tree: Tree):
    tree.write(one="2")
    without = Repository(tree.folder, {**tree.environment, "PATH": str(tree.home)})
    assert await without.worktree() is None


async def test_the_folder_of_gits_own_files_has_no_worktree(tree: Tree):
    assert await Repository(tree.root / ".git", tree.environment).worktree() is None


async def test_a_clean_folder_is_at_its_commit(tree: Tree):
    assert await tree.repository.worktree() == Worktree(tree.git("rev-parse", "HEAD"))


async def test_what_is_changed_elsewhere_is_not_the_projects(tree: Tree):
    (tree.root / "other").write_text("2\n")
    (tree.root / "more").write_text("new\n")
    assert (await tree.repository.worktree()).count == 0


async def test_changed_new_and_removed_files_are_named_from_the_folder(tree: Tree):
    tree.write(two="2")
    tree.git("add", ".")
    tree.git("commit", "--quiet", "-m", "second")
    tree.write(one="changed", **{"src__with space": "new"})
    (tree.folder / "two").unlink()

    work = await tree.repository.worktree()

    assert (sorted(work.changed), work.count, work.new) == (["one", "src/with space", "two"], 3, 1)


async def test_what_is_staged_is_not_committed_yet(tree: Tree):
    tree.write(one="2")
    tree.git("add", ".")
    assert (await tree.repository.worktree()).changed == ("one",)


async def test_an_ignored_file_is_none_of_it(tree: Tree):
    (tree.root / ".git" / "info" / "exclude").write_text("*.log\n")
    tree.write(**{"a.log": "x"})
    assert (await tree.repository.worktree()).count == 0


async def test_of_many_files_some_are_named_and_all_are_counted(tree: Tree):
    tree.write(**{f"file{number}": "" for number in range(40)})
    work = await tree.repository.worktree()
    assert (len(work.changed), work.count, work.new) == (vcs.SHOWN, 40, 40)


async def test_a_large_new_file_is_named_with_its_size(tree: Tree):
    with (tree.folder / "data.bin").open("wb") as file:
        file.truncate(230_000_000)
    assert (await tree.repository.worktree()).large == ("data.bin (230 MB)",)


async def test_a_repository_within_is_somebody_elses(tree: Tree):
    (tree.folder / "inner").mkdir()
    tree.git("init", "--quiet", folder=tree.folder / "inner")
    (tree.folder / "inner" / "file").write_text("x")
    assert (await tree.repository.worktree()).count == 0


async def test_what_is_changed_within_a_submodule_is_not_ours_to_commit(tree: Tree):
    tree.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tree.root), "shop/sub")
    tree.git("commit", "--quiet", "-m", "submodule")
    (tree.folder / "sub" / "other").write_text("2\n")
    assert (await tree.repository.worktree()).count == 0


async def test_a_look_takes_no_lock_and_rewrites_no_index(tree: Tree):
    index = tree.root / ".git" / "index"
    before = index.read_bytes()
    tree.write(one="1\n")  # The same text with another time, which git would note in its index.
    (tree.root / ".git" / "index.lock").touch()
    assert (await tree.repository.worktree()).count == 0
    assert index.read_bytes() == before


async def test_a_look_starts_no_program_that_the_repository_names(tree: Tree):
    tree.git("config", "core.fsmonitor", f"touch {tree.home}/started; false")
    await tree.repository.worktree()
    assert not (tree.home / "started").exists()


async def test_the_variables_of_another_repository_do_not_lead_astray(tree: Tree):
    tree.write(one="2")
    strange = {**tree.environment, "GIT_DIR": str(tree.home / "nowhere"), "GIT_INDEX_FILE": "nothing"}
    assert (await Repository(tree.folder, strange).worktree()).changed == ("one",)


async def test_a_repository_that_git_cannot_read_says_so(tree: Tree):
    (tree.root / ".git" / "index").write_bytes(b"nonsense" * 10)
    with pytest.raises(GitError, match=r"git says: .*index"):
        await tree.repository.worktree()


# --- what keeps from committing --------------------------------------------------------------------------------------


async def hindrance(tree: Tree) -> str:
    """What the look says, which is what the commit says too."""
    found = (await tree.repository.worktree()).hindrance
    before = tree.git("rev-parse", "HEAD")
    with pytest.raises(GitError) as refused:
        await tree.repository.commit("no")
    assert str(refused.value) == found
    assert tree.git("rev-parse", "HEAD") == before
    return found


async def test_on_a_detached_head_nothing_is_committed(tree: Tree):
    tree.git("checkout", "--quiet", "--detach")
    tree.write(one="2")
    assert await hindrance(tree) == snapshot(
        "HEAD is detached, so that a commit would be on no branch: check out a branch before a commit."
    )


async def test_in_a_merge_nothing_is_committed(tree: Tree):
    tree.git("checkout", "--quiet", "-b", "side")
    tree.write(one="side")
    tree.git("commit", "--quiet", "-am", "side")
    tree.git("checkout", "--quiet", "main")
    tree.write(one="main")
    tree.git("commit", "--quiet", "-am", "main")
    tree.git("merge", "--quiet", "--no-commit", "--no-ff", "-s", "ours", "side")
    tree.write(one="more")
    assert await hindrance(tree) == snapshot("A merge is not finished: finish or abort it before a commit.")


@pytest.mark.parametrize("operation", ["cherry-pick", "rebase"])
async def test_in_a_conflict_nothing_is_committed(tree: Tree, operation: str):
    tree.git("checkout", "--quiet", "-b", "side")
    tree.write(one="side")
    tree.git("commit", "--quiet", "-am", "side")
    tree.git("checkout", "--quiet", "main")
    tree.write(one="main")
    tree.git("commit", "--quiet", "-am", "main")
    with pytest.raises(Exception, match="non-zero exit status"):
        tree.git(operation, "side")
    assert (
        await hindrance(tree) == f"A {operation} is not finished (1 in conflict): finish or abort it before a commit."
    )


# --- committing ------------------------------------------------------------------------------------------------------


async def test_a_commit_holds_all_of_the_folder_and_nothing_else(tree: Tree):
    (tree.root / "other").write_text("staged by somebody\n")
    tree.git("add", "other")
    (tree.root / "other").write_text("and changed since\n")
    tree.write(one="2", **{"src__*": "a name that is no pattern", "src__-x": "nor an option"})

    made = await tree.repository.commit("Deploy shop (dev)\n\n# not a comment")

    assert made == tree.git("rev-parse", "HEAD")
    assert tree.log() == ["Deploy shop (dev)", "first"]
    assert tree.git("log", "-1", "--format=%b%an") == "# not a comment\nAda"
    assert tree.git("show", "--name-only", "--format=").splitlines() == ["shop/one", "shop/src/*", "shop/src/-x"]
    assert tree.git("diff", "--cached", "--name-only") == "other"
    assert tree.git("show", ":other") == "staged by somebody"
    assert (await tree.repository.worktree()) == Worktree(made)


async def test_the_first_commit_of_a_repository(fresh: Tree):
    fresh.write(one="1")
    work = await fresh.repository.worktree()
    assert (work.commit, work.changed, work.hindrance) == (None, ("one",), "")
    made = await fresh.repository.commit("first")
    assert (await fresh.repository.worktree()) == Worktree(made)


async def test_a_removed_file_is_removed_by_the_commit(tree: Tree):
    (tree.folder / "one").unlink()
    await tree.repository.commit("without")
    assert tree.git("ls-files") == "other"


async def test_where_nothing_is_left_to_commit_the_last_commit_counts(tree: Tree):
    assert await tree.repository.commit("nothing") == tree.git("rev-parse", "HEAD")
    assert tree.log() == ["first"]


async def refused(tree: Tree) -> str:
    """Why the commit of one changed, one partly staged and one new file failed; none of them is touched by that."""
    tree.write(one="staged\n")
    tree.git("add", "shop/one")
    tree.write(one="staged\nand more\n", new="new\n")
    before = (tree.git("status", "--porcelain", "-uall"), tree.git("show", ":shop/one"), tree.log())
    with pytest.raises(GitError) as failed:
        await tree.repository.commit("no")
    assert (tree.git("status", "--porcelain", "-uall"), tree.git("show", ":shop/one"), tree.log()) == before
    assert (tree.folder / "one").read_text() == "staged\nand more\n"
    return str(failed.value)


async def test_what_a_hook_says_is_why_it_failed(tree: Tree):
    tree.hook("pre-commit", "echo 'app.py:3: unused import'", "echo 'found 1 error' >&2", "exit 1")
    assert await refused(tree) == snapshot("A commit hook refused it: app.py:3: unused import / found 1 error")


async def test_a_hook_on_the_message_counts_too(tree: Tree):
    tree.hook("commit-msg", "echo 'no ticket in the message' >&2", "exit 1")
    assert await refused(tree) == snapshot("A commit hook refused it: no ticket in the message")


async def test_a_hook_that_says_nothing(tree: Tree):
    tree.hook("pre-commit", "exit 1")
    assert await refused(tree) == snapshot("A commit hook refused it: it ended with status 1")


async def test_without_an_author_git_is_told_of_none(tree: Tree):
    (tree.home / ".gitconfig").write_text("")
    assert await refused(tree) == snapshot(
        "git does not know who commits: say so with git config --global user.name and git config --global user.email."
    )


async def test_a_signature_that_needs_a_passphrase_fails_at_once(tree: Tree):
    signer = tree.home / "signer"
    signer.write_text("#!/bin/sh\necho 'no terminal to ask for the passphrase' >&2\nread key < /dev/tty || exit 2\n")
    signer.chmod(0o755)
    tree.git("config", "--global", "commit.gpgSign", "true")
    tree.git("config", "--global", "gpg.program", str(signer))
    assert "git could not sign the commit, and nobody can type a passphrase here (" in await refused(tree)


async def test_the_lock_of_another_git_is_named(tree: Tree):
    tree.write(one="2")
    (tree.root / ".git" / "index.lock").touch()
    with pytest.raises(GitError, match=r"Another git works in this repository.* delete \S+/\.git/index\.lock\."):
        await tree.repository.commit("no")
    assert tree.log() == ["first"]


async def test_a_hook_that_never_ends_is_ended_and_nothing_stays_locked(tree: Tree):
    tree.hook("pre-commit", "echo 'running all tests' >&2", "sleep 600")
    tree.write(one="2", new="new")
    with pytest.raises(GitError) as failed:
        await evolve(tree.repository, committing=0.5).commit("no")
    assert str(failed.value) == snapshot(
        "git commit took longer than 0.5 seconds and was ended. It said: running all tests"
    )
    assert not (tree.root / ".git" / "index.lock").exists()
    assert tree.git("status", "--porcelain", "-uall").splitlines() == [" M shop/one", "?? shop/new"]
    tree.hook("pre-commit", "exit 0")
    await tree.repository.commit("now")


async def test_a_commit_that_is_given_up_leaves_nothing_behind(tree: Tree):
    begun = tree.home / "begun"
    os.mkfifo(begun)
    tree.hook("pre-commit", f"echo > {begun}", "sleep 600")
    tree.write(one="2", new="new")
    commit = asyncio.create_task(tree.repository.commit("no"))
    await asyncio.to_thread(begun.read_text)
    commit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await commit
    assert not (tree.root / ".git" / "index.lock").exists()
    assert tree.git("status", "--porcelain", "-uall").splitlines() == [" M shop/one", "?? shop/new"]


async def test_what_a_hook_leaves_running_is_not_waited_for(tree: Tree):
    tree.hook("post-commit", f"sleep 600 & echo $! > {tree.home}/left")
    tree.write(one="2")
    async with asyncio.timeout(10):
        await tree.repository.commit("quick")
    tree.git("log")
    left = (tree.home / "left").read_text().strip()
    await (await asyncio.create_subprocess_exec("kill", left)).wait()
    assert tree.log() == ["quick", "first"]


async def test_a_commit_in_no_repository_says_so(bare: Tree):
    with pytest.raises(GitError, match="is in no git repository"):
        await bare.repository.commit("no")
