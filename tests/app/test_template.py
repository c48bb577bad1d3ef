"""A project's template as text, and its builds."""

from __future__ import annotations

import json

import pytest

from sigma_ls.app.building import build_project
from sigma_ls.app.refusal import Refused
from sigma_ls.app.settings import Settings
from sigma_ls.app.template import template_text
from sigma_ls.app.world import BuildFailed, BuildFault
from tests.support.app import MANIFEST, App, write_project


def test_the_template_in_yaml_and_json(tmp_path):
    manifest = write_project(tmp_path)
    in_yaml = template_text(str(manifest))
    in_json = template_text(str(tmp_path), language_id="json")

    assert (in_yaml.language_id, in_json.language_id) == ("yaml", "json")
    assert in_yaml.text.startswith("AWSTemplateFormatVersion:")
    resources = json.loads(in_json.text)["Resources"]
    assert in_yaml.resources == in_json.resources == len(resources)
    assert resources["Images"]["Type"] == "AWS::S3::Bucket"


def test_the_editors_text_wins(tmp_path):
    manifest = write_project(tmp_path)
    text = MANIFEST.replace("name: demo", "name: demo\ndescription: Unsaved.")
    assert "Unsaved." in template_text(str(manifest), text=text).text


def test_a_manifest_with_errors_is_refused_with_the_place(tmp_path):
    manifest = write_project(tmp_path, MANIFEST.replace("handler: app.handler", "handler: gone.handler"))
    with pytest.raises(Refused) as refusal:
        template_text(str(manifest))
    assert refusal.value.code == "manifestHasErrors"
    assert "sigma.yaml:7:14:" in refusal.value.message


def test_a_template_file_is_merged_in(tmp_path):
    manifest = write_project(tmp_path, MANIFEST + "template: more.yaml\n")
    (tmp_path / "more.yaml").write_text(
        "Resources:\n  Extra: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub '${AWS::StackName}'}}\n"
    )
    resources = json.loads(template_text(str(manifest), language_id="json").text)["Resources"]
    assert resources["Extra"]["Properties"] == {"DisplayName": {"Fn::Sub": "${AWS::StackName}"}}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "There is no file 'more.yaml' beside the manifest"),
        (b"Resources: [", "line 1"),
        (b"- a\n", "holds no mapping"),
        (b"\xff\xfe", "not a text in UTF-8"),
    ],
)
def test_a_bad_template_file_says_why(tmp_path, content, reason):
    manifest = write_project(tmp_path, MANIFEST + "template: more.yaml\n")
    if content is not None:
        (tmp_path / "more.yaml").write_bytes(content)
    with pytest.raises(Refused) as refusal:
        template_text(str(manifest))
    assert reason in refusal.value.message


def test_a_template_file_outside_of_the_project_is_not_read(tmp_path):
    manifest = write_project(tmp_path / "p", MANIFEST + "template: ../more.yaml\n")
    (tmp_path / "more.yaml").write_text("Resources: {}\n")
    with pytest.raises(Refused):
        template_text(str(manifest))


async def test_functions_are_built(app: App):
    (built,) = await build_project(app.world, Settings(), str(app.manifest))
    assert (built.function, built.size) == ("hello", 10)


async def test_a_build_that_fails_or_is_not_trusted_is_refused(app: App):
    app.world.broken["hello"] = BuildFailed([BuildFault("hello", "no such requirement")])
    for settings, code in ((Settings(), "buildFailed"), (Settings(trusted=False), "untrusted")):
        with pytest.raises(Refused) as refusal:
            await build_project(app.world, settings, str(app.manifest))
        assert refusal.value.code == code


async def test_the_template_that_was_staged_beside_that_of_the_manifest(app: App):
    done = await app.run()
    staged = app.deployments.template(done.id, comparable=True)
    assert staged.text == template_text(str(app.manifest), comparable=True).text
    assert staged.resources == len(done.changes)
    assert "S3Key" not in staged.text

    app.manifest.write_text(MANIFEST.replace("failed: {type: queue}", "failed: {type: queue, retention: 600}"))
    now = template_text(str(app.manifest), comparable=True).text.splitlines()
    assert set(now) - set(staged.text.splitlines()) == {"      MessageRetentionPeriod: 600"}
    assert "S3Key" in app.deployments.template(done.id, "json").text


async def test_a_deployment_that_staged_nothing_has_no_template(app: App):
    app.world.broken["hello"] = BuildFailed([BuildFault("hello", "no such requirement")])
    done = await app.run()
    with pytest.raises(Refused) as refusal:
        app.deployments.template(done.id)
    assert refusal.value.code == "notStaged"
