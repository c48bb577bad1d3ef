"""The analysis as a whole: edits one by one, any text, in bounded time, and nothing touched that need not be."""

import random
import string
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sigma_ls.manifest import Analysis, check_text, lower, lower_checked
from sigma_ls.manifest.diagnostic import Severity
from sigma_ls.syntax.building import MOST_PROBLEMS
from sigma_ls.syntax.document import LONG
from sigma_ls.syntax.span import Range
from tests.support.check import SHELL, AnyFiles, FakeFiles
from tests.syntax.texts import TEXTS

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*/sigma.yaml"))

LINES = st.sampled_from(
    [
        "name: demo\n",
        "platform: aws\n",
        "platform: gcp\n",
        "aws: {region: eu-west-1}\n",
        "functions:\n",
        "resources:\n",
        "stages:\n",
        "outputs:\n",
        "  one:\n",
        "  two:\n",
        "  jobs: {type: queue}\n",
        "  jobs: {type: queue, visibilityTimeout: 3}\n",
        "  images: {type: bucket}\n",
        "  more: {type: queue, deadLetter: jobs}\n",
        "  a-b: {type: table, partitionKey: id}\n",
        "  aB: {type: topic}\n",
        "  raw: {type: 'AWS::SNS::Topic', properties: {TopicName: !Ref Jobs}}\n",
        "  dev:\n",
        "  prod: {functions: {one: {timeout: 90}}}\n",
        "  test: {resources: {images: {type: queue}}}\n",
        "  Url: {value: '${api.url} ${jobs.url}'}\n",
        "    runtime: python3.13\n",
        "    handler: app.handler\n",
        "    code: src\n",
        "    memory: 64\n",
        "    timeout: 60\n",
        "    deadLetter: jobs\n",
        "    triggers: [{queue: jobs}, {http: GET /}]\n",
        "    triggers: [{bucket: images}]\n",
        "    uses: {images: write, jobs: [send]}\n",
        "    environment: {A: '${images.name}', AWS_REGION: x}\n",
        "    memory: 128 # sigma: ignore SIG106\n",
        "  # sigma: ignore SIG207\n",
        "    more: &a {x: 1}\n",
        "    less: *a\n",
        '    d: "open\n',
        "template: {Resources: {Images: {}}}\n",
        "template: overlay.yaml\n",
        "stack: demo-${stage}\n",
        "stack: demo\n",
        f"environment: {{A: {'x' * 2_100}}}\n",
        "environment: {A: x, B: '${stage}'}\n",
        f"    environment: {{B: {'y' * 2_100}}}\n",
        "  test: {functions: {one: null, none: null}, aws: {region: null}}\n",
        "  ordered: {type: queue, fifo: true, deadLetter: jobs}\n",
        "  legacy: {type: queue, existing: 'arn:aws:sqs:eu-west-1:123456789012:legacy.fifo', keep: true}\n",
        "  same: {type: table, partitionKey: id, sortKey: id, indexes: {by: {partitionKey: {name: id, type: number}}}}\n",
        "  terra: {type: google_pubsub_topic}\n",
        "gcp: {engine: deployment-manager, serviceAccount: x, tags: {}}\n",
        "    triggers: [{queue: jobs, batch: 20}, {queue: ordered, batch: 20, window: 3, filter: {a: b}}, {queue: jobs}]\n",
        "    triggers: [{bucket: images, prefix: 'a*', events: [created, created:put]}, {url: iam, cors: {credentials: true}}]\n",
        "    triggers: [{http: 'get /{a}/{a}'}, {http: 'GET /{a}/{a}'}, {event: {}}, {schedule: cron(0 12 * * * *)}]\n",
        "    uses: {images: Write, jobs: [send], api: invoke}\n",
        "    layers: ['arn:aws:lambda:eu-west-1:123456789012:layer:x:1', 'arn:aws:lambda:eu-west-1:123456789012:layer:x:2']\n",
        "    permissions: [{effect: Allow, Action: 's3:*', Principal: '*'}]\n",
        "  ? two\n",
        "  : {runtime: python3.13}\n",
        "\n",
    ]
)
MANIFESTS = st.lists(LINES, max_size=30).map("".join)


STEPS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 12), st.integers(0, 3), st.integers(0, 12), LINES | TEXTS),
    min_size=1,
    max_size=6,
)


def shown(analysis):
    return [(each.code, each.range, each.message, each.related) for each in analysis.diagnostics()]


def fresh(text, files=None):
    analysis = Analysis(files)
    analysis.open(text)
    return analysis


FLOW = st.lists(
    st.sampled_from(
        [
            "{",
            '"name": "demo",',
            '"platform": "aws",',
            "aws: {region: eu-west-1},\n",
            '"functions": {',
            '"one": {runtime: python3.13, handler: a.b, code: src},\n',
            "two: {memory: 1},",
            "},\n",
            "resources: {jobs: &a {type: queue},\n more: *a}, ",
            "resources: {jobs: {type: queu}}\n",
            "}",
            "\n",
        ]
    ),
    max_size=14,
).map("".join)

READ_WHOLE = FLOW.map(lambda text: "{" + text) | MANIFESTS.map(lambda text: "a: &x {}\n" + text + "b: *x\n")
"""Texts that are YAML only as a whole, if at all."""


@settings(deadline=None)
@given(MANIFESTS | READ_WHOLE, STEPS)
@example("  one:\n", [(0, 0, 0, 1, "")])
@example("{functions: {one: {\n memory: 12}}}\n", [(1, 10, 0, 11, "9")])
@example("{functions: {one: {\n memory: 12}}}\n", [(1, 0, 0, 0, " ")])
def test_edits_one_by_one_say_what_the_whole_text_says(text, steps):
    analysis = fresh(text, AnyFiles())
    for line, start, more, end, new in steps:
        analysis.edit(Range.of(line, start, line + more, end), new)
        assert shown(analysis) == shown(fresh(analysis.text, AnyFiles()))


@settings(deadline=None)
@given(MANIFESTS | READ_WHOLE, STEPS)
def test_what_is_put_off_is_made_up_for(text, steps):
    # Nothing is small: whatever needs the whole text waits.
    analysis = Analysis(AnyFiles(), small=0)
    analysis.open(text)
    for number, (line, start, more, end, new) in enumerate(steps):
        analysis.edit(Range.of(line, start, line + more, end), new)
        analysis.diagnostics()
        if number % 2:
            analysis.settle()
            assert shown(analysis) == shown(fresh(analysis.text, AnyFiles()))
    analysis.settle()
    assert shown(analysis) == shown(fresh(analysis.text, AnyFiles()))
    lines = [(block.start, block.count) for block in analysis.document.blocks]
    assert [start for start, _ in lines] == [sum(count for _, count in lines[:index]) for index in range(len(lines))]


SHARING = """\
name: demo
platform: aws
aws: {region: eu-west-1}
stages:
  dev:
  prod: {functions: {one: {timeout: 60, triggers: [queue: jobs]}}, resources: {jobs: {visibilityTimeout: 5}}}
functions:
  one: &base
    runtime: python3.13
    handler: app.handler
    code: src
    environment:
      A: |
        x ${jobs.url}
  two:
    <<: *base
    memory: 512 # sigma: ignore SIG106
  three: {<<: *base, timeout: 3}
  four:
    runtime: python3.13
    handler: app.handler
    code: src
    memory: 512
resources: {jobs: {type: queue}, sizes: {type: table, partitionKey: id}}
outputs:
  ? A
  : {value: "${sizes.name} 😀 ${jobs.nam}"}
"""
"""What cannot be read entry by entry: shared anchors, sections in brackets, a key of its own line, a stage's overrides."""
SMALL_EDITS = st.lists(
    st.tuples(
        st.integers(0, SHARING.count("\n")),
        st.integers(0, 40),
        st.integers(0, 6),
        st.sampled_from(["", "x", "1", " ", "\n", "\r\n", "*base", "platform: gcp\n", "jobs", "{", "}", "#", "'"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None)
@given(st.sampled_from([SHARING, SHARING.replace("\n", "\r\n")]), SMALL_EDITS, st.sampled_from([0, 2_000]))
def test_small_edits_of_what_is_read_whole(text, edits, small):
    analysis = Analysis(AnyFiles(), small=small)
    analysis.open(text)
    for line, start, length, new in edits:
        analysis.edit(Range.of(line, start, line, start + length), new)
        analysis.diagnostics()
        if small:
            assert shown(analysis) == shown(fresh(analysis.text, AnyFiles()))
    analysis.settle()
    assert shown(analysis) == shown(fresh(analysis.text, AnyFiles()))


def test_a_number_changed_within_a_line_of_what_is_read_whole():
    analysis = fresh(SHARING, AnyFiles())
    assert analysis.document.whole
    before = shown(analysis)
    line = SHARING.split("\n").index("    memory: 512")
    analysis.edit(Range.of(line, 13, line, 15), "")
    assert sorted(code for code, *_ in shown(analysis)) == sorted([code for code, *_ in before] + ["SIG106"])
    analysis.edit(Range.of(line, 13, line, 13), "12")
    assert shown(analysis) == before


def test_the_first_of_two_platforms_counts_whichever_was_typed_last():
    analysis = fresh(SHELL + "platform: gcp\n", AnyFiles())
    analysis.edit(Range.of(1, 13, 1, 13), " # the first")
    analysis.edit(Range.of(2, 0, 2, 3), "gcp")
    assert shown(analysis) == shown(fresh(analysis.text, AnyFiles()))


def test_the_nearest_id_is_one_that_is_still_there():
    text = SHELL + "functions:\n  one: {deadLetter: jbs}\nresources:\n  jobs: {type: queue}\n"
    analysis = fresh(text, AnyFiles())
    assert any("did you mean 'jobs'" in message for _, _, message, _ in shown(analysis))
    analysis.edit(Range.of(6, 2, 6, 6), "letters")
    assert shown(analysis) == shown(fresh(analysis.text, AnyFiles()))
    assert not any("did you mean 'jobs'" in message for _, _, message, _ in shown(analysis))


@settings(deadline=None)
@given(TEXTS | MANIFESTS)
def test_any_text_is_analysed(text):
    for each in check_text(text):
        assert each.range.start <= each.range.end
        assert each.href.endswith(each.code.lower())
    lowered = lower(text)
    if lowered.project is None:
        assert any(each.severity is Severity.ERROR for each in lowered.diagnostics)


@settings(deadline=None)
@given(MANIFESTS)
def test_what_has_no_errors_is_a_project(text):
    lowered = lower(SHELL + text)
    if not any(each.severity is Severity.ERROR for each in lowered.diagnostics):
        assert lowered.project is not None


@settings(deadline=None)
@given(MANIFESTS, st.sampled_from([None, "dev", "prod"]))
def test_the_project_of_a_text_that_was_checked_is_that_of_the_text(text, stage):
    lowered = lower(SHELL + text, stage)
    if not any(each.severity is Severity.ERROR for each in lowered.diagnostics):
        assert lower_checked(SHELL + text, stage).project == lowered.project


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_the_project_of_an_example_that_was_checked(path):
    text = path.read_text()
    assert lower_checked(text).project == lower(text).project is not None
    assert [each.code for each in lower_checked(text, "nowhere").diagnostics] == ["SIG601"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_any_prefix_of_an_example(path):
    text = path.read_text()
    analysis = Analysis()
    analysis.open("")
    for length in range(0, len(text), 11):
        last = len(analysis.document.lines) - 1
        end = len(analysis.document.lines.content(last))
        analysis.edit(Range.of(last, end, last, end), text[length : length + 11])
        assert shown(analysis) == shown(fresh(text[: length + 11]))
    assert analysis.text == text


class Folder:
    """The files beside an example."""

    def __init__(self, folder):
        self._folder = folder

    def exists(self, path):
        return (self._folder / path).exists()

    def read(self, path):
        return (self._folder / path).read_text()

    def refused(self, path):
        return ""


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_examples_are_clean(path):
    assert check_text(path.read_text(), Folder(path.parent)) == []


def test_a_change_of_platform_judges_everything_anew():
    text = SHELL + "functions:\n  one: {runtime: python3.13, handler: app.handler, code: src, layers: []}\n"
    analysis = fresh(text)
    assert shown(analysis) == []
    analysis.edit(Range.of(1, 10, 1, 13), "gcp")
    assert "SIG104" in [each.code for each in analysis.diagnostics()]
    analysis.edit(Range.of(1, 10, 1, 13), "aws")
    assert shown(analysis) == []


def test_related_places_move_with_what_they_relate_to():
    text = (
        SHELL
        + "functions:\n  long: {runtime: python3.13, handler: a.b, code: src, timeout: 31, triggers: [queue: jobs]}\n"
        + "resources:\n  jobs: {type: queue, visibilityTimeout: 30}\n"
    )
    analysis = fresh(text)
    (found,) = analysis.diagnostics()
    assert found.related[0].range.start.line == 6
    analysis.edit(Range.of(5, 0, 5, 0), "\n\n")
    (found,) = analysis.diagnostics()
    assert (found.range.start.line, found.related[0].range.start.line) == (4, 8)


def test_large_documents_settle_when_asked():
    rows = "".join(f"  q{number}: {{type: queue}}\n" for number in range(2_100))
    text = SHELL + "template: &x {}\nresources:\n" + rows + "  last: {type: 'AWS::X::Y', properties: *x}\n"
    analysis = fresh(text)
    assert not analysis.settled
    # That the anchor is missing is not said before it is known.
    assert "SIG006" not in [each.code for each in analysis.diagnostics()]
    analysis.settle()
    assert analysis.settled
    assert "SIG006" not in [each.code for each in analysis.diagnostics()]


def test_an_alias_without_an_anchor_is_said_when_that_is_known():
    rows = "  # A comment.\n" * 2_100
    analysis = fresh(f"{SHELL}resources:\n{rows}  last: *x\n")
    assert [each.code for each in analysis.diagnostics() if each.severity is Severity.ERROR] == []
    analysis.settle()
    assert [each.code for each in analysis.diagnostics() if each.severity is Severity.ERROR] == ["SIG006"]
    # An edit elsewhere does not make it doubtful again.
    analysis.edit(Range.of(6, 0, 6, 0), "  # More.\n")
    assert [each.code for each in analysis.diagnostics() if each.severity is Severity.ERROR] == ["SIG006"]


def _misspelt(functions: int, last: str = "") -> str:
    entries = "".join(f"  f{number}:\n    handler: a.b\n    handler: a.c\n" for number in range(functions))
    return f"{SHELL}functionz:\n{entries}{last}"


@pytest.mark.parametrize("functions", [5, LONG])
def test_an_entry_whose_key_means_nothing_is_read_as_yaml_however_long_it_is(functions):
    found = check_text(_misspelt(functions))
    head = SHELL.count("\n")
    assert [each.range.start.line for each in found if each.code == "SIG102"] == [head]
    repeated = [each.range.start.line for each in found if each.code == "SIG004"]
    assert repeated == [head + 3 + 3 * number for number in range(min(functions, MOST_PROBLEMS))]
    broken = check_text(_misspelt(functions, "  last: [\n"))
    assert "SIG001" in [each.code for each in broken]


def test_at_most_a_thousand_diagnostics():
    rows = "".join(f"  q{number}: {{type: queu}}\n" for number in range(1_100))
    assert len(check_text(SHELL + "resources:\n" + rows)) == 1_000


def test_a_misspelt_section_is_among_the_thousand_though_its_consequences_come_first():
    function = "{runtime: python3.13, handler: a.b, code: src, uses: {jobs: send}}"
    rows = "".join(f"  f{number}: {function}\n" for number in range(1_100))
    found = check_text(f"{SHELL}functions:\n{rows}resourcesx:\n  jobs: {{type: queue}}\n")
    assert len(found) == 1_000
    assert [(each.code, each.range.start.line) for each in found][-1] == ("SIG102", 1_104)


GARBAGE = {
    "random": lambda size: "".join(random.Random(1).choices(string.printable, k=5 * size)),
    "binary": lambda size: random.Random(1).randbytes(5 * size).decode("latin-1"),
    "nulls": lambda size: "\0" * size,
    "lines": lambda size: "x\n" * size,
    "one line": lambda size: "x" * 100 * size,
    "brackets": lambda size: "a: " + "[" * size,
    "braces": lambda size: "{a: " * size,
    "dashes": lambda size: "- " * size,
    "quotes": lambda size: "'\n\"" * size,
    "indents": lambda size: "".join(f"{' ' * number}a:\n" for number in range(size // 1000)),
    "aliases": lambda size: "a: &a [x]\n" + "b: *a\n" * (size // 6),
    "merges": lambda size: "a:\n  - &x {a: 1}\n" + "  - {<<: *x}\n" * (size // 14),
    "colons": lambda size: "a: b: " * size,
    "returns": lambda size: "a:\r" * size,
    "keys": lambda size: "functions:\n" + "  a: {}\n" * (size // 8),
    "references": lambda size: "outputs:\n  A: {value: '" + "${a.b}" * (size // 20) + "'}\n",
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_is_analysed_in_bounded_time(kind):
    text = GARBAGE[kind](1_000_000)
    started = time.process_time()
    check_text(text)
    # About 2 s at most on an idle machine; what this is to find takes minutes.
    assert time.process_time() - started < 20


def function(number):
    return f"""\
  work-{number}:
    runtime: python3.13
    handler: app.handler
    code: src
    memory: 256
    environment:
      TABLE: ${{sizes.name}}
      LEVEL: info
    triggers:
      - http: GET /items/{number}/{{id}}
      - queue: jobs
        batch: 3
    uses:
      sizes: [read, write]
"""


LARGE = (
    SHELL
    + "functions:\n"
    + "".join(map(function, range(3_570)))
    + "resources:\n  sizes: {type: table, partitionKey: id}\n  jobs: {type: queue}\n"
)


def test_fifty_thousand_lines():
    assert LARGE.count("\n") >= 49_980
    started = time.process_time()
    analysis = fresh(LARGE)
    assert analysis.diagnostics() == []
    # 0.5 s on an idle machine.
    assert time.process_time() - started < 5
    line = LARGE[: LARGE.index("memory: 256", 600_000)].count("\n")
    started = time.process_time()
    for _ in range(50):
        analysis.edit(Range.of(line, 15, line, 15), "0000")
        assert [each.code for each in analysis.diagnostics()] == ["SIG106"]
        analysis.edit(Range.of(line, 15, line, 19), "")
        assert analysis.diagnostics() == []
    # 0.2 ms an edit on an idle machine; what this is to find is work for each line of the text.
    assert (time.process_time() - started) / 100 < 0.02


def test_typing_into_a_large_document_with_anchors_is_as_quick():
    text = LARGE.replace("    uses:\n      sizes: [read, write]\n", "    uses: &uses {sizes: [read, write]}\n", 1)
    text = text.replace("    uses:\n      sizes: [read, write]\n", "    uses: *uses\n")
    analysis = fresh(text)
    analysis.settle()
    assert analysis.document.whole
    assert analysis.diagnostics() == []
    line = text[: text.index("memory: 256", 600_000)].count("\n")
    started = time.process_time()
    for _ in range(25):
        analysis.edit(Range.of(line, 15, line, 15), "0000")
        assert not analysis.settled
        analysis.diagnostics()
        analysis.edit(Range.of(line, 15, line, 19), "")
        analysis.diagnostics()
    # 0.05 ms an edit on an idle machine; reading the text whole takes half a second.
    assert (time.process_time() - started) / 50 < 0.02
    analysis.edit(Range.of(line, 15, line, 15), "0000")
    analysis.settle()
    assert [(each.code, each.range.start.line) for each in analysis.diagnostics()] == [("SIG106", line)]


def test_importing_stays_light():
    code = (
        "import sys, yaml; before = set(sys.modules); import sigma_ls.manifest; "
        "print(*sorted(name.partition('.')[0] for name in set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split())
    assert loaded.isdisjoint({"boto3", "botocore", "rich", "cattrs", "cattr", "pygls", "lsprotocol"})
    assert "sigma_ls" in loaded


def test_files_without_a_folder_are_not_checked():
    assert check_text(SHELL + "functions:\n  one: {runtime: python3.13, handler: a.b, code: nowhere}\n") == []
    found = check_text(SHELL + "functions:\n  one: {runtime: python3.13, handler: a.b, code: nowhere}\n", FakeFiles({}))
    assert [each.code for each in found] == ["SIG301"]
