"""Writes `docs/sigma.schema.json`, the JSON Schema of manifests, from the field table.

python tools/gen_schema.py            write it
python tools/gen_schema.py --check    exit 1 if it is out of date, write nothing
"""

from __future__ import annotations

import sys
from pathlib import Path

from generated import run

from sigma_ls.manifest.schema.json_schema import schema_text

FILE = Path(__file__).resolve().parent.parent / "docs/sigma.schema.json"


if __name__ == "__main__":
    sys.exit(run(FILE, schema_text(), sys.argv[1:]))
