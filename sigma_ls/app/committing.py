"""What version control says before a deployment, and the commit, as events.  When to ask is the machine's business."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve

from sigma_ls.app.projects import ProjectError, load
from sigma_ls.app.world import CommitFailed, World
from sigma_ls.deploy import events as on


async def find_changes(world: World, manifest: Path, text: str | None) -> on.Event:
    """What of the project's folder is not committed; `text` is the manifest as it is deployed, where that is known."""
    try:
        work = await world.worktree(manifest.parent)
    except CommitFailed as failed:
        return on.EffectFailed("FindChanges", str(failed), "notCommitted")
    if work is not None and is_unsaved(manifest, text):
        work = evolve(work, commit=None)  # What is deployed is not what git has.
    return on.ChangesFound(work)


async def commit(world: World, manifest: Path, text: str | None, message: str) -> on.Event:
    """Commit the project's folder."""
    if is_unsaved(manifest, text):
        unsaved = f"{manifest.name} is not saved in the editor, and a commit would not hold what is deployed: save it."
        return on.EffectFailed("Commit", unsaved, "notCommitted")
    try:
        return on.Committed(await world.commit(manifest.parent, message))
    except CommitFailed as failed:
        return on.EffectFailed("Commit", str(failed), "notCommitted")


def is_unsaved(manifest: Path, text: str | None) -> bool:
    """Whether the manifest on the disk is another than `text`."""
    try:
        return text is not None and load(str(manifest)).text != text
    except ProjectError:
        return True
