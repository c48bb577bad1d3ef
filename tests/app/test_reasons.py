"""Causes with their places."""

from __future__ import annotations

from sigma_ls.app import reasons
from sigma_ls.deploy.ports import TemplateFault, Unreachable
from sigma_ls.deploy.snapshot import Failure, Location
from sigma_ls.syntax.span import Range
from sigma_ls.synth.template import SourceMap, Template

MEMORY = Range.of(9, 12, 9, 15)
TEMPLATE = Template(
    body={},
    sources=SourceMap(
        {("Resources", "Resize"): Range.of(7, 2, 7, 8), ("Resources", "Resize", "Properties", "MemorySize"): MEMORY}
    ),
    resources={"Resize": "resize"},
)


def test_a_fault_in_the_template_is_shown_where_it_comes_from():
    fault = TemplateFault("Value 99 is too small", ("Resources", "Resize", "Properties", "MemorySize"))
    assert reasons.of_template([fault], TEMPLATE, "demo", "u") == (
        Failure("resize", "Value 99 is too small", root_cause=True, change="Resize", location=Location("u", MEMORY)),
    )


def test_a_fault_without_a_place_is_the_stacks():
    faults = [TemplateFault("no"), TemplateFault("no", ("Outputs", "X"))]
    assert reasons.of_template(faults, TEMPLATE, "demo", "u") == (Failure("demo", "no", root_cause=True),) * 2
    assert reasons.of_template(faults[:1], None, "demo", "u") == (Failure("demo", "no", root_cause=True),)


def test_errors_are_counted_behind_the_first():
    first = Failure("sigma.yaml", "Unknown key [SIG103]", root_cause=True, location=Location("u", MEMORY))
    assert reasons.counted((first,)) == "The manifest has errors: Unknown key [SIG103] (line 10)."
    assert (
        reasons.counted((first, first, first)) == "The manifest has errors: Unknown key [SIG103] (line 10) and 2 more."
    )


def test_a_defect_while_watching_is_logged_and_no_reason_to_look_away(caplog):
    assert reasons.lost_sight(ZeroDivisionError("boom")).reason == "Watching failed, trying again: boom"
    assert "boom" in caplog.text
    caplog.clear()
    assert reasons.lost_sight(Unreachable("no network")).reason == "Not reachable, trying again: no network"
    assert caplog.text == ""
