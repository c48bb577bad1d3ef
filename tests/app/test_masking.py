"""Asked values stay out of what is told, also where a service repeats them in an error."""

from __future__ import annotations

import json
import logging

import pytest

from sigma_ls.app.masking import masked
from sigma_ls.deploy import events as on
from sigma_ls.deploy.ports import Rejected, StackEvent, Unreachable
from sigma_ls.deploy.snapshot import Failure
from tests.support.app import MANIFEST, App
from tests.support.cloud import Fault

ASKING = MANIFEST.replace("    uses:", "    environment: {KEY: {ask: the key}}\n    uses:")
SECRET = "open-sesame"


def test_it_is_hidden_wherever_it_stands():
    event = StackEvent("1", "now", "Hello", "AWS::Lambda::Function", "CREATE_FAILED", f"Value '{SECRET}' is bad.")
    told = masked(on.Progressed("CREATE_IN_PROGRESS", (event,), "delete"), [SECRET, "x"])
    assert told.events[0].reason == "Value '(hidden)' is bad."
    assert told.events[0].logical_id == "Hello"
    failed = on.EffectFailed("Stage", SECRET, failures=(Failure("hello", f"no {SECRET}", True),))
    assert masked(failed, [SECRET]).failures == (Failure("hello", "no (hidden)", True),)
    assert masked({"a": ("secret-and-more", "secret")}, ["secret", "secret-and-more"]) == {
        "a": ("(hidden)", "(hidden)")
    }


@pytest.mark.parametrize("fault", ["event", "rejected", "unreachable", "defect"])
async def test_no_error_of_a_cloud_brings_it_to_disk_or_to_anyone(app: App, caplog, fault):
    caplog.set_level(logging.DEBUG)
    app.manifest.write_text(ASKING)
    said = f"The value {SECRET} is not accepted."
    match fault:
        case "event":
            app.cloud.fail["create:Hello"] = said
        case "rejected":
            app.cloud.faults.append(Fault("stage", Rejected(said)))
        case "unreachable":
            app.cloud.faults.append(Fault("stage", Unreachable(said)))
        case "defect":
            app.cloud.faults.append(Fault("outputs", ValueError(said)))
    begun = await app.start(auto_execute=True, answers={"KEY": SECRET})
    done = await app.end(begun)

    assert done.outcome == {"event": "rolledBack", "rejected": "failed"}.get(fault, "succeeded")
    told = [str(app.seen), str(app.heard), str(done), caplog.text, str(app.deployments.logs(begun.id))]
    told += [path.read_text() for path in app.folder.rglob("*") if path.is_file()]
    assert not [each for each in told if SECRET in each]
    assert any("(hidden)" in each for each in told)


async def test_it_reaches_the_cloud_as_it_was_given(app: App):
    app.manifest.write_text(ASKING)
    staged = await app.waiting(await app.start(answers={"KEY": SECRET}))
    (request,) = [plan.request for plan in app.cloud.plans.values()]
    assert list(request.parameters.values()) == [SECRET]
    assert SECRET not in json.dumps(request.template)
    assert SECRET not in repr(staged)
