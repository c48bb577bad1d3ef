"""Writes `docs/sigma.schema.json`, the JSON Schema of manifests, from the field table.

python tools/gen_schema.py            write it
python tools/gen_schema.py --check    exit 1 if it is out of date, write nothing
"""

from __future__ import annotations

import sys
from pathlib import Path

from sigma_ls.manifest.schema.json_schema import schema_text

FILE = Path(__file__).resolve().parent.parent / "docs/sigma.schema.json"


def main(arguments: list[str]) -> int:
    """Write the schema, or with `--check` compare it."""
    fresh = schema_text()
    if arguments == ["--check"]:
        current = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
        if current != fresh:
            print(f"{FILE.name} is out of date: run `make gen`.", file=sys.stderr)
            return 1
        return 0
    FILE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
