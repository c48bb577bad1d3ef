"""The changelist on a terminal: what it shows, and what it leaves out when there is no room."""

import io

from attrs import evolve
from inline_snapshot import snapshot
from rich.console import Console

from sigma_ls.cli.table import fitting, screen
from sigma_ls.deploy.snapshot import Cause, Progress
from tests.cli.samples import at, change, deployment, staged

RUNNING = evolve(
    staged(),
    phase="monitoring",
    message="1/3 done, 1 errors; stack state: UPDATE_IN_PROGRESS",
    progress=Progress(1, 3, 1, eta_seconds=12),
    changes=(
        change("images", "add", "succeeded", started_at=at(1), ended_at=at(3)),
        change("resize", "modify", "inProgress", started_at=at(2), causes=(Cause("MemorySize", "256", "512"),)),
        change("sizes", "replace", "failed", risk="dataLoss", started_at=at(2), ended_at=at(4), reason="No."),
    ),
)


def drawn(now, *, width=100, height=None, ascii_only=False):
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    console.print(screen(now, now=at(9), width=width, height=height, ascii_only=ascii_only))
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_a_running_deployment():
    assert drawn(RUNNING) == snapshot(
        [
            "Deploying thumbnailer (dev): stack thumbnailer-dev in eu-west-1, sandbox",
            "monitoring  ██████░░░░░░░░░░░░░░ 1/3  9.0 s, about 12 s left",
            "1/3 done, 1 errors; stack state: UPDATE_IN_PROGRESS",
            "status         action   type                   name        time  note",
            "✓ done         add      AWS::S3::Bucket        images     2.0 s",
            "▸ in progress  modify   AWS::Lambda::Function  resize     7.0 s  MemorySize 256 → 512",
            "✗ failed       replace  AWS::DynamoDB::Table   sizes      2.0 s  No.",
        ]
    )


def test_on_a_narrow_terminal_without_unicode():
    lines = drawn(RUNNING, width=80, ascii_only=True)
    assert all(len(line) <= 80 for line in lines)
    assert lines[1:] == snapshot(
        [
            "monitoring  ######-------------- 1/3  9.0 s, about 12 s left",
            "1/3 done, 1 errors; stack state: UPDATE_IN_PROGRESS",
            "status         action   type              name        time  note",
            "+ done         add      S3::Bucket        images     2.0 s",
            "> in progress  modify   Lambda::Function  resize     7.0 s  MemorySize 256 → …",
            "x failed       replace  DynamoDB::Table   sizes      2.0 s  No.",
        ]
    )


def test_what_is_staged_is_summed_up():
    assert drawn(staged())[1] == "staged: 1 to add, 1 to modify  9.0 s"


def test_an_ended_deployment_shows_its_outcome_and_its_own_time():
    ended = evolve(RUNNING, phase="completed", outcome="rolledBack", ended_at=at(5))
    assert drawn(ended)[1] == "✗ failed and rolled back  5.0 s"


def test_without_changes_there_is_no_table():
    assert len(drawn(deployment())) == 3


def test_rows_that_need_attention_stay_in_the_order_of_the_plan():
    statuses = ["succeeded", "pending", "failed", "inProgress", "pending", "succeeded"]
    changes = [evolve(change("images", "add", status), id=str(index)) for index, status in enumerate(statuses)]
    assert [each.id for each in fitting(changes, 3)] == ["1", "2", "3"]
    assert len(fitting(changes, 6)) == 6


def test_the_screen_never_grows_higher_than_the_terminal():
    many = tuple(evolve(change("images", "add"), id=str(index)) for index in range(200))
    lines = drawn(evolve(RUNNING, changes=many), height=24)
    assert len(lines) < 24
    assert lines[-1] == "… and 182 more: 182 pending"
