"""Files of projects that are not what their names say."""

import os

import pytest

from sigma_ls.app.files import MAX_BYTES, exists, read, refused


def test_a_file(tmp_path):
    path = tmp_path / "app.py"
    path.write_text("x = 'é'", encoding="utf-8")
    assert (exists(path), read(path), refused(path)) == (True, "x = 'é'", "")


def test_text_in_another_encoding_and_too_much_of_it(tmp_path):
    for content in (b"# coding: latin-1\nx = '\xe9'", b"#" * (MAX_BYTES + 1)):
        path = tmp_path / "app.py"
        path.write_bytes(content)
        assert (exists(path), read(path), refused(path)) == (True, None, "")


def test_a_folder(tmp_path):
    assert (exists(tmp_path), read(tmp_path), refused(tmp_path)) == (True, None, "it is a folder")


def test_a_pipe_is_not_waited_for(tmp_path):
    path = tmp_path / "app.py"
    os.mkfifo(path)
    assert (exists(path), read(path), refused(path)) == (True, None, "it is no file")


@pytest.mark.parametrize("target", ["nowhere", "app.py"])
def test_a_link_that_leads_nowhere(tmp_path, target):
    path = tmp_path / "app.py"
    path.symlink_to(target)
    assert (exists(path), read(path)) == (False, None)


def test_a_name_that_no_file_can_have(tmp_path):
    path = tmp_path / "a\0b"
    assert (exists(path), read(path)) == (False, None)
    assert refused(path)
