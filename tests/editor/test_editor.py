"""VS Code in a headless browser, by keyboard and mouse: each script in this folder is one window and one story.

The scripts are JavaScript since that is what drives browsers best; here they only become tests.  They need what
`tools/editor/editor.sh install` installs and the packed extension, and leave screenshots in `.cache/editor/screenshots`.
"""

import asyncio
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONGEST = 300
"""Seconds; the longest one takes about 60 on two cores."""


# The longest ones first: two run at a time, and neither is to wait for the other in the end.
SCRIPTS = (
    "deployments.mjs",
    "life.mjs",
    "troubles.mjs",
    "thumbnailer.mjs",
    "large.mjs",
    "packed.mjs",
    "monitor.mjs",
    "extension.mjs",
    "project.mjs",
    "server.mjs",
    "writing.mjs",
    "linting.mjs",
    "activation.mjs",
)


@pytest.mark.editor
@pytest.mark.parametrize("script", SCRIPTS)
async def test_in_a_real_editor(script: str):
    process = await asyncio.create_subprocess_exec(
        "node",
        str(HERE / script),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), LONGEST)
    finally:
        if process.returncode is None:
            process.terminate()  # The script stops the editor that it started, then ends.
            await process.wait()
    assert process.returncode == 0, output.decode()
