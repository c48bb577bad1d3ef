"""The golden cases: a manifest, and beside it the template that is made of it."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from attrs import frozen

from sigma_ls.manifest import lower
from sigma_ls.manifest.model import Project
from sigma_ls.synth import NO_CODE, CodeLocation, Template, synthesize

GOLDEN = Path(__file__).with_name("golden")
EXAMPLES = Path(__file__).parents[2] / "examples"


@frozen
class Case:
    name: str
    manifest: Path
    expected: Path

    @property
    def text(self) -> str:
        return self.manifest.read_text(encoding="utf-8")

    def project(self) -> Project:
        lowered = lower(self.text)
        assert lowered.project is not None, lowered.diagnostics
        return lowered.project

    def synthesize(self, code: Mapping[str, CodeLocation] = NO_CODE) -> Template:
        project = self.project()
        overlay = None
        if isinstance(project.template, str):
            overlay = yaml.safe_load((self.manifest.parent / project.template).read_text(encoding="utf-8"))
        return synthesize(project, code, overlay)


def _case(folder: Path) -> Case:
    own = folder / "sigma.yaml"
    # A case without a manifest is the example of that name.
    manifest = own if own.exists() else EXAMPLES / folder.name / "sigma.yaml"
    return Case(folder.name, manifest, folder / "template.yaml")


CASES = {folder.name: _case(folder) for folder in sorted(GOLDEN.iterdir())}
