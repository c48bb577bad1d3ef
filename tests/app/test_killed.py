"""kill -9 at every write of the journal and at every call: the next process brings it to the right end.

The cloud and all that is on disk are as the killed process left them (`tests.support.mortal`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from tests.support.app import MANIFEST, App, write_project
from tests.support.cloud import FakeCloud
from tests.support.mortal import Life, Nursery, Will, begun, lived, nursery, served

ASKING = MANIFEST.replace("    uses:", "    environment: {KEY: {ask: the key}}\n    uses:")


@frozen
class Case:
    """A deployment as a person wants it, on a cloud that is `prepared`; how it ends, and what is there then."""

    will: Will
    outcome: str
    status: str | None
    executions: int = 1
    prepared: Callable[[FakeCloud], Any] = lambda cloud: None
    manifest: str = MANIFEST


def old_stack(cloud: FakeCloud) -> None:
    cloud.put("demo", "CREATE_COMPLETE", {"Failed": "AWS::SQS::Queue", "Old": "AWS::SNS::Topic"})


def failing(cloud: FakeCloud) -> None:
    cloud.fail["create:Failed"] = "no"


CASES: Mapping[str, Case] = {
    "create at once": Case(Will(auto_execute=True), "succeeded", "CREATE_COMPLETE"),
    "ask for a value": Case(Will(), "succeeded", "CREATE_COMPLETE", manifest=ASKING),
    "update": Case(Will(), "succeeded", "UPDATE_COMPLETE", prepared=old_stack),
    "abort": Case(Will(abort=True), "aborted", None, executions=0),
    "stop": Case(Will(stop=True), "stopped", None),
    "fail": Case(Will(), "rolledBack", "ROLLBACK_COMPLETE", prepared=failing),
    "recreate": Case(
        Will(), "succeeded", "CREATE_COMPLETE", prepared=lambda cloud: cloud.put("demo", "ROLLBACK_COMPLETE")
    ),
    "remove": Case(Will("undeploy"), "succeeded", None, prepared=old_stack),
}


@pytest.fixture
def lives() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: what is to be durable is written hundreds of times."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as made:
        yield Path(made)


class Try:
    """One project on one cloud."""

    def __init__(self, folder: Path, case: Case) -> None:
        write_project(folder / "project", case.manifest)
        self.folder = folder
        self.case = case
        self.cloud = FakeCloud()
        case.prepared(self.cloud)

    async def live(self, nursery: Nursery, at: int) -> bool:
        path = self.folder / "cloud"
        async with served(self.cloud, path):
            lived_on = await nursery.live(Life(str(self.folder), str(path), self.case.will, at))
        path.unlink(missing_ok=True)
        return lived_on

    async def live_on(self) -> None:
        """In this process, to the end; then look."""
        app = App(self.folder, self.cloud)
        try:
            self.check(app, await lived(app, await begun(app, self.case.will), self.case.will))
        finally:
            await app.deployments.close()

    def check(self, app: App, ended: Any) -> None:
        case, stack = self.case, self.cloud.live("demo")
        assert (ended.outcome, stack and stack.status) == (case.outcome, case.status)
        assert len(self.cloud.executions) == case.executions
        assert self.cloud.open_plans() == []
        assert app.deployments._journal.running() == ()
        assert all(row.status not in ("pending", "inProgress") for row in ended.changes) or case.will.abort
        names = [path.name for path in (self.folder / "state").rglob("*") if path.is_file()]
        assert [name for name in names if name.endswith(".new") or "running" in name or "damaged" in name] == []


@pytest.mark.parametrize("name", CASES)
async def test_it_is_killed_once_at_every_point(name: str, folder: Path, lives: Nursery) -> None:
    at = 0
    unharmed = False
    while not unharmed:
        at += 1
        attempt = Try(folder / str(at), CASES[name])
        unharmed = await attempt.live(lives, at)
        try:
            await attempt.live_on()
        except BaseException as error:
            error.add_note(f"killed at point {at}")
            raise
    # Fewer would mean that the points are not counted any more.
    assert at > 30


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("span", [25, 42])
async def test_one_process_after_the_other_is_killed(name: str, span: int, folder: Path, lives: Nursery) -> None:
    """Each lives for so many points and takes up what the one before it left."""
    attempt = Try(folder, CASES[name])
    for _ in range(20):
        if await attempt.live(lives, span):
            break
    await attempt.live_on()
