"""The dependencies of a Python function, as its `requirements.txt` asks for them.

They are installed with uv, which fetches wheels for any Python version and platform from any other.  aws-lambda-builders
has two workflows for this and neither will do: `python_pip` needs an interpreter of the function's own version on the
PATH; `python_uv` always asks for wheels of one platform (too new a one for the older runtimes, and none for the
sandbox), and where there is no wheel packs what it compiles on this machine.
"""

import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from attrs import frozen

from sigma_ls.build import tools
from sigma_ls.build.model import BuildError, FunctionSource, Target
from sigma_ls.build.sources import Member

REQUIREMENTS = "requirements.txt"

# The C library of the runtimes: Amazon Linux 2023 (2.34) since Python 3.12, before that Amazon Linux 2 (2.26, for which
# the newest platform that uv knows is 2.17). AWS Lambda developer guide, "Lambda runtimes".
_FIRST_ON_AMAZON_LINUX_2023 = (3, 12)
_MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}

_REFERENCE = re.compile(r"(?:-r|-c|--requirement|--constraint)[ =]*(\S+)")
_TAG = re.compile(r"^Tag: \S+?-(?P<platform>[^-\s]+)$", re.MULTILINE)

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


@frozen
class Environment:
    """Where wheels must run: a Python version, and a platform in uv's words; none is this machine."""

    python: tuple[int, int]
    platform: str | None

    def __str__(self) -> str:
        return f"Python {self.python[0]}.{self.python[1]} on {self.platform or 'this machine'}"

    def key(self) -> str:
        """What tells one environment from another."""
        return f"{self.python} {self.platform or f'{sys.platform} {platform.machine()} {platform.libc_ver()}'}"


def environment(source: FunctionSource, target: Target) -> Environment:
    """Where the function will run.  Raises `BuildError` for a runtime that is no Python version."""
    if target.platform == "sandbox":
        return Environment(target.python or (sys.version_info[0], sys.version_info[1]), None)
    version = re.fullmatch(r"python(\d+)\.(\d+)", source.runtime)
    machine = _MACHINES.get(source.architecture)
    if not version or not machine:
        raise BuildError(
            f"Dependencies of {source.function} cannot be fetched for {source.runtime} on {source.architecture}.",
            source.function,
            "Correct `runtime` or `architecture` in the manifest.",
        )
    python = int(version[1]), int(version[2])
    libc = "2_34" if python >= _FIRST_ON_AMAZON_LINUX_2023 else "2_17"
    return Environment(python, f"{machine}-manylinux_{libc}")


def requirements(source: FunctionSource) -> tuple[tuple[str, str], ...]:
    """Names and texts of `requirements.txt` and of the files it refers to; none without it.  Raises `BuildError`."""
    found: dict[Path, str] = {}
    _read_requirements(source, source.code / REQUIREMENTS, found)
    return tuple((path.name, text) for path, text in found.items())


def install(source: FunctionSource, where: Environment, run: Run) -> Callable[[Path], None]:
    """A function that installs the dependencies into a folder.  It raises `BuildError`."""

    def fill(folder: Path) -> None:
        done = run(_command(source, where, folder, "--no-build"))
        reason = done.stderr
        if done.returncode and "no usable wheels" in reason:
            # Something comes as source only. That is fine if it is pure Python, which is looked at below; if it
            # cannot be built, the lack of a wheel is still the reason to tell.
            done = run(_command(source, where, folder))
        if done.returncode:
            raise _failed(source, where, reason)
        if where.platform and (compiled := _compiled_here(folder)):
            raise BuildError(
                f"Dependencies of {source.function} have no wheel for {where}: {', '.join(compiled)}.",
                source.function,
                f"Choose versions that have one in {source.code / REQUIREMENTS}, or another `runtime` or `architecture`.",
            )

    return fill


def installed(folder: Path) -> Iterator[Member]:
    """The files of installed dependencies that belong into an archive."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != ".lock" and "__pycache__" not in path.parts and not _is_launcher(name, path):
            yield Member(name, path, executable=bool(path.stat().st_mode & 0o111))


def content(member: Member) -> bytes:
    """The content of such a file; lists of installed files without the launchers, which differ by machine."""
    data = member.path.read_bytes()
    if member.name.endswith(".dist-info/RECORD"):
        return b"".join(line for line in data.splitlines(keepends=True) if not line.startswith(b"bin/"))
    return data


def run(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end and keep what it wrote."""
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


def _read_requirements(source: FunctionSource, path: Path, found: dict[Path, str]) -> None:
    if path in found:
        return
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if not found:
            return
        text = ""  # uv says which file and line refer to it.
    except UnicodeDecodeError as error:
        raise BuildError(
            f"{path} is not UTF-8 text (byte {error.start + 1}).", source.function, "Save it again as UTF-8."
        ) from error
    except OSError as error:
        raise BuildError(
            f"{path} cannot be read: {error.strerror or error}.", source.function, "Give yourself read access to it."
        ) from error
    found[path] = text
    for line in text.splitlines():
        if reference := _REFERENCE.match(line.strip()):
            _read_requirements(source, path.parent / reference[1], found)


def _command(source: FunctionSource, where: Environment, folder: Path, *more: str) -> list[str]:
    uv = tools.uv()
    if uv is None:
        raise tools.not_installed(source.function)
    command = [
        str(uv), "pip", "install", "--quiet", "--no-progress", "--no-installer-metadata",
        # Copies, so that nothing done to them reaches uv's cache.
        "--link-mode", "copy",
        "--python", sys.executable, "--python-version", f"{where.python[0]}.{where.python[1]}",
        "--target", str(folder), "--requirement", str(source.code / REQUIREMENTS),
    ]  # fmt: skip
    return [*command, *(("--python-platform", where.platform) if where.platform else ()), *more]


def _failed(source: FunctionSource, where: Environment, said: str) -> BuildError:
    # Paragraphs, each wrapped by uv to the width of a terminal, that begin with what they are.
    paragraphs = re.split(r"\n\s*(?=(?:error|cause|hint|warning): )", said.strip())
    told = [" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip()]
    causes = [paragraph.removeprefix("cause: ") for paragraph in told if paragraph.startswith("cause: ")]
    reason = " ".join(causes or told) or "uv gave no reason"
    path = source.code / REQUIREMENTS
    if "not found in the package registry" in reason or "there is no version" in reason:
        next_step = f"Correct the name or version in {path}."
    elif "no usable wheels" in reason:
        next_step = f"Choose a version that has a wheel for {where} in {path}."
    elif "Failed to fetch" in reason or "error sending request" in reason:
        next_step = (
            "Check the network and the proxy, then try again. Another package index is named by UV_DEFAULT_INDEX (uv "
            "does not read pip's settings)."
        )
    else:
        next_step = f"Correct {path}."
    return BuildError(
        f"The dependencies of {source.function} cannot be installed for {where}: {reason}", source.function, next_step
    )


def _compiled_here(folder: Path) -> list[str]:
    """The distributions that were compiled on this machine, and so run on no other."""
    found = []
    for wheel in folder.glob("*.dist-info/WHEEL"):
        platforms = {tag["platform"] for tag in _TAG.finditer(wheel.read_text(encoding="utf-8"))}
        if not any(name == "any" or name.startswith(("manylinux", "musllinux")) for name in platforms):
            found.append(wheel.parent.name.removesuffix(".dist-info"))
    return sorted(found)


def _is_launcher(name: str, path: Path) -> bool:
    """Whether it is a command of a package: no use in a function, and it names this machine's interpreter."""
    if not name.startswith("bin/"):
        return False
    with path.open("rb") as file:
        return file.read(2) == b"#!"
