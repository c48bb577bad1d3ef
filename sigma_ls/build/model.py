"""What is built, for which machine, and what comes of it."""

from pathlib import Path
from typing import Literal

from attrs import frozen


@frozen
class FunctionSource:
    """A function's code as it lies on the disk.

    `function` is its id in the manifest, `runtime` and `architecture` (`x86_64`, `arm64`) the cloud's words.  `code` is
    a folder or a `.zip`.  Links in it may lead to files inside `project`, by default only to files inside `code`.
    """

    function: str
    runtime: str
    code: Path
    architecture: str
    project: Path | None = None


@frozen
class Target:
    """Where the function will run.

    `lambda`: on AWS Lambda, in the function's own runtime and architecture.  `sandbox`: on this machine, in the Python
    of the sandbox, which `python` gives (as in `(3, 11)`), whatever the function's runtime says.
    """

    platform: Literal["lambda", "sandbox"]
    python: tuple[int, int] | None = None


@frozen
class Built:
    """A function's archive.

    `hash` is the SHA-256 of the archive at `path`, `size` its length in bytes; `up_to_date` when it was there already.
    """

    function: str
    path: Path
    hash: str
    size: int
    up_to_date: bool


class BuildError(Exception):
    """Why a function cannot be built, and what to do now, each in words for a person."""

    def __init__(self, message: str, function: str, next_step: str) -> None:
        super().__init__(message)
        self.message = message
        self.function = function
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}"
