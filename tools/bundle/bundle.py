"""Puts into a folder what the extension needs to start the server with any Python: `libs/`, `pip/` and `start.py`.

`libs/` is our own wheel and the locked packages of `requirements/bundle.lock`, unpacked and made independent of this
machine: compiled modules are left out (PyYAML works without), and so is what only pip needs.  `pip/` is pip alone; in
`libs/` it would take our packages for those of the environments that it fills.  The same input gives the same bytes.

usage: bundle.py FOLDER
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from sigma_ls.providers.aws.sdk import SERVICES

# Of the descriptions of 440 services, `SERVICES` are carried (tests/editor/test_bundle.py has each made).
ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "bundle.lock"

COMPILED = (".so", ".pyd", ".dylib")
# What describes an installation on this machine; names, versions and licences of the packages stay.
OF_THE_INSTALLER = frozenset({"RECORD", "INSTALLER", "REQUESTED", "WHEEL", "direct_url.json"})


def main() -> None:
    """Make the folder anew."""
    target = Path(sys.argv[1]).resolve()
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        packages, wheels = Path(temporary, "packages"), Path(temporary, "wheels")
        run("pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--no-compile",
            "--target", str(packages), "-r", str(LOCK))  # fmt: skip
        run("hatchling", "build", "-t", "wheel", "-d", str(wheels))
        (wheel,) = wheels.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(packages)
        for path in sorted(packages.rglob("*")):
            name = path.relative_to(packages)
            if path.is_file() and is_carried(name):
                place = target / ("pip" if is_pip(name) else "libs") / name
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
    shutil.copyfile(Path(__file__).with_name("start.py"), target / "start.py")
    for path in (target, *target.rglob("*")):
        # The umask of who builds is not to be seen in the archive.
        path.chmod(0o755 if path.is_dir() else 0o644)


def run(module: str, *arguments: str) -> None:
    """Run a module of this environment in the repository; its failure is ours."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{done.stderr}error: {module} failed, see above. Is the Python package index reachable from here?")


def is_pip(name: Path) -> bool:
    """Whether the file is one of pip's."""
    return name.parts[0] == "pip" or name.parts[0].startswith("pip-")


def is_carried(name: Path) -> bool:
    """Whether the extension needs this file of a package, `name` being its place in `site-packages`."""
    top, *rest = name.parts
    if top == "bin" or "__pycache__" in rest or name.suffix in COMPILED:
        return False
    if top.endswith(".dist-info"):
        return rest[-1] not in OF_THE_INSTALLER
    if top == "botocore" and rest[0] == "data" and len(rest) > 2:
        return rest[1] in SERVICES and not rest[-1].startswith("examples-")
    return True


if __name__ == "__main__":
    main()
