"""Text fixtures, after rust-analyzer's `Fixture`: input and expectation in one text.

    #- src/app.py
    def handler(event, context): ...
    #- sigma.yaml
    functions:
      hello:
        memory: 64$0
    #           ^^ error SIG106: it takes 128 to 10240 MB

`#- path` starts a file (`sigma.yaml` where none is named), `$0` marks a cursor, and carets in a comment at column 0 say
which diagnostic the line above must have: severity, code, and a part of its message.  The carets stand for the columns
above them; the `#` itself is one where a caret or nothing follows: `#^^^` is the columns 0 to 3, a bare `#` column 0.
Lines of carets are taken out of the text.
"""

import re
from itertools import accumulate

from attrs import frozen

MANIFEST = "sigma.yaml"

_CARETS = re.compile(r"#( *)(\^*) (\w+) (SIG\d{3})(?:: (.*))?$")


@frozen
class Cursor:
    """A `$0`."""

    path: str
    line: int
    character: int


@frozen
class Expected:
    """One diagnostic that a line of carets asks for."""

    line: int
    start: int
    end: int
    severity: str
    code: str
    message: str


@frozen
class Fixture:
    """Files by path, cursors, and the diagnostics that `sigma.yaml` must have."""

    files: dict[str, str]
    cursors: tuple[Cursor, ...]
    expected: tuple[Expected, ...]

    @property
    def manifest(self) -> str:
        return self.files[MANIFEST]

    @property
    def cursor(self) -> Cursor:
        (cursor,) = self.cursors
        return cursor


def parse(text: str) -> Fixture:
    """Take a fixture apart."""
    files: dict[str, list[str]] = {MANIFEST: []}
    cursors, expected = [], []
    path = MANIFEST
    for line in text.splitlines(keepends=True):
        lines = files.setdefault(path, [])
        if line.startswith("#- "):
            path = line[3:].strip()
        elif match := _CARETS.fullmatch(line.rstrip("\n")):
            spaces, carets, severity, code, message = match.groups()
            start = 1 + len(spaces)
            end = start + len(carets)
            if not spaces:
                start = 0
            expected.append(Expected(len(lines) - 1, start, end, severity, code, message or ""))
        else:
            *before, last = line.split("$0")
            ends = accumulate(map(len, before))
            cursors += [Cursor(path, len(lines), end) for end in ends]
            lines.append("".join(before) + last)
    return Fixture({name: "".join(lines) for name, lines in files.items()}, tuple(cursors), tuple(expected))
