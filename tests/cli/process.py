"""The real command, as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

COMMAND = (sys.executable, "-m", "sigma_ls")
TIMEOUT = 240.0
"""Seconds after which a command is killed; nothing takes that long unless it is broken."""


@frozen
class Ended:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def deployments(self) -> list[Any]:
        """What `--json` printed."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def last(self) -> Any:
        """How it ended."""
        return self.deployments[-1]


def clean_environment(home: Path, more: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without anything that leads to a cloud, with state and caches in `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SIGMA_", "GOOGLE_"))}
    return {
        **kept,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SIGMA_HOME": str(home),
        "SIGMA_POLL_INTERVAL": "0.1",
        **more,
    }


def run(*arguments: str, folder: Path, environment: Mapping[str, str]) -> Ended:
    """Run it without a terminal.  Whatever becomes of it, it shows no traceback."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return Ended(done.returncode, done.stdout, done.stderr)
