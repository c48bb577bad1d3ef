import pytest


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """State and cache of each test are its own."""
    monkeypatch.setenv("SIGMA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
