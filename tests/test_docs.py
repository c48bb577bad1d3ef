"""What the documents say can be run can be run, and what they link to is there."""

import re
from pathlib import Path

import pytest

from sigma_ls.cli.program import commands

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/*.md"), ROOT / "editors/vscode/README.md"]
)
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
COMMANDS = commands()[1]


def named(document):
    return str(document.relative_to(ROOT))


def code_of(document):
    """What stands in code: blocks and spans."""
    text = document.read_text()
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return blocks + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_make_target_that_is_named_exists(document):
    said = {target for code in code_of(document) for target in re.findall(r"\bmake ([a-z][a-z-]*)", code)}
    assert said - TARGETS == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_command_that_is_named_exists(document):
    said = {word for code in code_of(document) for word in re.findall(r"\bsigma-ls ([a-z]+)\b(?!\.)", code)}
    assert said - COMMANDS.keys() == set()


def test_every_command_that_a_message_names_exists():
    sources = [path.read_text() for path in sorted((ROOT / "sigma_ls").rglob("*.py"))]
    said = {word for text in sources for word in re.findall(r"\bsigma-ls ([a-z]+)\b", text)}
    assert said
    assert said - COMMANDS.keys() == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_file_that_is_linked_to_exists(document):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text())
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert missing == []


def test_make_help_names_every_target_for_people():
    helped = set(re.findall(r"'make ([a-z-]+)", MAKEFILE))
    assert TARGETS - helped == {"help", "environment", "dev-environment"}


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"serve", "sandbox"}))
def test_every_option_is_in_the_reference(name):
    reference = (ROOT / "docs" / "cli.md").read_text()
    options = set(re.findall(r"--[a-z][a-z-]*", COMMANDS[name].format_usage()))
    assert {option for option in options if option not in reference} == set()
