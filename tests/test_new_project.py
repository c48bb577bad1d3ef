"""What the editor's *Create Project* writes is a manifest without a finding, for each language."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sigma_ls.app.files import ProjectFiles
from sigma_ls.app.template import template_text
from sigma_ls.manifest.analysis import check_text

TEMPLATES = Path(__file__).parents[1] / "editors" / "vscode" / "templates"


@pytest.mark.parametrize("language", ["python", "node"])
def test_a_new_project_has_no_finding(tmp_path: Path, language: str) -> None:
    folder = tmp_path / "project"
    shutil.copytree(TEMPLATES / language, folder)
    manifest = folder / "sigma.yaml"
    text = manifest.read_text().replace("{{name}}", "shop").replace("{{region}}", "us-east-1")
    manifest.write_text(text)

    assert list(check_text(text, ProjectFiles(folder), manifest.as_uri())) == []
    assert "AWS::Lambda::Function" in template_text(str(manifest)).text
