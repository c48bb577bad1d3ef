"""Numbers, places and cautions as a person reads them."""

from pathlib import Path

import pytest
from attrs import evolve

from sigma_ls.cli.words import because, caution, duration, heading, names, one_line, place, seconds_between, summary
from sigma_ls.deploy.snapshot import Cause, ChangedResource, Location, PlanSummary, StackRef
from sigma_ls.syntax.span import Range
from tests.cli.samples import at, change, deployment


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (0, "0.0 s"),
        (0.44, "0.4 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1:00 min"),
        (185, "3:05 min"),
    ],
)
def test_durations(seconds, said):
    assert duration(seconds) == said


def test_time_between_needs_both_ends_and_is_never_negative():
    assert seconds_between(at(1), at(4)) == 3
    assert seconds_between(at(4), at(1)) == 0
    assert seconds_between(None, at(1)) is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"risk": "dataLoss", "replacement": "will"}, "data loss, replacement"),
        ({"replacement": "may"}, "may be replaced"),
        ({"risk": "interruption"}, "interruption"),
        ({"risk": "permissions", "replacement": "may"}, "may be replaced, permissions"),
    ],
)
def test_what_to_think_about_before_executing(fields, said):
    assert caution(change("sizes", "modify", **fields)) == said


def test_resources_of_one_id_and_type_are_told_apart_by_their_logical_ids():
    role = evolve(change("resize", "add"), id="ResizeRole", resource=ChangedResource("AWS::IAM::Role", "resize"))
    routes = [evolve(change("images", "add"), id=each) for each in ("ImagesGet", "ImagesPost")]
    assert names([change("resize", "add"), role, *routes]) == {
        "Resize": "resize",
        "ResizeRole": "resize",
        "ImagesGet": "ImagesGet",
        "ImagesPost": "ImagesPost",
    }


def test_a_replacement_is_not_said_twice():
    assert caution(change("sizes", "replace", replacement="will", risk="dataLoss")) == "data loss"


def test_why_a_change_is_made():
    causes = (Cause("MemorySize", "256", "512"), Cause("Code"))
    assert because(change("resize", "modify", causes=causes)) == "MemorySize 256 → 512, Code"
    assert because(change("resize", "modify", causes=causes, reason="No\n such role")) == "No such role"
    assert because(change("images", "add")) == ""


def test_a_summary_leaves_out_what_there_is_none_of():
    assert summary(PlanSummary(add=3, remove=1)) == "3 to add, 1 to remove"
    assert summary(PlanSummary()) == "nothing to change"


def test_where_it_goes():
    assert heading(deployment()) == "Deploying thumbnailer (dev): stack thumbnailer-dev in eu-west-1, sandbox"
    away = deployment(
        operation="undeploy", stage=None, sandbox=False, stack=StackRef("t", "us-east-1", account="123456789012")
    )
    assert heading(away) == "Removing thumbnailer: stack t in us-east-1, account 123456789012"
    assert heading(deployment(stack=StackRef("", ""))) == "Deploying thumbnailer (dev)"


@pytest.mark.parametrize(
    ("uri", "folder", "said"),
    [
        ("file:///home/ada/a%20b/sigma.yaml", "/home/ada", "a b/sigma.yaml:5:3"),
        ("file:///home/ada/sigma.yaml", "/home/ada", "sigma.yaml:5:3"),
        ("file:///other/sigma.yaml", "/home/ada", "/other/sigma.yaml:5:3"),
        ("untitled:sigma%20.yaml", "/home/ada", "untitled:sigma .yaml:5:3"),
    ],
)
def test_a_place_is_counted_from_one_and_seen_from_the_folder(uri, folder, said):
    assert place(Location(uri, Range.of(4, 2, 4, 9)), Path(folder)) == said


def test_no_text_of_a_cloud_commands_the_terminal():
    assert one_line("a\n\tb \x1b[31mred\x07\x9b0m") == "a b [31mred0m"
