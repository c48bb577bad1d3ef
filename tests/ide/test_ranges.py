"""Folds, selections, and the files behind handlers and code folders."""

import itertools

from inline_snapshot import snapshot

from sigma_ls.ide.code_places import file_place, links
from sigma_ls.ide.ranges import FoldKind, folds, selections
from sigma_ls.manifest import Analysis
from sigma_ls.manifest.schema import SECTIONS
from sigma_ls.syntax.document import Document
from sigma_ls.syntax.span import Position, Range
from tests.support.check import SHELL, AnyFiles, FakeFiles
from tests.support.cursor import at_cursor, texts_at

TEXT = """\
# one
# two

name: demo
functions:
  one:
    triggers:
    - http: GET /
      cors: true
    - url: public
    description: |
      some

      text

  # of two
  two: {}
outputs: {}
"""


def test_folds():
    found = [(fold.start, fold.end) for fold in folds(Document(TEXT, SECTIONS)) if fold.kind is FoldKind.REGION]
    assert found == [(4, 16), (5, 13), (6, 9), (7, 8), (10, 13)]
    comments = [(fold.start, fold.end) for fold in folds(Document(TEXT, SECTIONS)) if fold.kind is FoldKind.COMMENT]
    assert comments == [(0, 1)]


def test_folds_of_little_and_of_broken_texts():
    assert folds(Document("", SECTIONS)) == []
    assert folds(Document("name: demo", SECTIONS)) == []
    assert [(fold.start, fold.end) for fold in folds(Document("a:\n  b: [\n  c\n d", SECTIONS))] == [(0, 3)]
    assert [(fold.start, fold.end) for fold in folds(Document("#\r\n#\r\n#", SECTIONS))] == [(0, 2)]


def selected(text):
    analysis, place = at_cursor(text)
    whole = analysis.text
    lines = whole.split("\n")

    def piece(where: Range) -> str:
        offset = [sum(len(line) + 1 for line in lines[: at.line]) + at.character for at in (where.start, where.end)]
        return whole[offset[0] : offset[1]]

    return [piece(each) for each in selections(analysis, place)]


def test_selections_grow():
    text = "functions:\n  one:\n    triggers: [{http: GET /, auth: ia|m}]\n    memory: 512\n"
    found = selected(text)
    assert found[:5] == snapshot(
        [
            "iam",
            "auth: iam",
            "{http: GET /, auth: iam}",
            "[{http: GET /, auth: iam}]",
            "triggers: [{http: GET /, auth: iam}]",
        ]
    )
    assert found[-1] == SHELL + text.replace("|", "")
    assert all(inner in outer for inner, outer in itertools.pairwise(found))


def test_a_selection_of_nothing_is_all():
    assert selected("# com|ment\n") == [SHELL + "# comment\n"]


FILES = FakeFiles(
    {
        "src/app.py": "import os\n\n\ndef other():\n    pass\n\n\nasync def handler(event, context):\n    pass\n",
        "src/pkg/__init__.py": "handler = print\n",
        "node/index.mjs": "const a = 1;\nexport const handler = async () => {};\n",
        "node/common.js": "function run() {}\nexports.handler = run;\n",
        "node/typed.ts": "export async function handler() {}\n",
    }
)


def place(text):
    analysis, at = at_cursor("functions:\n  one: " + text + "\n", files=FILES)
    found = file_place(analysis, at)
    return None if found is None else (found.path, found.range.start.line, found.range.start.character)


def test_the_definition_of_a_handler():
    assert place("{runtime: python3.13, handler: app.hand|ler, code: src}") == ("src/app.py", 7, 10)
    assert place("{runtime: python3.13, handler: pkg.hand|ler, code: ./src/}") == ("src/pkg/__init__.py", 0, 0)
    assert place("{runtime: nodejs22.x, handler: index.hand|ler, code: node}") == ("node/index.mjs", 1, 13)
    assert place("{runtime: nodejs22.x, handler: common.hand|ler, code: node}") == ("node/common.js", 1, 8)
    assert place("{runtime: nodejs22.x, handler: typed.hand|ler, code: node}") == ("node/typed.ts", 0, 22)
    assert place("{runtime: python3.13, handler: app.miss|ing, code: src}") == ("src/app.py", 0, 0)


def test_a_code_folder_leads_to_the_handlers_file_or_is_itself():
    assert place("{runtime: python3.13, handler: app.handler, code: sr|c}") == ("src/app.py", 7, 10)
    assert place("{runtime: java21, handler: a.B::c, code: sr|c}") == ("src", 0, 0)


def test_no_place():
    assert place("{runtime: python3.13, handler: none.hand|ler, code: src}") is None
    assert place("{runtime: python3.13, handler: app.handler, code: nowh|ere}") is None
    assert place("{runtime: python3.13, handler: app.handler, code: ../sr|c}") is None
    assert place("{runtime: java21, handler: a.B|::c, code: src}") is None
    assert place("{run|time: python3.13, handler: app.handler, code: src}") is None


def test_links():
    text = (
        "functions:\n"
        "  one: {runtime: python3.13, handler: app.handler, code: src}\n"
        "  two: {runtime: python3.13, handler: none.handler, code: node}\n"
        "  three: {runtime: python3.13, handler: none.handler, code: nowhere}\n"
    )
    analysis, _ = at_cursor(text, files=FILES)
    found = links(analysis)
    assert [(*texts_at(analysis, [link.range]), link.path) for link in found] == [
        ("app.handler", "src/app.py"),
        ("src", "src"),
        ("node", "node"),
    ]


def test_a_text_without_a_folder_has_no_files():
    analysis = Analysis()
    analysis.open(SHELL + "functions:\n  one: {runtime: python3.13, handler: app.handler, code: src}\n")
    assert links(analysis) == []
    assert file_place(analysis, Position(4, 40)) is None
    assert links(at_cursor("|", files=AnyFiles())[0]) == []
