"""The server as the packed extension brings it along: with any Python, without a network, and with nothing else."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from sigma_ls.providers.aws.errors import _NAMES as SERVICES
from tests.support.editor import SIGMA
from tests.support.process import started

ROOT = Path(__file__).parents[2]
VSIX = ROOT / "editors/vscode/dist/sigma-ls.vsix"
# The interpreter that `.venv` was made from: what is installed in `.venv` is nowhere near it.
PYTHON = sys._base_executable
LONGEST = 60
"""Seconds for an answer: the first start compiles all modules."""

pytestmark = pytest.mark.editor


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    """The folder with the server in the installed extension."""
    folder = tmp_path_factory.mktemp("vsix")
    with zipfile.ZipFile(VSIX) as archive:
        archive.extractall(folder)
    return folder / "extension" / "bundled"


def run(bundled, code):
    """What a program prints that has the path of the bundled server."""
    path = f"import sys; sys.path.insert(0, {str(bundled / 'libs')!r})\n"
    done = subprocess.run(
        [PYTHON, "-I", "-S", "-c", path + code], capture_output=True, text=True, check=False, env={}, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


async def test_it_finds_faults_with_nothing_but_python(bundled, tmp_path):
    command = ("env", "-i", f"SIGMA_HOME={tmp_path}", PYTHON, "-I", "-S", str(bundled / "start.py"))
    uri = (tmp_path / "sigma.yaml").as_uri()
    async with started(SIGMA, folder=tmp_path, command=command) as server:
        server.editor.patience = LONGEST
        server.editor.open(uri, "name: shop\nfunctons: {}\n")
        found = await server.editor.published(uri, 1)
    assert any("functons" in each["message"] for each in found)
    assert server.log == []


def test_each_module_of_the_server_finds_what_it_imports(bundled):
    """But for the command line's, the sandbox's own server, and what another environment runs."""
    found = run(
        bundled,
        "import importlib, pkgutil, sigma_ls\n"
        "elsewhere = ('sigma_ls.cli', 'sigma_ls.sandbox.overlay', 'sigma_ls.build.npm_worker')\n"
        "for each in pkgutil.walk_packages(sigma_ls.__path__, 'sigma_ls.', onerror=lambda name: None):\n"
        "    if not each.name.startswith(elsewhere) and not each.name.endswith('__main__'):\n"
        "        importlib.import_module(each.name); print(each.name)\n",
    )
    assert {"sigma_ls.lsp.serve", "sigma_ls.app.real", "sigma_ls.providers.aws.provider"} < set(found)


def test_the_sdk_knows_every_service_that_is_called(bundled):
    code = (
        "from sigma_ls.providers.aws.connection import AwsConnection\n"
        "from sigma_ls.providers.aws.sdk import make_session\n"
        "session = make_session(AwsConnection('eu-west-1'))\n"
        f"for name in {sorted(SERVICES)}: print(session.create_client(name).meta.service_model.service_name)"
    )
    assert run(bundled, code) == sorted(SERVICES)


def test_pip_is_there_and_sees_no_package_of_ours(bundled):
    done = subprocess.run(
        [PYTHON, "-I", "-S", str(bundled / "pip" / "pip"), "list", "--format=freeze"],
        capture_output=True, text=True, check=True, env={},
    )  # fmt: skip
    assert [line.partition("==")[0] for line in done.stdout.split()] == ["pip"]


def test_nothing_in_it_depends_on_the_machine_that_packed_it():
    with zipfile.ZipFile(VSIX) as archive:
        files = archive.infolist()
        compiled = [file.filename for file in files if file.filename.endswith((".so", ".pyd", ".dylib", ".pyc"))]
        assert compiled == []
        assert Counter(file.date_time for file in files) == {(1980, 1, 1, 0, 0, 0): len(files)}
        assert [name.filename for name in files if str(ROOT).encode() in archive.read(name)] == []


def test_the_same_sources_give_the_same_bytes(tmp_path):
    """Packed again elsewhere, by somebody else, at another time: what `tools/bundle` made is the input of both."""
    vscode = tmp_path / "editors/vscode"
    left_out = shutil.ignore_patterns("node_modules", "dist")
    shutil.copytree(ROOT / "editors/vscode", vscode, ignore=left_out, copy_function=shutil.copyfile)
    (vscode / "node_modules").symlink_to(ROOT / "editors/vscode/node_modules")
    shutil.copyfile(ROOT / "LICENSE", tmp_path / "LICENSE")
    (tmp_path / "docs").mkdir()
    shutil.copyfile(ROOT / "docs/sigma.schema.json", tmp_path / "docs/sigma.schema.json")
    shutil.copytree(ROOT / "sigma_ls/app/starters", tmp_path / "sigma_ls/app/starters")
    done = subprocess.run(
        ["npm", "run", "--silent", "package"],
        cwd=vscode, env={**os.environ, "TZ": "Asia/Tokyo"}, umask=0o077, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (vscode / "dist/sigma-ls.vsix").read_bytes() == VSIX.read_bytes()


def test_it_brings_the_schema_for_other_yaml_extensions():
    with zipfile.ZipFile(VSIX) as archive:
        contributes = json.loads(archive.read("extension/package.json"))["contributes"]
        (association,) = contributes["yamlValidation"]
        schema = archive.read(f"extension/{association['url'].removeprefix('./')}")
    assert association["fileMatch"] == ["sigma.yaml", "sigma.yml"]
    assert schema == (ROOT / "docs/sigma.schema.json").read_bytes()


def test_what_the_extension_host_loads_is_small():
    with zipfile.ZipFile(VSIX) as archive:
        scripts = {name: archive.read(f"extension/dist/{name}.js") for name in ("extension", "main", "client")}
    # Bytes; the first is all that VS Code waits for, and asks for nothing that is not there by then.
    assert len(scripts["extension"]) <= 2_000
    assert sum(map(len, scripts.values())) <= 400_000
    loads = {name: set(re.findall(rb'require\("([^"]+)"\)', text)) for name, text in scripts.items()}
    assert loads["extension"] == {b"vscode", b"./main"}
    assert b"./client" in loads["main"]
