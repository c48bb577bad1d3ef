"""The dependencies of a Node.js function, as its `package.json` asks for them.

npm installs them, driven by aws-lambda-builders: by the lock file where there is one, without development dependencies.
Packages that bring native code bring that of this machine.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from sigma_ls.build import tools
from sigma_ls.build.model import BuildError, FunctionSource
from sigma_ls.build.sources import Member

MANIFEST = "package.json"
LOCK = "package-lock.json"
MODULES = "node_modules"
WORKER = Path(__file__).with_name("npm_worker.py")


def manifests(source: FunctionSource) -> tuple[tuple[str, str], ...]:
    """Names and texts of `package.json` and its lock file; none where it asks for nothing.  Raises `BuildError`."""
    path = source.code / MANIFEST
    if not path.is_file():
        return ()
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text)
        lock = source.code / LOCK
        locked = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    except (OSError, ValueError) as error:
        raise BuildError(f"{path} cannot be read: {error}.", source.function, "Correct or remove it.") from error
    if not isinstance(content, dict) or not content.get("dependencies"):
        return ()
    return (MANIFEST, text), (LOCK, locked)


def install(source: FunctionSource) -> Callable[[Path], None]:
    """A function that installs the dependencies into a folder.  It raises `BuildError`."""

    def fill(folder: Path) -> None:
        python = tools.builders()
        if python is None:
            raise tools.not_installed(source.function)
        with tempfile.TemporaryDirectory(prefix="npm-") as scratch:
            # Only the manifests: what else is in the folder goes into the archive from there.
            for name in ("source", "artifacts", "scratch"):
                Path(scratch, name).mkdir()
            for name in (LOCK, ".npmrc"):
                if (source.code / name).is_file():
                    shutil.copy(source.code / name, Path(scratch, "source", name))
            # The workflow packs a package, and a package needs a name; a function does not.
            named = {"name": "function", "version": "0.0.0", **json.loads((source.code / MANIFEST).read_bytes())}
            Path(scratch, "source", MANIFEST).write_text(json.dumps(named), encoding="utf-8")
            locked = (source.code / LOCK).is_file()
            asked = {
                "source_dir": str(Path(scratch, "source")),
                "artifacts_dir": str(Path(scratch, "artifacts")),
                "scratch_dir": str(Path(scratch, "scratch")),
                "manifest_path": str(Path(scratch, "source", MANIFEST)),
                "runtime": source.runtime,
                "architecture": source.architecture,
                "options": {"use_npm_ci": locked},
            }
            # -P: the folder of the script holds modules of this package, which are not to be found under bare names.
            done = subprocess.run(
                [str(python), "-P", str(WORKER), json.dumps(asked)],
                capture_output=True, text=True, errors="replace", check=False, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            if done.returncode:
                raise BuildError(
                    f"The dependencies of {source.function} cannot be installed: {_reason(done.stderr)}",
                    source.function,
                    f"Correct {source.code / MANIFEST}; npm must be on the PATH and reach its registry.",
                )
            shutil.move(Path(scratch, "artifacts", MODULES), folder / MODULES)

    return fill


def installed(folder: Path) -> Iterator[Member]:
    """The files of installed dependencies that belong into an archive."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        # Links to commands and npm's own notes: no use in a function.
        if path.is_file() and not name.startswith((f"{MODULES}/.bin/", f"{MODULES}/.package-lock.json")):
            yield Member(name, path, executable=bool(path.stat().st_mode & 0o111))


def _reason(said: str) -> str:
    """What the worker said last, a traceback's last line where it is one."""
    text = said.strip() or "it gave no reason"
    return text.splitlines()[-1] if text.startswith("Traceback") else text
