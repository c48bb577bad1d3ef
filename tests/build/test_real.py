"""Building the example for real: wheels come from the package index."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sigma_ls.build import BuildError, FunctionSource, Target, build

pytestmark = pytest.mark.sandbox

RESIZE = Path(__file__).parents[2] / "examples" / "thumbnailer" / "src" / "resize"


def quiet(_line):
    pass


def test_the_example_is_built_for_another_python_and_machine():
    built = build(FunctionSource("resize", "python3.13", RESIZE, "arm64"), Target("lambda"), report=quiet)
    names = zipfile.ZipFile(built.path).namelist()
    assert "app.py" in names
    assert any(name.startswith("PIL/_imaging.cpython-313-aarch64-linux-gnu") for name in names)
    assert hashlib.sha256(built.path.read_bytes()).hexdigest() == built.hash


def test_the_example_built_for_this_machine_runs_here(tmp_path):
    python = (sys.version_info[0], sys.version_info[1])
    built = build(FunctionSource("resize", "python3.13", RESIZE, "arm64"), Target("sandbox", python), report=quiet)
    zipfile.ZipFile(built.path).extractall(tmp_path)
    program = "import PIL.Image; print(PIL.Image.new('RGB', (3, 2)).size)"
    command = [sys.executable, "-S", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "(3, 2)\n"


def test_a_requirement_that_does_not_exist_is_named(tmp_path):
    (tmp_path / "app.py").touch()
    (tmp_path / "requirements.txt").write_text("sigma-ls-no-such-package-9f2c==1.0\n")
    with pytest.raises(BuildError, match="sigma-ls-no-such-package-9f2c was not found in the package registry"):
        build(FunctionSource("f", "python3.13", tmp_path, "x86_64"), Target("lambda"), report=quiet)


def test_a_requirement_without_a_wheel_for_the_runtime_is_named(tmp_path):
    (tmp_path / "app.py").touch()
    # Its last source distribution needs a compiler and Python 2's headers; there never was a wheel for Linux.
    (tmp_path / "requirements.txt").write_text("pycrypto==2.6.1\n")
    with pytest.raises(BuildError, match=r"pycrypto==2\.6\.1 has no usable wheels"):
        build(FunctionSource("f", "python3.13", tmp_path, "x86_64"), Target("lambda"), report=quiet)


def test_a_nodejs_function_gets_its_dependencies(tmp_path):
    (tmp_path / "index.mjs").write_text("import ms from 'ms';\nexport const handler = () => ms('2 days');\n")
    manifest = '{"type": "module", "dependencies": {"ms": "2.1.3"}, "devDependencies": {"left-pad": "1.3.0"}}'
    (tmp_path / "package.json").write_text(manifest)
    built = build(FunctionSource("f", "nodejs22.x", tmp_path, "x86_64"), Target("lambda"), report=quiet)
    names = zipfile.ZipFile(built.path).namelist()
    assert "node_modules/ms/index.js" in names
    assert not any("left-pad" in name for name in names)


def test_an_npm_package_that_does_not_exist_is_named(tmp_path):
    (tmp_path / "index.mjs").touch()
    (tmp_path / "package.json").write_text('{"dependencies": {"@sigma-ls/no-such-package-9f2c": "1.0.0"}}')
    with pytest.raises(BuildError, match="no-such-package-9f2c"):
        build(FunctionSource("f", "nodejs22.x", tmp_path, "x86_64"), Target("lambda"), report=quiet)
