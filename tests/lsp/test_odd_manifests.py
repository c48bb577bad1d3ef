"""Manifests on the disk that are none: nothing raises, and the others are shown all the same."""

from __future__ import annotations

import os
from pathlib import Path

from tests.lsp.test_workspace import DELETED, GOOD, PULLS, WRONG, happened, project, pulled, services
from tests.support.editor import connected


async def test_folders_pipes_and_links_of_that_name(tmp_path: Path) -> None:
    right = project(tmp_path / "right", WRONG)
    (tmp_path / "folder/sigma.yaml").mkdir(parents=True)
    for name, make in (("nowhere", lambda path: path.symlink_to("gone")), ("pipe", os.mkfifo)):
        (tmp_path / name).mkdir()
        make(tmp_path / name / "sigma.yaml")
    async with connected(services(), PULLS, folder=tmp_path.as_uri()) as editor:
        assert await pulled(editor) == {right: ["SIG102"]}


async def test_a_manifest_that_is_open_and_whose_file_becomes_a_folder(tmp_path: Path) -> None:
    uri = project(tmp_path, GOOD)
    async with connected(services(), folder=tmp_path.as_uri()) as editor:
        editor.open(uri, WRONG)
        assert len(await editor.published(uri, 1)) == 1
        (tmp_path / "sigma.yaml").unlink()
        (tmp_path / "sigma.yaml").mkdir()
        happened(editor, uri, DELETED)
        # Of a manifest that is open the editor's text counts.
        editor.change(uri, 2, GOOD)
        assert await editor.published(uri, 2) == []
