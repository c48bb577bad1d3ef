"""A first project: a manifest without a fault and one function that answers, to begin from.  It overwrites nothing.

Its files are those of `starters/`, with `{{name}}`, `{{region}}` and `{{project}}` as blanks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from attrs import frozen

from sigma_ls.app.projects import NAMES
from sigma_ls.app.refusal import Refused

Platform = Literal["aws", "gcp"]
Language = Literal["python", "node"]

DEFAULT_REGION: Mapping[Platform, str] = {"aws": "eu-west-1", "gcp": "europe-west1"}

# What the manifest allows (`docs/manifest.md`, `name`).
_LONGEST_NAME = 63

_TEMPLATES = Path(__file__).with_name("starters")
"""A folder for each platform and language; Create Project of the VS Code extension packs and fills the same files."""
_BLANK = re.compile(r"(?P<alone>(?<=: )\{\{\w+}}$)|\{\{\w+}}", re.MULTILINE)


@frozen
class Starter:
    """What a first project must know.  `cloud_project` is Google Cloud's, and empty on AWS."""

    name: str
    platform: Platform
    region: str
    cloud_project: str = ""
    language: Language = "python"


def name_from(folder: str) -> str:
    """A project name made of a folder's: lower case, what a name may not hold as hyphens."""
    name = re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-")
    if not name[:1].isalpha():
        name = f"project-{name}"
    return name[:_LONGEST_NAME].rstrip("-")


def files(starter: Starter) -> Mapping[str, str]:
    """The files of the project by their path in its folder."""
    given = {"name": starter.name, "region": starter.region, "project": starter.cloud_project}
    template = _TEMPLATES / f"{starter.platform}-{starter.language}"
    paths = sorted(path for path in template.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(template).as_posix(): _filled(path.read_text("utf-8"), given) for path in paths}


def _filled(text: str, given: Mapping[str, str]) -> str:
    """A value that stands alone is quoted where it must be; within another it stands as it is."""

    def value(blank: re.Match[str]) -> str:
        text = given[blank[0].strip("{}")]
        return _scalar(text) if blank["alone"] else text

    return _BLANK.sub(value, text)


def _scalar(value: str) -> str:
    """As YAML reads it back: whatever somebody typed is one string, which the manifest's rules then judge."""
    return value if re.fullmatch(r"[a-zA-Z][\w@.-]*", value) else json.dumps(value)


def existing_manifest(folder: Path) -> Path | None:
    """The manifest that is there already."""
    return next((path for name in NAMES if (path := folder / name).exists()), None)


def create(folder: Path, starter: Starter) -> tuple[Path, ...]:
    """Write the files, and give those that were written: code that is there already is kept.

    Raises `Refused` (`manifestExists`, `notWritable`); the manifest is written last, so that no half project is one.
    """
    if manifest := existing_manifest(folder):
        raise Refused("manifestExists", f"There is a project already: {manifest}. Nothing was changed.")
    written = []
    for name, text in sorted(files(starter).items(), key=lambda file: file[0] in NAMES):
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        except OSError as error:
            raise Refused("notWritable", f"{path} cannot be written: {error.strerror or error}.") from error
        written.append(path)
    return tuple(written)
