"""The deployment template of a project as text, for people to read: no build, no cloud, no asked value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from attrs import frozen

from sigma_ls.app.manifests import ManifestReader
from sigma_ls.app.package import Package
from sigma_ls.app.projects import load
from sigma_ls.app.reading import CannotDeploy, Reading
from sigma_ls.app.refusal import Refused
from sigma_ls.deploy.snapshot import Failure
from sigma_ls.synth.template import TemplatePath

Language = Literal["yaml", "json"]

_CODE: Final = {"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}
"""The property that names an archive, by type."""


@frozen
class TemplateText:
    """A rendered template; `resources` is how many it holds."""

    text: str
    language_id: Language
    resources: int


def template_text(
    manifest: str,
    *,
    text: str | None = None,
    stage: str | None = None,
    language_id: Language = "yaml",
    comparable: bool = False,
) -> TemplateText:
    """The template of the manifest at a path or URI; `text` is the editor's unsaved text.

    Code that was not uploaded stands there under the name of an archive that is `not-built`.
    With `comparable` it can be set beside that of a deployment (`staged_text`).

    Raises:
        Refused: `noManifest` and its like, `unknownStage`, `unsupported`, or `manifestHasErrors` with the first of them.
    """
    from sigma_ls.synth.cloudformation.render import manifest_notes  # noqa: PLC0415 - not at a server's start

    reader = ManifestReader()
    reading = reader.read(load(manifest, text), stage)
    refuse_errors(reading)
    try:
        template = reader.template(reading, {})
    except CannotDeploy as refused:
        raise Refused("unsupported", _placed(refused.failure)) from refused
    if comparable:
        return _written(_without_archives(template.body), language_id)
    return _written(template.body, language_id, manifest_notes(template.sources, reading.source.path.name))


def staged_text(package: Package, *, language_id: Language = "yaml", comparable: bool = False) -> TemplateText:
    """The template that a deployment staged; with `comparable` without the names of archives."""
    body = package.restored().body
    return _written(_without_archives(body) if comparable else body, language_id)


def _written(
    body: Mapping[str, Any], language_id: Language, note: Callable[[TemplatePath], str] | None = None
) -> TemplateText:
    from sigma_ls.synth.cloudformation.render import render_json, render_yaml  # noqa: PLC0415 - not at a server's start

    rendered = render_yaml(body, note) if language_id == "yaml" else render_json(body)
    return TemplateText(rendered, language_id, len(body.get("Resources", {})))


def _without_archives(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The template where archives go by no name: theirs tells a build and a bucket, which no manifest does."""
    resources = {
        name: _without_archive(resource) if isinstance(resource, Mapping) else resource
        for name, resource in body.get("Resources", {}).items()
    }
    return {**body, "Resources": resources} if resources else body


def _without_archive(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    properties, key = resource.get("Properties"), _CODE.get(str(resource.get("Type")))
    if key is None or not isinstance(properties, Mapping) or not isinstance(properties.get(key), Mapping):
        return resource
    if "S3Key" not in properties[key]:
        return resource  # Code that stands in the template itself.
    return {**resource, "Properties": {**properties, key: "(an archive)"}}


def refuse_errors(reading: Reading) -> None:
    """Go no further with a manifest that has errors.

    Raises:
        Refused: `manifestHasErrors`.
    """
    if reading.errors:
        more = f" And {len(reading.errors) - 1} more." if len(reading.errors) > 1 else ""
        raise Refused("manifestHasErrors", f"The manifest has errors. {_placed(reading.errors[0])}{more}")
    if reading.project is None:
        raise Refused("manifestHasErrors", f"{reading.source.path} describes no project that could be deployed.")


def _placed(failure: Failure) -> str:
    if failure.location is None:
        return failure.reason
    start = failure.location.range.start
    return f"{failure.resource}:{start.line + 1}:{start.character + 1}: {failure.reason}"
