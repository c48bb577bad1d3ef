"""Functions whose packages cannot be fetched because nothing that fetches them is installed."""

import sys

import pytest

from sigma_ls.build import TOOLS, BuildError, FunctionSource, Target, build, lacks_tools
from sigma_ls.build.tools import uv
from sigma_ls.runtime.environments import program
from sigma_ls.runtime.installation import install
from tests.support.installer import Installer


@pytest.fixture
def bare(monkeypatch):
    """Beside the server that an extension brings along: neither uv nor aws-lambda-builders can be imported."""
    monkeypatch.delenv("SIGMA_ENVIRONMENTS", raising=False)
    for module in ("uv", TOOLS.module):
        monkeypatch.setitem(sys.modules, module, None)


def python(folder, requirements=None):
    (folder / "app.py").touch()
    if requirements is not None:
        (folder / "requirements.txt").write_text(requirements)
    return FunctionSource("resize", "python3.13", folder, "x86_64")


def nodejs(folder, manifest):
    (folder / "index.mjs").touch()
    (folder / "package.json").write_text(manifest)
    return FunctionSource("resize", "nodejs22.x", folder, "x86_64")


def test_only_what_fetches_packages_lacks_tools(bare, tmp_path):
    (plain := tmp_path / "plain").mkdir()
    (asking := tmp_path / "asking").mkdir()
    (node := tmp_path / "node").mkdir()
    (archive := tmp_path / "code.zip").touch()
    assert not lacks_tools(python(plain))
    assert lacks_tools(python(asking, "pillow==12.0.0\n"))
    assert not lacks_tools(nodejs(node, '{"type": "module"}'))
    assert lacks_tools(nodejs(node, '{"dependencies": {"ms": "2.1.3"}}'))
    # The build says what is wrong with these.
    assert not lacks_tools(nodejs(node, "{"))
    assert not lacks_tools(FunctionSource("resize", "python3.13", archive, "x86_64"))


def test_they_are_taken_from_their_environment(bare, tmp_path):
    assert uv() is None
    install(TOOLS, report=lambda _line: None, run=Installer())
    assert uv() == program(TOOLS, "uv")
    assert not lacks_tools(python(tmp_path, "pillow==12.0.0\n"))
    assert not lacks_tools(nodejs(tmp_path, '{"dependencies": {"ms": "2.1.3"}}'))


def test_an_installation_that_has_them_needs_no_environment(tmp_path):
    assert not lacks_tools(python(tmp_path, "pillow==12.0.0\n"))
    assert not lacks_tools(nodejs(tmp_path, '{"dependencies": {"ms": "2.1.3"}}'))


@pytest.mark.parametrize("kind", ["python", "nodejs"])
def test_without_them_it_is_said_how_to_install_them(bare, tmp_path, kind):
    source = python(tmp_path, "x\n") if kind == "python" else nodejs(tmp_path, '{"dependencies": {"ms": "2.1.3"}}')
    with pytest.raises(BuildError, match="of resize cannot be fetched: the build toolkit is not installed") as failed:
        build(source, Target("lambda"), report=lambda _line: None)
    assert "sigma-ls environment install build-tools" in failed.value.next_step
