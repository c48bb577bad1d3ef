"""The lazily completed classes are the eager ones in everything that a converter or a reader can see."""

from __future__ import annotations

import json
import re
import subprocess
import sys

DESCRIBE = """
import json, sys
{install}
import attrs
from lsprotocol import types
from lsprotocol.converters import get_converter
if {eager}:
    get_converter()  # resolves all annotations
def describe(cls):
    return [
        [f.name, repr(f.type), repr(f.default), repr(f.validator), f.kw_only, f.init, f.inherited] for f in attrs.fields(cls)
    ]
classes = {{name: cls for name, cls in list(types.ALL_TYPES_MAP.items()) if isinstance(cls, type) and attrs.has(cls)}}
out = {{name: describe(cls) for name, cls in classes.items()}}
position = types.Position(1, 2)
out["@eq"] = [position == types.Position(1, 2), position == types.Position(1, 3), position < types.Position(2, 0)]
out["@repr"] = [repr(types.Range(position, position)), repr(types.Diagnostic(types.Range(position, position), "m"))]
out["@hash"] = [types.Position.__hash__ is None, types.Diagnostic.__hash__ is None]
json.dump(out, sys.stdout)
"""


def _described(install: str, *, eager: bool) -> dict[str, list[object]]:
    done = subprocess.run(
        [sys.executable, "-c", DESCRIBE.format(install=install, eager=eager)],
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(re.sub(r" at 0x[0-9a-f]+", "", done.stdout))  # addresses differ between processes


def test_every_class_is_the_same_as_the_eager_one() -> None:
    lazy = _described("import sigma_ls.lsp", eager=False)
    eager = _described("", eager=True)
    assert len(eager) > 500
    assert lazy.keys() == eager.keys()
    assert {name for name in eager if lazy[name] != eager[name]} == set()


def test_an_import_completes_next_to_nothing() -> None:
    count = (
        "import sigma_ls.lsp\n"
        "from sigma_ls.lsp import lazy_types\n"
        "before = len(lazy_types._unfinished)\n"
        "from lsprotocol.converters import get_converter; get_converter()\n"
        "print(before, len(lazy_types._unfinished))"
    )
    done = subprocess.run([sys.executable, "-c", count], capture_output=True, check=True, text=True)
    before, after = map(int, done.stdout.split())
    assert before > 500
    assert before - after < 10
