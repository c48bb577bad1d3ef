"""The template of a manifest as it is now, for finding out what is wrong with it before anybody deploys it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from sigma_ls.app.manifests import ManifestReader
from sigma_ls.app.projects import load
from sigma_ls.app.reading import CannotDeploy
from sigma_ls.app.refusal import Refused
from sigma_ls.deploy.snapshot import Failure
from sigma_ls.manifest.model import Project
from sigma_ls.synth.template import Template


@frozen
class Checked:
    """The template, or why there is none; neither where the manifest has errors, which are shown by themselves."""

    template: Template | None = None
    text: str = ""
    """The template as canonical JSON."""
    region: str = ""
    stages: tuple[str, ...] = ()
    """All that the manifest declares, where there is a project."""
    files: frozenset[Path] = frozenset()
    """What it was made with beside the manifest, whether these files are there or not."""
    failure: Failure | None = None


def check_template(manifest: str, text: str, stage: str | None) -> Checked:
    """The template of a manifest at a path or URI, of whose text in the editor the analysis found no error.

    Reads the template file that it names.  A stage that the manifest does not declare means its first.
    """
    reader = ManifestReader()
    try:
        source = load(manifest, text)
    except Refused:
        # Too large, or empty: who deploys it is told so.
        return Checked()
    try:
        reading = reader.read_checked(source, stage)
    except Refused:
        reading = reader.read_checked(source, None)
    project = reading.project
    if reading.errors or project is None or project.aws is None:
        return Checked()
    files = frozenset(Path(os.path.normpath(source.folder / name)) for name in _named(project))
    try:
        template = reader.template(reading, {})
    except CannotDeploy as refused:
        return Checked(failure=refused.failure, stages=project.stages, files=files)
    return Checked(template, reader.render(template), project.aws.region, project.stages, files)


def _named(project: Project) -> Iterator[str]:
    """The files that the manifest names and whose contents are in the template."""
    from sigma_ls.synth.definitions import definition_files  # noqa: PLC0415 - synthesis is loaded when it is used

    if isinstance(project.template, str):
        yield project.template
    yield from definition_files(project)
