from pathlib import Path

import platformdirs

from sigma_ls.runtime.places import cache_dir, state_dir


def test_sigma_home_moves_both(monkeypatch, tmp_path):
    monkeypatch.setenv("SIGMA_HOME", str(tmp_path / "home"))
    assert (state_dir(), cache_dir()) == (tmp_path / "home" / "state", tmp_path / "home" / "cache")
    assert not (tmp_path / "home").exists()


def test_a_relative_sigma_home_is_where_it_was_named(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIGMA_HOME", "home")
    assert state_dir() == tmp_path / "home" / "state"


def test_otherwise_the_platform_says(monkeypatch):
    monkeypatch.delenv("SIGMA_HOME", raising=False)
    assert state_dir() == Path(platformdirs.user_state_dir("sigma-ls"))
    assert cache_dir() == Path(platformdirs.user_cache_dir("sigma-ls"))
