"""Quick fixes: each, once carried out, makes its diagnostic go away and leaves YAML behind."""

import pytest
from inline_snapshot import snapshot

from sigma_ls.ide.actions import actions
from sigma_ls.manifest import Analysis
from sigma_ls.manifest.codes import CODES
from sigma_ls.syntax.parse import parse
from sigma_ls.syntax.span import Range
from tests.manifest.test_codes import EXAMPLES, FILES
from tests.manifest.test_fixes import CASES as FIXED
from tests.support.check import SHELL, AnyFiles, FakeFiles
from tests.support.cursor import edited

FUNCTION = "functions:\n  one: {runtime: python3.13, handler: app.handler, code: src, %s}\n"

MORE = [
    SHELL + FUNCTION % "tracing: yes",
    SHELL + FUNCTION % "tracing: 'on'",
    SHELL + FUNCTION % "memory: '512'",
    SHELL + FUNCTION % "logRetention: 8",
    SHELL + FUNCTION % "deadLetter: job" + "resources: {jobs: {type: queue}}\n",
    SHELL + FUNCTION % "deadLetter: nowhere",
    SHELL + FUNCTION % "triggers: [{bukcet: images}]" + "resources: {images: {type: bucket}}\n",
    SHELL + FUNCTION % "triggers: [{schedule: rate(1 minutes)}]",
    SHELL + FUNCTION % "triggers: [{schedule: rate(5 minute)}]",
    SHELL + FUNCTION % "uses: {images: raed}" + "resources:\n  images: {type: bucket}\n",
    SHELL + FUNCTION % "environment: {A: '${images.arm}'}" + "resources:\n  images: {type: bucket}\n",
    SHELL + "resources:\n  jobs: {type: queue, fifo: true, name: jobs}\n",
    SHELL + "resources:\n  jobs: {type: quue}\n",
    SHELL + "resources:\n  jobs:\n",
    SHELL + "resources:\n  sizes: {type: table}\n",
    SHELL + "resources:\n  sizes:\n    type: table\n    indexes:\n      byName:\n        sortKey: name\n",
    SHELL + "functions:\n  one:\n    runtime: python3.13\n    triggers:\n      - userPool: users\n",
    SHELL + "functions:\n  one:\n",
    SHELL + "outputs:\n  Url:\n    description: |\n      of it\n",
    "name: 1\nplatform: aws\naws: {region: eu-west-1}\n",
    "",
    "# only a comment\n",
    "\ufeffversion: 1\n",
    "platform: gcp\nname: a\n",
    "platform: gcp\nname: a\ngcp: {project: my-project}\n",
    "gcp: {project: my-project, region: europe-west1, serviceAccount: a@b}\n",
]
"""Manifests with faults beside the examples of the codes."""

TEXTS = [EXAMPLES.get(code) or CODES[code].example for code in CODES if EXAMPLES.get(code, "") is not None]
TEXTS += [*MORE, *(SHELL + before for _, before, _ in FIXED)]


def fresh(text, files=FILES):
    analysis = Analysis(files, "file:///project/sigma.yaml")
    analysis.open(text)
    analysis.settle()
    return analysis


def found_in(text):
    """Every diagnostic with the actions for it."""
    analysis = fresh(text)
    return [(each, actions(analysis, [each], each.range)) for each in analysis.diagnostics()]


@pytest.mark.parametrize("text", TEXTS)
def test_each_action_makes_its_diagnostic_go_away(text):
    complete = parse(text).complete
    for each, offered in found_in(text):
        for action in offered:
            if action.file is not None:
                continue
            after = edited(text, action.edits)
            said = [(one.code, one.message) for one in fresh(after).diagnostics()]
            before = [(one.code, one.message) for one in fresh(text).diagnostics()]
            assert said.count((each.code, each.message)) < before.count((each.code, each.message)), (action, after)
            assert parse(after).complete or not complete, (action, after)


def test_the_codes_that_are_fixed():
    """All codes for which one of the texts above has a fix; what only silences is none."""
    fixed = {
        each.code
        for text in TEXTS
        for each, offered in found_in(text)
        for action in offered
        if "Ignore" not in action.title
    }
    assert sorted(fixed) == snapshot(
        [
            "SIG002",
            "SIG101",
            "SIG102",
            "SIG103",
            "SIG105",
            "SIG106",
            "SIG107",
            "SIG108",
            "SIG111",
            "SIG112",
            "SIG113",
            "SIG115",
            "SIG201",
            "SIG202",
            "SIG205",
            "SIG209",
            "SIG210",
            "SIG306",
            "SIG309",
            "SIG310",
            "SIG312",
            "SIG314",
            "SIG402",
            "SIG404",
            "SIG405",
            "SIG408",
            "SIG411",
            "SIG412",
            "SIG416",
            "SIG419",
            "SIG420",
            "SIG501",
            "SIG502",
            "SIG504",
        ]
    )


def test_what_fixes_data_there_is_is_used():
    for text in TEXTS:
        for each, offered in found_in(text):
            if each.fix is not None:
                assert (each.fix.title, each.fix.edits) in [(action.title, action.edits) for action in offered]


def titles(text, where=None, *, files=None, creates_files=True):
    analysis = fresh(SHELL + text, files or AnyFiles())
    whole = Range.of(0, 0, len(analysis.document.lines), 0)
    found = actions(analysis, analysis.diagnostics(), where or whole, creates_files=creates_files)
    return [(action.title, action.preferred) for action in found]


def test_the_one_obvious_action_is_preferred_and_comes_first():
    assert titles(FUNCTION % "memroy: 512") == [("Change to 'memory'", True), ("Ignore SIG102 here", False)]
    assert titles("functions:\n  one: {deadLetter: job}\nresources:\n  jobs: {type: queue}\n") == snapshot(
        [
            ("Add 'runtime', 'handler' and 'code'", True),
            ("Change to 'jobs'", False),
            ("Declare the queue 'job'", False),
            ("Declare the topic 'job'", False),
            ("Ignore SIG103 here", False),
            ("Ignore SIG201 here", False),
            ("Ignore SIG207 here", False),
        ]
    )


def test_only_what_touches_the_range():
    text = FUNCTION % "memroy: 512, tiemout: 3"
    line = SHELL.count("\n") + 1
    column = (SHELL + text).split("\n")[line].index("memroy")
    assert titles(text, Range.of(line, column + 2, line, column + 2)) == [
        ("Change to 'memory'", True),
        ("Ignore SIG102 here", False),
    ]
    assert titles(text, Range.of(line, 0, line, 1)) == []


# --- declaring ----------------------------------------------------------------------------------------------------------


def declared(text, title):
    analysis = fresh(SHELL + text, AnyFiles())
    whole = Range.of(0, 0, len(analysis.document.lines), 0)
    action = next(each for each in actions(analysis, analysis.diagnostics(), whole) if each.title == title)
    return edited(analysis.text, action.edits).removeprefix(SHELL)


ONE = "functions:\n  one:\n    deadLetter: failed\n"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (ONE, ONE + "resources:\n  failed: {type: queue}\n"),
        (ONE.rstrip("\n"), ONE + "resources:\n  failed: {type: queue}\n"),
        (ONE + "resources:\n", ONE + "resources:\n  failed: {type: queue}\n"),
        (ONE + "resources: {}\n", ONE + "resources: {failed: {type: queue}}\n"),
        (ONE + "resources: {a: {type: api}}\n", ONE + "resources: {failed: {type: queue}, a: {type: api}}\n"),
        (
            "resources:\n    a: {type: api}\n\n" + ONE,
            "resources:\n    a: {type: api}\n    failed: {type: queue}\n\n" + ONE,
        ),
    ],
)
def test_declaring_a_resource(text, result):
    assert declared(text, "Declare the queue 'failed'") == result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deadLetter: failed", ["queue", "topic"]),
        ("triggers: [{bucket: failed}]", ["bucket"]),
        ("triggers: [{http: GET /, auth: failed}]", ["userPool"]),
        ("uses: {failed: send}", ["queue"]),
        ("uses: {failed: read}", []),
        ("uses: {failed: [query, delete]}", ["table"]),
        ("environment: {A: '${failed.name}'}", []),
    ],
)
def test_the_types_that_would_do(text, expected):
    found = [title for title, _ in titles(FUNCTION % text) if title.startswith("Declare")]
    assert found == [f"Declare the {kind} 'failed'" for kind in expected]


# --- files --------------------------------------------------------------------------------------------------------------


def files_for(text, files, **options):
    analysis = fresh(SHELL + text, files)
    whole = Range.of(0, 0, len(analysis.document.lines), 0)
    found = actions(analysis, analysis.diagnostics(), whole, **options)
    return [(action.title, action.file.path, action.file.text) for action in found if action.file is not None]


def test_creating_the_handlers_file():
    python = "functions:\n  one: {runtime: python3.13, handler: pkg/app.run, code: ./src}\n"
    expected = [("Create 'src/pkg/app.py'", "src/pkg/app.py", "def run(event, context):\n    return None\n")]
    assert files_for(python, FakeFiles({"src/other.py": ""})) == expected
    assert files_for(python, FakeFiles({"other/other.py": ""})) == expected
    assert files_for(python, FakeFiles({"src/other.py": ""}), creates_files=False) == []
    assert files_for(python, FakeFiles({"src/pkg/app.py": "def run(): pass"})) == []
    node = "functions:\n  one: {runtime: nodejs24.x, handler: index.run, code: src}\n"
    ((_, path, text),) = files_for(node, FakeFiles({"src/other.js": ""}))
    assert path == "src/index.js"
    assert fresh(SHELL + node, FakeFiles({path: text})).diagnostics() == []


# --- ignoring -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("  one:\n    memory: 1\n", "  one:\n    memory: 1  # sigma: ignore SIG106\n"),
        (
            "  one:\n    memory: 1 # sigma: ignore SIG999\n",
            "  one:\n    memory: 1 # sigma: ignore SIG999, SIG106\n",
        ),
        ("  one:\n    memory: 1 # small\n", "  one:\n    memory: 1 # small  # sigma: ignore SIG106\n"),
        (
            '  one: {memory: 1, description: "a\n      b"}\n',
            '  # sigma: ignore SIG106\n  one: {memory: 1, description: "a\n      b"}\n',
        ),
    ],
)
def test_the_comment_that_silences(text, result):
    text, result = (f"functions:\n{each}" for each in (text, result))
    analysis = fresh(SHELL + text, AnyFiles())
    (each,) = [each for each in analysis.diagnostics() if each.code == "SIG106"]
    *_, action = actions(analysis, [each], each.range)
    assert edited(analysis.text, action.edits).removeprefix(SHELL) == result


def test_no_comment_goes_into_a_text_of_several_lines():
    text = "outputs:\n  Url:\n    value: |\n      of ${nobody.name}\n      and more\n"
    analysis = fresh(SHELL + text, AnyFiles())
    for each in analysis.diagnostics():
        for action in actions(analysis, [each], each.range):
            assert "of ${nobody.name}\n      and more" in edited(analysis.text, action.edits)


def test_what_is_no_yaml_cannot_be_ignored():
    assert titles('description: "open\n') == []


def test_missing_keys_of_an_entry_without_a_value_in_brackets():
    text = "resources:\n  sizes: {type: table, partitionKey: id, indexes: {byEmail: }}\n"
    assert declared(text, "Add 'partitionKey'") == text.replace("byEmail: ", "byEmail: {partitionKey: email}")


def test_nothing_is_added_to_a_key_without_a_colon():
    assert [title for title, _ in titles("outputs:\n  ? Url\n")] == ["Ignore SIG103 here"]


def test_the_comment_that_silences_within_a_text_of_several_lines():
    text = "outputs:\n  Url:\n    value: |\n      of\n      ${nobody.name}\n    description: ${x\n"
    analysis = fresh(SHELL + text, AnyFiles())
    (each,) = analysis.diagnostics()
    assert each.range.start.line == SHELL.count("\n") + 4
    (action,) = [action for action in actions(analysis, [each], each.range) if action.title.startswith("Ignore")]
    after = edited(analysis.text, action.edits)
    assert after == SHELL + text.replace("|\n", "|  # sigma: ignore SIG201\n")
    assert fresh(after, AnyFiles()).diagnostics() == []
