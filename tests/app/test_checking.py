"""What there is to check of a manifest that is being edited."""

from __future__ import annotations

import pytest

from sigma_ls.app.checking import Checked, check_template
from sigma_ls.app.projects import MAX_SIZE
from tests.support.app import MANIFEST, write_project


def test_a_good_manifest_has_a_template(tmp_path):
    checked = check_template(write_project(tmp_path).as_uri(), MANIFEST, None)
    assert checked.template is not None
    assert (checked.region, checked.failure) == ("eu-west-1", None)
    assert checked.text.startswith('{"AWSTemplateFormatVersion"')


def test_the_files_that_a_template_is_made_with_are_told_whether_they_are_there_or_not(tmp_path):
    machine = "resources:\n  flow: {type: stateMachine, definition: ./flow.yaml}\n"
    flow = "outputs:\n  Flow: {value: '${flow.arn}'}\n"
    text = MANIFEST.replace("resources:\n", machine).replace("outputs:\n", flow) + "template: extra.json\n"
    manifest = write_project(tmp_path).as_uri()
    checked = check_template(manifest, text, None)
    assert checked.files == {tmp_path / "extra.json", tmp_path / "flow.yaml"}
    assert checked.failure is not None
    assert check_template(manifest, MANIFEST, None).files == frozenset()


def test_a_stage_that_is_not_declared_means_the_first(tmp_path):
    manifest = write_project(tmp_path).as_uri()
    assert check_template(manifest, MANIFEST, "nowhere") == check_template(manifest, MANIFEST, None)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("#" * (MAX_SIZE + 1), id="too large"),
        pytest.param(MANIFEST.replace("python3.13", "[]"), id="wrong"),
    ],
)
def test_of_what_cannot_be_deployed_there_is_nothing_to_check(tmp_path, text):
    assert check_template(write_project(tmp_path).as_uri(), text, None) == Checked()
