"""The long descriptions of keys, and the page that is made of them."""

import subprocess
import sys
from pathlib import Path

import pytest

from sigma_ls.manifest.check import Mode, checker
from sigma_ls.manifest.report import Report
from sigma_ls.manifest.schema.details import DETAILS, detail_of
from sigma_ls.manifest.schema.markdown import markdown_of, words_of
from sigma_ls.manifest.schema.resources import RAW
from sigma_ls.manifest.schema.top import MANIFEST, STAGE
from sigma_ls.manifest.schema.types import (
    Boolean,
    ByShape,
    Choice,
    Id,
    Integer,
    KindRecord,
    ListOf,
    MapOf,
    Record,
    Text,
    TypedRecord,
)
from sigma_ls.syntax.nodes import Scalar
from sigma_ls.syntax.parse import parse

ROOT = Path(__file__).parents[2]


def records(wanted):
    match wanted:
        case Record():
            yield wanted
            for each in wanted.fields:
                yield from records(each.type)
        case ListOf(item=inner) | MapOf(value=inner):
            yield from records(inner)
        case KindRecord(kinds=named):
            for each in named.values():
                yield from records(each)
        case TypedRecord(types=named):
            for each in (*named.values(), RAW):
                yield from records(each)
        case ByShape():
            for each in (wanted.scalar, wanted.mapping, wanted.sequence):
                yield from records(each)


RECORDS = dict.fromkeys(records(MANIFEST))
KEYS = [(record.name, each) for record in RECORDS for each in record.fields]


@pytest.mark.parametrize(("record", "each"), KEYS, ids=[f"{record}: {each.name}" for record, each in KEYS])
def test_every_key_has_a_description_and_an_example_that_it_takes(record, each):
    detail = detail_of(record, each.name)
    assert detail is not None
    assert detail.text.endswith(".")
    assert each.doc.endswith(".")
    name, value = parse(detail.example).root.entries[0]
    assert type(name) is Scalar
    assert name.value == each.name
    said = []
    mode = Mode.OVERRIDE if record == STAGE.name else Mode.WHOLE
    for platform in ("aws", "gcp"):
        report = Report()
        checker(each.type_on(platform), platform, mode)(value, name, report)
        said.append([found.message for found in report.diagnostics])
    assert [] in said
    assert detail.example in markdown_of(record, each)


def test_no_description_is_of_a_key_that_does_not_exist():
    known = {(record, each.name) for record, each in KEYS} | {("a resource", each.name) for each in RAW.fields}
    assert {(record, key) for record, keys in DETAILS.items() for key in keys} - known == set()


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Integer(1, 9, "MB"), "a whole number, 1 to 9 MB"),
        (Integer(0), "a whole number, at least 0"),
        (Integer(allowed=(1, 3), unit="days"), "1 or 3 days"),
        (Boolean(), "`true` or `false`"),
        (Choice({"a": "", "b": ""}), "`a` or `b`"),
        (Choice({"a": ""}, open=True), "`a` (or a newer one)"),
        (Id(kinds=("queue",), words={"none": ""}), "`none` or the id of a queue"),
        (ListOf(Text(hint="a name"), single=True, maximum=5), "one, or a list, at most 5: a name"),
        (ByShape(scalar=Text(hint="a name"), boolean=True), "`true` or `false` or a name"),
    ],
)
def test_types_in_words(wanted, words):
    assert words_of(wanted) == words


def test_the_page_is_up_to_date():
    done = subprocess.run(
        [sys.executable, "tools/gen_manifest_reference.py", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_page_has_every_key():
    page = (ROOT / "docs/manifest.md").read_text()
    assert {each.name for _, each in KEYS if f"**`{each.name}`**" not in page} == set()
