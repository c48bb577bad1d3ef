"""A manifest with a cursor in it, and edits carried out."""

from sigma_ls.manifest import Analysis
from sigma_ls.syntax.lines import Lines
from sigma_ls.syntax.span import Position
from tests.support.check import SHELL, AnyFiles

CURSOR = "|"


def at_cursor(text, *, files=None, shell=SHELL):
    """The analysis of a part of a manifest on AWS, and the place of the cursor in it."""
    before, _, after = (shell + text).partition(CURSOR)
    analysis = Analysis(files or AnyFiles(), "file:///project/sigma.yaml")
    analysis.open(before + after)
    analysis.settle()
    line = before.count("\n")
    return analysis, Position(line, len(before) - (before.rfind("\n") + 1))


def edited(text, edits):
    """The text after the edits, none of which knows of the others."""
    lines = Lines(text)
    for edit in sorted(edits, key=lambda each: each.range, reverse=True):
        lines.replace(edit.range, edit.text)
    return lines.text


def texts_at(analysis, ranges):
    """What stands there."""
    return [
        analysis.document.lines.content(each.start.line)[each.start.character : each.end.character] for each in ranges
    ]
