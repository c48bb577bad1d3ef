"""`# sigma: ignore SIG123`: at the end of a line, or alone on the line above, it silences codes there."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"(?:^|\s)#\s*sigma:\s*ignore\s+(SIG\d{3}(?:[\s,]+SIG\d{3})*)")
_CODE = re.compile(r"SIG\d{3}")
MARK = "sigma:"


def find_ignores(text: str) -> list[tuple[int, frozenset[str]]]:
    """Lines of `text`, from 0, on which codes are to be silent; a line behind the text means what follows it."""
    if MARK not in text:
        return []
    found = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        comment = _COMMENT.search(line)
        if comment is None:
            continue
        target = number
        if line[: comment.start()].strip() == "" and line.lstrip().startswith("#"):
            target += 1
            while target < len(lines) and lines[target].lstrip().startswith("#"):
                target += 1
            if target == len(lines) - 1 and not lines[target]:
                target = number + 1  # The text ends here: the next block's first line is meant.
        found.append((target, frozenset(_CODE.findall(comment.group(1)))))
    return found
