"""The deployment template of a project as text, for people to read: no build, no cloud, no asked value."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from sigma_ls.app.manifests import ManifestReader
from sigma_ls.app.projects import load
from sigma_ls.app.reading import CannotDeploy, Reading
from sigma_ls.app.refusal import Refused
from sigma_ls.deploy.snapshot import Failure

Language = Literal["yaml", "json"]


@frozen
class TemplateText:
    """A rendered template; `resources` is how many it holds."""

    text: str
    language_id: Language
    resources: int


def template_text(
    manifest: str, *, text: str | None = None, stage: str | None = None, language_id: Language = "yaml"
) -> TemplateText:
    """The template of the manifest at a path or URI; `text` is the editor's unsaved text.

    Code that was not uploaded stands there under the name of an archive that is `not-built`.

    Raises:
        Refused: `noManifest` and its like, `unknownStage`, `unsupported`, or `manifestHasErrors` with the first of them.
    """
    from sigma_ls.synth.cloudformation.render import manifest_notes, render_json, render_yaml  # noqa: PLC0415 - not at a server's start

    reader = ManifestReader()
    reading = reader.read(load(manifest, text), stage)
    refuse_errors(reading)
    try:
        template = reader.template(reading, {})
    except CannotDeploy as refused:
        raise Refused("unsupported", _placed(refused.failure)) from refused
    if language_id == "yaml":
        rendered = render_yaml(template.body, manifest_notes(template.sources, reading.source.path.name))
    else:
        rendered = render_json(template.body)
    return TemplateText(rendered, language_id, len(template.body.get("Resources", {})))


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
