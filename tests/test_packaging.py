"""What is shipped, and from which locked requirements it is made."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def locked(name):
    """Package → version, as a lock has them; `name` is that of one in `requirements/`, or a path."""
    text = (ROOT / (f"requirements/{name}.lock" if name.isidentifier() else name)).read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", text, re.MULTILINE))


def name_of(requirement):
    return re.split(r"[\[<>=!~ ;]", requirement, maxsplit=1)[0].lower()


@pytest.mark.parametrize("other", ["run", "build", "bundle", "sigma_ls/app/cfn_lint.lock", "sigma_ls/build/tools.lock"])
def test_the_locks_agree_on_what_they_share(other):
    dev = locked("dev")
    differing = {name for name, version in locked(other).items() if dev.get(name, version) != version}
    assert differing == set()


def test_what_runs_is_part_of_what_is_developed_with():
    assert locked("run").keys() - locked("dev").keys() == set()


def test_every_requirement_is_locked():
    assert {name_of(each) for each in PROJECT["project"]["dependencies"]} - locked("run").keys() == set()
    assert {name_of(each) for each in PROJECT["dependency-groups"]["dev"]} - locked("dev").keys() == set()
    assert {name_of(each) for each in PROJECT["build-system"]["requires"]} - locked("build").keys() == set()


def imported(folder):
    """The distributions whose packages the Python files in `folder` import."""
    owners = metadata.packages_distributions()
    found = set()
    for path in sorted((ROOT / folder).rglob("*.py")):
        if {"overlay", "node_modules", ".venv"} & set(path.relative_to(ROOT).parts):
            continue  # The overlay runs in the sandbox's own environment, which has a lock of its own; peers have theirs.
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            tops = {name.partition(".")[0] for name in names}
            found |= {owner.lower().replace("_", "-") for top in tops for owner in owners.get(top, ())}
    return found - {PROJECT["project"]["name"]}


@pytest.mark.parametrize("folder", ["sigma_ls", "tools", "tests", "bench"])
def test_whatever_is_imported_is_locked(folder):
    assert imported(folder) - locked("dev").keys() == set()


LOCKS = sorted([*ROOT.glob("requirements/*.lock"), *ROOT.glob("sigma_ls/**/*.lock")])


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_each_locked_package_has_its_hash_and_no_lock_names_a_registry(lock):
    text = lock.read_text()
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The files of the wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_has_all_of_the_package_and_nothing_else(wheel):
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "sigma_ls"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    shipped = {name for name in wheel if ".dist-info/" not in name}
    assert shipped == {name for name in tracked if (ROOT / name).exists()}


def test_the_wheel_installs_the_command(wheel):
    (entry_points,) = [text for name, text in wheel.items() if name.endswith("/entry_points.txt")]
    assert b"sigma-ls = sigma_ls.__main__:run" in entry_points
