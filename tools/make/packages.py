"""Fetches what the tests deploy: the sandbox's environment, and the wheels of the example's functions.

Tests themselves reach no network: they run with `UV_OFFLINE` (tests/conftest.py), from the cache that is filled here.
A second run fetches nothing and says nothing.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from uv import find_uv_bin

from sigma_ls.sandbox import environment
from sigma_ls.sandbox.errors import SandboxError

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """The exit status: 1 when something cannot be fetched, after saying what and why."""
    try:
        environment.installed(report=lambda line: print(f"==> {line}", flush=True))
    except SandboxError as error:
        print(f"error: {error}", file=sys.stderr)
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
