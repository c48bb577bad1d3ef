"""Building with the real installers: uv and npm, from package indexes of the tests' own."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sigma_ls.build import BuildError, FunctionSource, Target, build
from tests.support import packages

pytestmark = pytest.mark.sandbox

RESIZE = Path(__file__).parents[2] / "examples" / "thumbnailer" / "src" / "resize"
LAMBDA = Target("lambda")


def quiet(_line):
    pass


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A package index in a folder, the only one that uv knows."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("UV_DEFAULT_INDEX", folder.as_uri())
    monkeypatch.delenv("UV_OFFLINE")
    # What one test publishes must not be found by another.
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    return folder


@pytest.fixture
def code(tmp_path):
    folder = tmp_path / "code"
    folder.mkdir()
    return folder


def python_function(code, requirements, *, runtime="python3.13", architecture="arm64"):
    (code / "app.py").touch()
    (code / "requirements.txt").write_text(requirements)
    return FunctionSource("f", runtime, code, architecture)


def names(built):
    return zipfile.ZipFile(built.path).namelist()


def test_a_function_is_built_for_another_python_and_machine(index, code):
    for tag in ("cp311-cp311-manylinux_2_28_x86_64", "cp313-cp313-manylinux_2_28_aarch64"):
        packages.add_wheel(index, "probe", tag, {f"probe/{tag}.so": "machine code"})
    built = build(python_function(code, "probe==1.0\n"), LAMBDA, report=quiet)
    assert "app.py" in names(built)
    assert [name for name in names(built) if name.endswith(".so")] == ["probe/cp313-cp313-manylinux_2_28_aarch64.so"]
    assert hashlib.sha256(built.path.read_bytes()).hexdigest() == built.hash


def test_a_library_too_new_for_the_runtime_is_not_taken(index, code):
    packages.add_wheel(index, "probe", "cp311-cp311-manylinux_2_28_x86_64", {"probe/new.so": "machine code"})
    # Python 3.11 runs on Amazon Linux 2, whose C library is 2.26.
    with pytest.raises(BuildError, match=r"probe.*has no wheels with a matching platform tag"):
        build(python_function(code, "probe==1.0\n", runtime="python3.11", architecture="x86_64"), LAMBDA, report=quiet)


def test_the_example_built_for_this_machine_runs_here(tmp_path):
    python = (sys.version_info[0], sys.version_info[1])
    built = build(FunctionSource("resize", "python3.13", RESIZE, "arm64"), Target("sandbox", python), report=quiet)
    zipfile.ZipFile(built.path).extractall(tmp_path)
    program = "import PIL.Image; print(PIL.Image.new('RGB', (3, 2)).size)"
    command = [sys.executable, "-S", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "(3, 2)\n"


@pytest.mark.usefixtures("index")
def test_a_requirement_that_does_not_exist_is_named(code):
    with pytest.raises(BuildError, match="no-such-package was not found in the package registry"):
        build(python_function(code, "no-such-package==1.0\n"), LAMBDA, report=quiet)


def test_a_requirement_without_a_wheel_for_the_runtime_is_named(index, code):
    packages.add_source(index, "stone", "raise SystemExit('needs a compiler that nobody has')")
    with pytest.raises(BuildError, match=r"stone==1\.0 has no usable wheels"):
        build(python_function(code, "stone==1.0\n"), LAMBDA, report=quiet)


def node_function(code, registry, package_json):
    (code / "index.mjs").write_text("import days from 'days';\nexport const handler = () => days;\n")
    (code / ".npmrc").write_text(f"registry={registry}\n")
    (code / "package.json").write_text(package_json)
    return FunctionSource("f", "nodejs22.x", code, "x86_64")


def test_a_nodejs_function_gets_its_dependencies(code):
    manifest = '{"type": "module", "dependencies": {"days": "1.0.0"}, "devDependencies": {"pads": "1.0.0"}}'
    with packages.npm_registry({"days": "module.exports = 2;", "pads": ""}) as registry:
        built = build(node_function(code, registry, manifest), LAMBDA, report=quiet)
    assert "node_modules/days/index.js" in names(built)
    assert not any("pads" in name for name in names(built))


def test_an_npm_package_that_does_not_exist_is_named(code):
    with (
        packages.npm_registry({}) as registry,
        pytest.raises(BuildError, match="no-such-package"),
    ):
        build(node_function(code, registry, '{"dependencies": {"no-such-package": "1.0.0"}}'), LAMBDA, report=quiet)
