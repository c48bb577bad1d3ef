"""The cfn-lint worker: started late, asked once for each template, replaced when it dies."""

import asyncio
import json
import os
import sys

import pytest

from sigma_ls.app.lint import REMEMBERED, Linter, LintFailed, LintFinding, LintUnavailable

# Answers with a finding that names the process and how often it was asked; `die`, `hang` and `fail` do so.
WORKER = """
import json, os, sys, time
asked = 0
for line in sys.stdin:
    template = json.loads(line)["template"]
    asked += 1
    if template == "die" or (template == "die once" and not os.path.exists(sys.argv[1])):
        open(sys.argv[1], "w").close()
        sys.exit(1)
    if template == "hang":
        time.sleep(600)
    answer = {"findings": [{"rule": str(os.getpid()), "level": "error", "message": str(asked), "path": ["A", 0]}]}
    print(json.dumps({"error": "no rules"} if template == "fail" else answer), flush=True)
"""


@pytest.fixture
async def linter(tmp_path):
    made = Linter(lambda: (sys.executable, "-c", WORKER, str(tmp_path / "died")), patience=20)
    yield made
    await made.close()


async def asked(linter, template, region="eu-west-1"):
    (finding,) = await linter.findings(template, region)
    return finding.rule, finding.message


async def test_one_process_answers_all(linter):
    assert linter._process is None
    process, _ = await asked(linter, "a")
    assert await asked(linter, "b") == (process, "2")
    assert await asked(linter, "a", "us-east-1") == (process, "3")


async def test_a_template_that_is_known_is_not_asked_for_again(linter):
    first = await asked(linter, "a")
    assert await asked(linter, "a") == first
    for number in range(REMEMBERED):
        await asked(linter, f"other {number}")
    assert await asked(linter, "a") != first


async def test_questions_at_the_same_time_get_their_own_answers(linter):
    answers = await asyncio.gather(*(asked(linter, str(number)) for number in range(5)))
    assert [message for _, message in answers] == ["1", "2", "3", "4", "5"]


async def test_a_worker_that_dies_is_replaced(linter):
    process, _ = await asked(linter, "a")
    other, count = await asked(linter, "die once")
    assert (other != process, count) == (True, "1")


async def test_one_that_always_dies_is_given_up(linter):
    with pytest.raises(LintFailed, match="gave no answer"):
        await linter.findings("die", "eu-west-1")
    # Another template has its own chance.
    assert (await asked(linter, "a"))[1] == "1"


async def test_one_that_does_not_answer_is_given_up(tmp_path):
    linter = Linter(lambda: (sys.executable, "-c", WORKER, str(tmp_path / "died")), patience=0.2)
    with pytest.raises(LintFailed, match="TimeoutError"):
        await linter.findings("hang", "eu-west-1")
    assert linter._process is None


async def test_one_that_nobody_asks_ends_and_the_next_question_starts_another(tmp_path):
    linter = Linter(lambda: (sys.executable, "-c", WORKER, str(tmp_path / "died")), idle=0.05)
    first, _ = await asked(linter, "a")
    async with asyncio.timeout(20):
        await linter._resting
    assert linter._process is None
    with pytest.raises(ProcessLookupError):
        os.kill(int(first), 0)
    # What it found is known without it.
    assert await asked(linter, "a") == (first, "1")
    assert linter._process is None
    other, count = await asked(linter, "b")
    assert (other != first, count) == (True, "1")
    await linter.close()


async def test_a_question_keeps_the_worker(tmp_path):
    linter = Linter(lambda: (sys.executable, "-c", WORKER, str(tmp_path / "died")), idle=30)
    await asked(linter, "a")
    resting = linter._resting
    await asked(linter, "b")
    await asyncio.wait([resting])
    assert resting.cancelled()
    assert linter._process is not None
    await linter.close()
    assert linter._resting is None


async def test_an_error_is_told_and_not_remembered(linter):
    for _ in range(2):
        with pytest.raises(LintFailed, match="no rules"):
            await linter.findings("fail", "eu-west-1")


async def test_a_program_that_is_not_there(tmp_path):
    with pytest.raises(LintFailed, match="No such file"):
        await Linter(lambda: (str(tmp_path / "nothing"),)).findings("a", "eu-west-1")


async def test_without_cfn_lint_it_is_said_at_once_and_tried_again_later(tmp_path):
    commands = [None, (sys.executable, "-c", WORKER, str(tmp_path / "died"))]
    linter = Linter(lambda: commands.pop(0))
    with pytest.raises(LintUnavailable):
        await linter.findings("a", "eu-west-1")
    assert (await asked(linter, "a"))[1] == "1"
    await linter.close()


async def test_who_gives_up_waiting_gets_nobody_elses_answer(linter):
    process, _ = await asked(linter, "a")
    waiting = asyncio.create_task(linter.findings("hang", "eu-west-1"))
    await asyncio.sleep(0)
    assert linter._asking.locked()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await asked(linter, "b"))[0] != process


async def test_cfn_lint_itself():
    linter = Linter()
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}
    found = await linter.findings(json.dumps({"Resources": {"Jobs": queue}}), "eu-west-1")
    assert found == (
        LintFinding(
            "E3002",
            "error",
            "Additional properties are not allowed ('Colour' was unexpected)",
            ("Resources", "Jobs", "Properties", "Colour"),
        ),
    )
    assert await linter.findings(json.dumps({"Resources": {"Jobs": {"Type": "AWS::SQS::Queue"}}}), "eu-west-1") == ()
    await linter.close()
