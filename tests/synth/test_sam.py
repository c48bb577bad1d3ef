"""Whole applications wire what the SAM template wires that one would write by hand for the same.

SAM is AWS's own expansion of such templates: where the field's practice moves, these tests show it.
"""

from pathlib import Path

import boto3
import pytest
import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from sigma_ls.manifest import lower
from sigma_ls.synth import synthesize
from tests.synth.wiring import Wiring

CASES = sorted(Path(__file__).with_name("sam").glob("*.yaml"))


@pytest.fixture(params=CASES, ids=[case.stem for case in CASES], scope="module")
def both(request):
    """Our template and SAM's."""
    case = yaml.safe_load(request.param.read_text(encoding="utf-8"))
    lowered = lower(yaml.safe_dump(case["manifest"], sort_keys=False))
    assert lowered.project is not None, lowered.diagnostics
    session = boto3.Session(region_name="eu-west-1")
    theirs = Translator({}, Parser(), boto_session=session).translate(case["sam"], {})
    return Wiring(synthesize(lowered.project).body), Wiring(theirs)


def test_functions_have_the_same_settings(both):
    ours, theirs = both
    assert ours.functions() == theirs.functions()


def test_the_same_things_call_functions_in_the_same_way(both):
    ours, theirs = both
    assert ours.triggers() == theirs.triggers()


def test_who_may_call_is_at_least_as_narrow(both):
    ours, theirs = ([*each.permissions()] for each in both)
    for mine in ours:
        assert [one for one in theirs if mine.is_within(one)], mine
    # Nobody is forgotten.
    for one in theirs:
        assert [mine for mine in ours if mine.is_within(one)], one


def test_each_kind_of_trigger_is_compared():
    """A kind that is in no case would not be guarded."""
    found = {
        kind
        for case in CASES
        for function in yaml.safe_load(case.read_text(encoding="utf-8"))["manifest"]["functions"].values()
        for trigger in function["triggers"]
        for kind in trigger
    }
    assert found >= {
        *("http", "url", "schedule", "event", "bucket", "table", "stream", "queue", "topic", "userPool", "logs"),
        *("alexa", "iot"),
    }


def test_a_difference_would_show():
    """The comparison itself can fail."""
    case = yaml.safe_load(CASES[0].read_text(encoding="utf-8"))
    before = Wiring(synthesize(lower(yaml.safe_dump(case["manifest"])).project).body)
    case["manifest"]["functions"]["watch"]["triggers"][0]["event"]["source"] = "aws.s3"
    after = Wiring(synthesize(lower(yaml.safe_dump(case["manifest"])).project).body)
    assert len(before.triggers() - after.triggers()) == 1
    wide = next(one for one in before.permissions() if one.principal == "s3.amazonaws.com")
    assert not wide.is_within(type(wide)(wide.function, wide.action, wide.principal, "arn:other", ()))
