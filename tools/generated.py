"""A file that is written by a tool, and compared by a test: what all such tools have in common."""

from __future__ import annotations

import sys
from pathlib import Path


def run(path: Path, fresh: str, arguments: list[str]) -> int:
    """Write `path`, or with `--check` compare it: then 1 if it is out of date."""
    if arguments != ["--check"]:
        path.write_text(fresh, encoding="utf-8")
        return 0
    current = path.read_text(encoding="utf-8") if path.exists() else ""
    if current == fresh:
        return 0
    print(f"{path.name} is out of date: run `make gen`.", file=sys.stderr)
    return 1
