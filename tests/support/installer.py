"""Stands for uv and pip: makes an interpreter, and fails at the command that holds the word `fails`."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path


class Installer:
    """The port `Run` of `sigma_ls.runtime.installation`."""

    def __init__(self, fails: str = "", says: str = "", meanwhile: Callable[[], object] = lambda: None) -> None:
        self.fails, self.says, self.meanwhile = fails, says, meanwhile
        self.commands: list[list[str]] = []

    def __call__(self, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        """Do as asked."""
        words = [str(word) for word in command]
        self.commands.append(words)
        self.meanwhile()
        if self.fails in words:
            return subprocess.CompletedProcess(command, 2, "", self.says)
        if "venv" in words:
            python = Path(words[-1]) / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.touch()
        return subprocess.CompletedProcess(command, 0, "", "")
