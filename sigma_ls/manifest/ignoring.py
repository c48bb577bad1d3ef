"""`# sigma: ignore SIG123`: at the end of a line, or alone on the line above, it silences codes there.

Where a text of several lines begins there (`|` or `>`), in which no comment can stand, it silences them in all of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_COMMENT = re.compile(r"(?:^|\s)#\s*sigma:\s*ignore\s+(SIG\d{3}(?:[\s,]+SIG\d{3})*)")
_CODE = re.compile(r"SIG\d{3}")
MARK = "sigma:"


def find_ignores(text: str) -> list[tuple[int, frozenset[str]]]:
    """Lines of `text`, from 0, on which codes are to be silent; a line behind the text means what follows it."""
    if MARK not in text:
        return []
    found = []
    lines = text.split("\n")
    following = len(lines)
    """The first line below the one in question that is no comment."""
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        comment = _COMMENT.search(line)
        is_comment = line.lstrip().startswith("#")
        if comment is not None:
            target = number
            if is_comment and line[: comment.start()].strip() == "":
                # Where the text ends here, the next block's first line is meant.
                ends = following == len(lines) - 1 and not lines[following]
                target = number + 1 if ends else following
            silent = frozenset(_CODE.findall(comment.group(1)))
            found.append((target, silent))
            found += [(inner, silent) for inner in lines_of_text(lines, target)]
        if not is_comment:
            following = number
    return found[::-1]


_HEADER = re.compile(r"(?:^|[:\s-])[|>][-+0-9]*\s*(?:\s#.*)?$")


def lines_of_text(lines: Sequence[str], first: int) -> Iterator[int]:
    """The further lines of a text whose `|` or `>` stands at the end of a line; none where there is none."""
    if not 0 <= first < len(lines) or _HEADER.search(lines[first]) is None:
        return
    indent = _indent(lines[first])
    for number in range(first + 1, len(lines)):
        if lines[number].strip() and _indent(lines[number]) <= indent:
            return
        yield number


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
