"""Fetches what the tests install.

That is the sandbox's environment, the wheels of the example's functions, and those of the environments that the packed
extension installs on a clean machine (`.cache/packages`, for pip).

Tests themselves reach no network: they run with `UV_OFFLINE` (tests/conftest.py), from the cache that is filled here.
A second run fetches nothing and says nothing.
"""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from uv import find_uv_bin

from sigma_ls.app.environments import ALL
from sigma_ls.sandbox import environment
from sigma_ls.sandbox.errors import SandboxError

ROOT = Path(__file__).resolve().parents[2]
WHEELS = ROOT / ".cache" / "packages"


def main() -> int:
    """The exit status: 1 when something cannot be fetched, after saying what and why."""
    try:
        environment.installed(report=lambda line: print(f"==> {line}", flush=True))
    except SandboxError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if not _wheels([each.lock for each in ALL]):
        print("error: the reason is above. Is PyPI reachable from here? Then run make again.", file=sys.stderr)
        return 1
    for requirements in sorted(ROOT.glob("examples/thumbnailer/src/*/requirements.txt")):
        name = requirements.relative_to(ROOT).as_posix()
        if _install(requirements, "--offline").returncode == 0:
            continue
        print(f"==> fetching the packages of {name}", flush=True)
        done = _install(requirements)
        if done.returncode:
            print(f"error: the packages of {name} cannot be fetched: {done.stderr.strip()}", file=sys.stderr)
            print("       Is PyPI reachable from here? Then run make again.", file=sys.stderr)
            return 1
    return 0


def _wheels(locks: Sequence[Path]) -> bool:
    """Have the wheels of these locks; whether they are there."""
    made_of = (sys.version.encode(), *(lock.read_bytes() for lock in locks))
    wanted = hashlib.sha256(b"\0".join(made_of)).hexdigest()
    stamp = WHEELS / ".fetched"
    if stamp.is_file() and stamp.read_text() == wanted:
        return True
    print("==> fetching the packages that the packed extension installs", flush=True)
    for lock in locks:
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes",
            "--only-binary", ":all:", "--dest", str(WHEELS), "--requirement", str(lock),
        ]  # fmt: skip
        if subprocess.run(command, check=False).returncode:
            return False
    stamp.write_text(wanted)
    return True


def _install(requirements: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    """Into a folder that is thrown away: what stays is uv's cache."""
    with tempfile.TemporaryDirectory(prefix="packages-") as folder:
        command = [
            find_uv_bin(), "pip", "install", "--quiet", "--no-build", "--link-mode", "copy", "--python", sys.executable,
            "--target", folder, "--requirement", str(requirements), *more,
        ]  # fmt: skip
        return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


if __name__ == "__main__":
    sys.exit(main())
