"""Installing the sandbox's environment, with the installer behind its port."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sigma_ls.sandbox import environment
from sigma_ls.sandbox.errors import SandboxError
from tests.support.installer import Installer


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGMA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SIGMA_ENVIRONMENTS", raising=False)


def test_it_is_installed_once():
    said, uv = [], Installer()
    python = environment.installed(report=said.append, run=uv)
    assert python == environment.environment_dir() / "bin" / "python"
    assert python.exists()
    assert environment.installed(report=said.append, run=uv) == python
    assert (len(uv.commands), said) == (2, ["Installing the sandbox (once, about 25 MB) …"])


def test_only_what_is_locked_is_installed():
    uv = Installer()
    environment.installed(report=lambda _line: None, run=uv)
    assert uv.commands[1][-3:] == ["--require-hashes", "--requirement", str(environment.LOCK)]


def test_a_failure_tells_the_installers_last_words_and_leaves_nothing():
    says = "\n".join(["error: Request failed after 3 retries", *map(str, range(5)), "  cause: dns error"])
    with pytest.raises(SandboxError) as failed:
        environment.installed(report=lambda _line: None, run=Installer("--require-hashes", says))
    assert failed.value.message.endswith("cause: dns error")
    assert "network" in failed.value.next_step
    assert [path.name for path in environment.environment_dir().parent.iterdir() if path.suffix != ".lock"] == []


def test_half_an_environment_is_never_where_the_whole_one_will_be():
    seen = []
    uv = Installer(meanwhile=lambda: seen.append(environment.environment_dir().exists()))
    environment.installed(report=lambda _line: None, run=uv)
    assert seen == [False, False]


def test_two_at_once_install_it_once():
    both_asked, said = threading.Event(), []

    def report(line):
        said.append(line)
        if line.startswith("Waiting"):
            both_asked.set()

    uv = Installer(meanwhile=lambda: both_asked.wait(timeout=10))
    with ThreadPoolExecutor(2) as pool:
        first, second = [pool.submit(environment.installed, report=report, run=uv) for _ in range(2)]
    assert first.result() == second.result()
    assert len(uv.commands) == 2
    assert sorted(said) == ["Installing the sandbox (once, about 25 MB) …", "Waiting for another installation …"]


def test_an_environment_whose_interpreter_is_gone_is_made_anew():
    python = environment.installed(report=lambda _line: None, run=Installer())
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    assert environment.installed(report=lambda _line: None, run=(uv := Installer())).is_file()
    assert len(uv.commands) == 2


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(SandboxError, match="SIGMA_HOME"):
        environment.installed(report=lambda _line: None, run=Installer())


def test_the_lock_names_the_exact_emulator_and_hashes_and_no_registry():
    lock = environment.LOCK.read_text()
    assert re.search(r"^ministack==1\.5\.33 \\$", lock, re.MULTILINE)
    assert "://" not in lock
    pinned = re.findall(r"^[a-z0-9-]+==.*$", lock, re.MULTILINE)
    assert pinned == [line for line in pinned if line.endswith("\\")]
