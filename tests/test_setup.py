"""The set-up of `make`: what it says when something is missing, what it takes, and that a second run does nothing.

Python, pip, Node.js and npm are small stand-ins here; `.ci/run` on a fresh machine tries the real ones.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("sh", "cat", "grep", "dirname", "id", "date", "env", "mkdir", "touch", "tr")

PYTHON = """#!/bin/sh
echo "$(basename "$0") $*" >>"{log}"
case "$1 $2" in
"--version "*) echo "Python {version}" ;;
"-c import sys; sys.exit"*) exit {too_old} ;;
"-c import venv, ensurepip"*) exit {no_venv} ;;
"-c "*) exit 0 ;;
"-m venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
"-m pip") [ "{pip}" = 0 ] || {{ echo "No matching distribution" >&2; exit 1; }}; touch .venv/bin/sigma-ls; chmod +x .venv/bin/sigma-ls ;;
"- "*) cat >/dev/null; echo a-hash ;;
esac
"""


class Machine:
    """A folder with our set-up scripts, and a PATH that has only what a test puts there."""

    def __init__(self, tmp_path):
        self.folder = tmp_path / "project"
        self.bin = tmp_path / "bin"
        self.log = tmp_path / "log"
        shutil.copytree(ROOT / "tools" / "make", self.folder / "tools" / "make")
        shutil.copytree(ROOT / "requirements", self.folder / "requirements")
        (self.folder / "pyproject.toml").write_text("")
        self.bin.mkdir()
        for name in (*TOOLS, "cp", "chmod", "basename"):
            found = shutil.which(name)
            assert found, name
            (self.bin / name).symlink_to(found)

    def put(self, name, text):
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)

    def python(self, name, version, *, venv=True, pip=True):
        too_old = int(tuple(map(int, version.split("."))) < (3, 11))
        self.put(
            name,
            PYTHON.format(log=self.log, version=version, too_old=too_old, no_venv=int(not venv), pip=int(not pip)),
        )

    def run(self, *command, **environment):
        return subprocess.run(
            command,
            cwd=self.folder,
            env={"PATH": str(self.bin), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def set_up(self, kind="run", **environment):
        return self.run("sh", "tools/make/python.sh", kind, **environment)

    def called(self):
        return self.log.read_text() if self.log.exists() else ""


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_without_python_it_says_what_to_install(machine):
    done = machine.set_up()
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed; found: none." in done.stderr
    assert "python3-venv" in done.stderr


def test_a_python_that_is_too_old_is_named(machine):
    machine.python("python3", "3.9.2")
    done = machine.set_up()
    assert done.returncode == 1
    assert "found: Python 3.9.2" in done.stderr


def test_a_newer_python_beside_an_old_one_is_taken(machine):
    machine.python("python3", "3.9.2")
    machine.python("python3.12", "3.12.1")
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    assert "python3.12 -m venv" in machine.called()


def test_the_python_that_was_named_is_taken(machine):
    machine.python("python3", "3.11.2")
    machine.python("mine", "3.13.0")
    assert machine.set_up(PYTHON=str(machine.bin / "mine")).returncode == 0
    assert "mine -m venv" in machine.called()


def test_debians_python_without_venv_is_explained(machine):
    machine.python("python3", "3.11.2", venv=False)
    done = machine.set_up()
    assert done.returncode == 1
    assert "lacks the module that makes environments" in done.stderr
    assert "apt-get install -y python3-venv" in done.stderr
    assert not (machine.folder / ".venv").exists()


def test_an_installation_that_failed_is_tried_again(machine):
    machine.python("python3", "3.11.2", pip=False)
    failed = machine.set_up()
    assert failed.returncode == 1
    assert "No matching distribution" in failed.stderr
    assert "Is PyPI reachable" in failed.stderr
    machine.python("python3", "3.11.2")
    shutil.copy(machine.bin / "python3", machine.folder / ".venv" / "bin" / "python")
    assert machine.set_up().returncode == 0


def test_a_second_run_installs_nothing_and_says_nothing(machine):
    machine.python("python3", "3.11.2")
    first = machine.set_up("dev")
    assert "requirements/dev.lock" in first.stdout
    machine.log.unlink()
    again, run = machine.set_up("dev"), machine.set_up("run")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert "pip" not in machine.called()


def test_an_environment_of_a_python_that_is_too_old_is_not_used(machine):
    machine.python("python3", "3.11.2")
    assert machine.set_up().returncode == 0
    machine.python("python3", "3.9.2")
    shutil.copy(machine.bin / "python3", machine.folder / ".venv" / "bin" / "python")
    done = machine.set_up()
    assert done.returncode == 1
    assert "make clean" in done.stderr


NODE = '#!/bin/sh\ncase "$1" in --version) echo v{0} ;; *) case "$2" in process.exit*) exit {1} ;; *) echo hash ;; esac ;; esac\n'


def extension(machine):
    (machine.folder / "ext" / "node_modules").mkdir(parents=True)
    (machine.folder / "ext" / "package-lock.json").write_text("{}")
    return machine.run("sh", "tools/make/node.sh", "ext")


@pytest.mark.parametrize(
    ("present", "says"),
    [
        ([], "git is missing."),
        (["git"], "Node.js 20 or newer is missing."),
        (["git", "old node"], "found: v18.0.0"),
        (["git", "node"], "npm is missing"),
        (["git", "node", "broken npm"], "npm could not install the packages of ext"),
    ],
)
def test_what_the_extension_needs_is_named(machine, present, says):
    stand_ins = {
        "git": ("git", "#!/bin/sh\n"),
        "node": ("node", NODE.format("20.1.0", 0)),
        "old node": ("node", NODE.format("18.0.0", 1)),
        "broken npm": ("npm", "#!/bin/sh\nexit 1\n"),
    }
    for each in present:
        machine.put(*stand_ins[each])
    done = extension(machine)
    assert done.returncode == 1
    assert says in done.stderr


def test_npm_packages_are_installed_once(machine):
    machine.put("git", "#!/bin/sh\n")
    machine.put("node", NODE.format("20.1.0", 0))
    machine.put("npm", f'#!/bin/sh\necho "$*" >>"{machine.log}"\n')
    assert extension(machine).returncode == 0
    again = machine.run("sh", "tools/make/node.sh", "ext")
    assert (again.returncode, again.stdout) == (0, "")
    assert machine.called().count("ci --ignore-scripts") == 1


def test_a_step_says_its_name_and_how_long_it_took(machine):
    done = machine.run("sh", "tools/make/step.sh", "greeting", sys.executable, "-c", "print('hello')")
    assert done.returncode == 0
    assert done.stdout.split("\n")[1:3] == ["==> greeting", "hello"]
    assert "==> greeting: ok, " in done.stdout


def test_a_step_that_fails_is_named_and_keeps_its_status(machine):
    done = machine.run("sh", "tools/make/step.sh", "doomed", sys.executable, "-c", "import sys; sys.exit(7)")
    assert done.returncode == 7
    assert 'step "doomed" failed' in done.stderr


def test_ci_fails_when_either_command_fails_and_runs_both(machine):
    (machine.folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", machine.folder / ".ci" / "run")
    for name in ("bash", "make"):
        (machine.bin / name).unlink(missing_ok=True)
    bash = shutil.which("bash")
    assert bash
    (machine.bin / "bash").symlink_to(bash)
    machine.put("make", f'#!/bin/sh\necho "$1 $CI" >>"{machine.log}"\n[ "$1" != demo ]\n')
    failed = machine.run("bash", ".ci/run")
    assert (failed.returncode, machine.called()) == (1, "demo true\ntest true\n")
    assert "FAILED: make demo" in failed.stderr
    machine.put("make", "#!/bin/sh\n")
    assert machine.run("bash", ".ci/run").returncode == 0
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
