"""Completion in the real process: it is loaded when it is asked for, and not before."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.process import started

EXAMPLE = Path(__file__).parents[2] / "examples" / "thumbnailer" / "sigma.yaml"
LATE = ("sigma_ls.ide.completion", "sigma_ls.ide.navigation", "sigma_ls.manifest.schema.details")
"""Of the features that an editor asks for; none is on the way to the first diagnostics."""


async def test_completion_and_what_it_loads() -> None:
    command = (sys.executable, "-X", "importtime", "-m", "sigma_ls")
    async with started(folder=EXAMPLE.parent, command=command) as server:
        editor, uri = server.editor, EXAMPLE.as_uri()
        text = EXAMPLE.read_text()
        editor.open(uri, text)
        await editor.published(uri)
        assert not any(name in line for line in server.log for name in LATE)
        line = text.split("\n").index("functions:") + 1
        editor.change(uri, 2, (line, 0, line, 0, "  more:\n    \n"))
        asked = {"textDocument": {"uri": uri}, "position": {"line": line + 1, "character": 4}}
        found = await editor.request("textDocument/completion", asked)
        assert [item["label"] for item in found["items"]][:3] == ["runtime", "handler", "code"]
    assert all(any(name in line for line in server.log) for name in LATE[::2])
