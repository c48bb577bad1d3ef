"""From a path or a URI to a manifest's text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sigma_ls.app import projects
from sigma_ls.app.projects import ProjectError, discover, load, locate, the_only_one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "sigma.yaml").write_text("name: demo\n")
    return tmp_path / "a b"


def test_a_path_a_folder_and_a_uri_lead_to_the_manifest(folder, tmp_path):
    manifest = folder / "sigma.yaml"
    for place in (str(manifest), str(folder), f"{folder}/../a b/sigma.yaml", manifest.as_uri(), folder.as_uri()):
        assert load(place).path == manifest
    assert load(manifest.as_uri()).uri == manifest.as_uri()
    assert load(str(folder)).text == "name: demo\n"


def test_a_uri_is_kept_as_the_editor_writes_it(folder):
    written = (folder / "sigma.yaml").as_uri().replace("a%20b", "%61%20b")
    assert load(written).uri == written


def test_the_long_name_wins_over_the_short_one(folder):
    (folder / "sigma.yml").write_text("name: other\n")
    assert locate(str(folder)) == folder / "sigma.yaml"
    (folder / "sigma.yaml").unlink()
    assert locate(str(folder)) == folder / "sigma.yml"


def test_the_editors_text_wins_and_the_file_need_not_exist(tmp_path):
    assert load(str(tmp_path / "sigma.yaml"), "name: unsaved\n").text == "name: unsaved\n"


def refused(place: str | Path) -> tuple[str, str]:
    with pytest.raises(ProjectError) as refusal:
        load(str(place))
    return refusal.value.code, refusal.value.message


def test_what_is_no_manifest_says_why(folder, tmp_path):
    manifest = folder / "sigma.yaml"

    assert refused(tmp_path) == (
        "noManifest",
        f"There is no sigma.yaml in {tmp_path}: name a manifest or its folder.",
    )
    code, message = refused(tmp_path / "x.yaml")
    assert code == "noManifest"
    assert str(tmp_path / "x.yaml") in message

    manifest.write_bytes(b"\x89PNG\r\n\x1a\n\xff")
    code, message = refused(manifest)
    assert code == "unreadableManifest"
    assert "not a text in UTF-8 (byte 0)" in message

    manifest.write_bytes(b"name: \0\0\0")
    assert refused(manifest) == ("unreadableManifest", f"{manifest} is a binary file, not a manifest.")

    manifest.write_text("  \n\n")
    assert refused(manifest)[0] == "emptyManifest"

    manifest.write_text("x" * (projects.MAX_SIZE + 1))
    assert refused(manifest)[0] == "manifestTooLarge"

    assert refused("untitled://untitled-1")[0] == "noManifest"


def test_a_text_of_the_editor_has_the_same_bounds(folder):
    with pytest.raises(ProjectError) as refusal:
        load(str(folder), "x" * (projects.MAX_SIZE + 1))
    assert refusal.value.code == "manifestTooLarge"


def test_a_manifest_that_cannot_be_read_says_why(folder):
    manifest = folder / "sigma.yaml"
    manifest.unlink()
    manifest.symlink_to(manifest)  # A loop: unreadable for root too.
    code, message = refused(manifest)
    assert code == "unreadableManifest"
    assert os.strerror(40) in message


def test_a_byte_order_mark_is_no_part_of_the_text(folder):
    (folder / "sigma.yaml").write_bytes(b"\xef\xbb\xbfname: demo\n")
    assert load(str(folder)).text == "name: demo\n"


def test_projects_are_found_below_a_workspace(tmp_path):
    for place in ("sigma.yaml", "a/sigma.yml", "a/b/sigma.yaml", "node_modules/x/sigma.yaml", ".venv/sigma.yaml"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("name: x\n")
    (tmp_path / "a" / "sigma.yaml").mkdir()

    found = discover([tmp_path, tmp_path / "a", tmp_path / "nowhere"])
    assert [str(path.relative_to(tmp_path)) for path in found] == ["a/b/sigma.yaml", "a/sigma.yml", "sigma.yaml"]


def test_without_a_name_there_must_be_just_one():
    one = Path("/p/sigma.yaml")
    assert the_only_one([one]) == one
    with pytest.raises(ProjectError) as refusal:
        the_only_one([])
    assert refusal.value.code == "noManifest"
    with pytest.raises(ProjectError) as refusal:
        the_only_one([one, Path("/q/sigma.yaml")])
    assert refusal.value.code == "ambiguousProject"
    assert "/q/sigma.yaml" in refusal.value.message


def test_a_manifest_that_is_a_link_to_nothing(tmp_path):
    link = tmp_path / "sigma.yaml"
    link.symlink_to("nowhere.yaml")
    said = ("noManifest", f"{link} is a link to 'nowhere.yaml', which is not there: mend or remove the link.")
    assert refused(tmp_path) == refused(link) == said
