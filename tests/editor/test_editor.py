"""VS Code in a headless browser, by keyboard and mouse: each script in this folder is one window and one story.

The scripts are JavaScript since that is what drives browsers best; here they only become tests.  They need what
`tools/editor/editor.sh install` installs and the packed extension, and leave screenshots in `.cache/editor/screenshots`;
where one fails, with the logs beside them and the gist of both in its output (`aftermath.mjs`).
"""

import asyncio
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONGEST = 300
"""Seconds; the longest one takes about 60 on two cores."""
SAID = 60
"""Lines of a script that failed: its last steps, what was to be seen, and the error."""


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
async def test_in_a_real_editor(script: str, tmp_path: Path):
    said = tmp_path / "output"
    with said.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            "node", str(HERE / script), stdout=output, stderr=asyncio.subprocess.STDOUT
        )
    try:
        await asyncio.wait_for(process.wait(), LONGEST)
    except TimeoutError:
        process.terminate()  # The script tells what it sees, stops the editor that it started, then ends.
        await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    assert process.returncode == 0, "\n".join(said.read_text(errors="replace").splitlines()[-SAID:])
