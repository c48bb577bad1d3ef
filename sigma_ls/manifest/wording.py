"""What the checks of values say: the words that their messages are put together of."""

from __future__ import annotations

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Fix
from sigma_ls.manifest.report import Report
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence, range_of
from sigma_ls.syntax.scalars import typed
from sigma_ls.syntax.span import Range


def wrong(node: Node, key: Scalar | None, report: Report, wanted: str, fix: Fix | None = None) -> None:
    """A value of the wrong type, shown on its key where it has no place of its own or too large a one."""
    found = described(node)
    place = range_of(node)
    if place.start == place.end and key is not None:
        place = range_of(key)
    elif node.line != node.end_line:
        # The whole of a wrong block would be much red for one mistake.
        place = Range.of(node.line, node.column, node.line, node.column + 1) if key is None else range_of(key)
    report.add_at(codes.WRONG_TYPE, place, f"{of_key(key)} takes {wanted}, not {found}.", fix=fix)


def described(node: Node) -> str:
    """What a value is, in words."""
    if type(node) is Mapping:
        return "a mapping"
    if type(node) is Sequence:
        return "a list"
    assert type(node) is Scalar
    match typed(node):
        case None:
            return "nothing"
        case bool() | int() | float():
            return node.value
    return f"'{short(node.value)}'"


def short(text: str) -> str:
    """What fits into a message."""
    line = text.split("\n", 1)[0]
    return line if line == text and len(line) <= 60 else f"{line[:60]}…"


def name_of(key: Scalar | None) -> str:
    """The key's name, bare."""
    return key.value if key is not None else "value"


def of_key(key: Scalar | None) -> str:
    """The key as the subject of a sentence."""
    return f"'{short(key.value)}'" if key is not None else "This"


def with_article(what: str) -> str:
    """`a function`, `an output`, `an AWS::SQS::Queue`."""
    vowel = what[:1] in "aeioAEIO" and not what.startswith("use")
    return f"{'an' if vowel else 'a'} {what}"


def plural(what: str) -> str:
    """Several of them: `functions`, `indexes`."""
    return f"{what}es" if what.endswith("x") else f"{what}s"


def upper_first(text: str) -> str:
    """The text as the beginning of a sentence."""
    return f"{text[:1].upper()}{text[1:]}"
