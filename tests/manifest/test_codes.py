"""The registry of codes, its page, and that each code is raised by a test, and by its own example."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sigma_ls.manifest import check_text, codes
from sigma_ls.manifest.codes import CODES, FAMILIES
from sigma_ls.manifest.diagnostic import DOCUMENTATION
from tests.support.check import FakeFiles

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/diagnostics.md"
TESTS = sorted(Path(__file__).parent.glob("test_*.py"))

ELSEWHERE = {
    "SIG701": "sigma_ls/lsp/failures.py",
    "SIG702": "sigma_ls/app/template_findings.py",
    "SIG703": "sigma_ls/app/template_findings.py",
}
"""Codes that no manifest raises by itself, with what raises them."""

ALIASES = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9 if n else ['x'])}]" for n in range(7))

EXAMPLES = {
    "SIG007": ALIASES,
    "SIG307": "functions:\n  one: {runtime: python3.11, handler: app.handler, code: broken}\n",
    "SIG008": "template: " + "[" * 200,
    "SIG010": None,
    "SIG311": f"environment:\n  TEXT: {'x' * 5000}\n",
    "SIG601": None,
    "SIG701": None,
    "SIG702": None,
    "SIG703": None,
}
"""Codes whose example is shortened, or that need more than a text."""

FILES = FakeFiles({"src/app.py": "def handler(event, context):\n    pass\n", "broken/app.py": "def handler("})

SHELL = {"name": "demo", "platform": "aws", "aws": "{region: eu-west-1}"}
FUNCTION = {"runtime": "python3.13", "handler": "app.handler", "code": "src"}


@pytest.mark.parametrize("code", CODES)
def test_each_code_is_raised_by_a_test(code):
    name = next(name for name, each in vars(codes).items() if each is CODES[code])
    paths = [ROOT / ELSEWHERE[code]] if code in ELSEWHERE else [path for path in TESTS if path != Path(__file__)]
    assert any(re.search(rf"\b({code}|{name})\b", path.read_text()) for path in paths)


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.id)
def test_each_code_is_documented(code):
    assert re.fullmatch(r"SIG\d{3}", code.id)
    assert code.id[3] in FAMILIES
    assert code.title
    assert code.text.endswith(".")
    assert code.example
    assert code.href == f"{DOCUMENTATION}#{code.id.lower()}"
    assert f'<a id="{code.id.lower()}"></a>{code.id}: {code.title}' in PAGE.read_text()


def test_the_page_is_up_to_date():
    done = subprocess.run(
        [sys.executable, "tools/gen_diagnostics.py", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("code", [code for code in CODES if EXAMPLES.get(code, "") is not None])
def test_each_example_has_what_it_is_an_example_of(code):
    text = EXAMPLES.get(code) or CODES[code].example
    found = {each.code for each in check_text(text, FILES)}
    if code not in found:
        # Shown in parts: what the part leaves out is there.
        lines = text.split("\n")
        missing = [f"{key}: {value}" for key, value in SHELL.items() if not re.search(rf"^{key}:", text, re.MULTILINE)]
        found = {each.code for each in check_text("\n".join([*missing, *lines]), FILES)}
    if code not in found:
        found = {each.code for each in check_text("\n".join([*missing, *completed(lines)]), FILES)}
    assert code in found


def completed(lines):
    """The lines with each function given the keys that it must have."""
    result = []
    for number, line in enumerate(lines):
        result.append(line)
        if re.fullmatch(r"  [\w-]+:", line) and "functions:" in lines[:number]:
            rest = "\n".join(lines[number + 1 :])
            result += [f"    {key}: {value}" for key, value in FUNCTION.items() if f"    {key}:" not in rest]
    return result
