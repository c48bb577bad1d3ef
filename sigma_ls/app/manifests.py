"""The reader of manifests: `sigma_ls.manifest` and `sigma_ls.synth`, with the files that they look at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sigma_ls.app.files import ProjectFiles
from sigma_ls.app.projects import Source
from sigma_ls.app.reading import CannotDeploy, Reading, failure_at
from sigma_ls.app.refusal import Refused
from sigma_ls.deploy.snapshot import Failure, Location
from sigma_ls.manifest import Lowered, lower, lower_checked
from sigma_ls.manifest.codes import UNKNOWN_STAGE
from sigma_ls.manifest.diagnostic import Diagnostic, Severity
from sigma_ls.synth.template import CodeLocation, Template


class ManifestReader:
    """Understands `sigma.yaml`."""

    def read(self, source: Source, stage: str | None) -> Reading:
        """The project as `stage` sees it, and the errors of the whole manifest.

        Raises:
            Refused: `unknownStage`.
        """
        return self._reading(source, lower(source.text, stage, ProjectFiles(source.folder)))

    def read_checked(self, source: Source, stage: str | None) -> Reading:
        """The same of a text that was analysed already, and has no errors.

        Raises:
            Refused: `unknownStage`.
        """
        return self._reading(source, lower_checked(source.text, stage))

    def _reading(self, source: Source, lowered: Lowered) -> Reading:
        for each in lowered.diagnostics:
            if each.code == UNKNOWN_STAGE.id and lowered.project is None:
                raise Refused("unknownStage", each.message)
        errors = tuple(_failure(source, each) for each in lowered.diagnostics if each.severity is Severity.ERROR)
        return Reading(source, lowered.project, errors)

    def template(self, reading: Reading, code: Mapping[str, CodeLocation]) -> Template:
        """The template, with the functions' code where `code` says.

        Raises:
            CannotDeploy: no template can be made.
        """
        from sigma_ls.synth import Unsupported, synthesize  # noqa: PLC0415 - needed by deployments only
        from sigma_ls.synth.cloudformation.limits import excesses  # noqa: PLC0415 - likewise
        from sigma_ls.synth.definitions import definition_files  # noqa: PLC0415 - likewise

        assert reading.project is not None
        source = reading.source
        overlay = None
        if isinstance(name := reading.project.template, str):
            place = Location(source.uri, reading.project.origin.at("template"))
            overlay = _mapping(source, f"The template file {name}", name, place)
        definitions = {
            name: _mapping(source, f"The definition {name}", name, Location(source.uri, named), references=True)
            for name, named in definition_files(reading.project).items()
        }
        try:
            template = synthesize(reading.project, code, overlay, definitions)
        except Unsupported as refused:
            raise CannotDeploy(failure_at(source, refused.message, Location(source.uri, refused.range))) from refused
        for excess in excesses(template):
            place = Location(source.uri, template.sources.at(*excess.path))
            raise CannotDeploy(failure_at(source, excess.message, place))
        return template

    def render(self, template: Template) -> str:
        """Canonical JSON: one text for one template, whatever the order of the manifest's keys."""
        from sigma_ls.synth.cloudformation.render import canonical_json  # noqa: PLC0415 - needed by deployments only

        return canonical_json(template.body)


def _failure(source: Source, found: Diagnostic) -> Failure:
    reason = f"{found.message} [{found.code}]"
    return Failure(source.path.name, reason, root_cause=True, location=Location(source.uri, found.range))


def _mapping(source: Source, what: str, name: str, place: Location, *, references: bool = False) -> Mapping[str, Any]:
    """The content of a file of the project that the manifest names at `place`."""
    from sigma_ls.manifest.read import json_value  # noqa: PLC0415 - needed by deployments only
    from sigma_ls.syntax.parse import parse  # noqa: PLC0415 - likewise

    path = source.folder / name
    try:
        if not path.resolve().is_relative_to(source.folder.resolve()):
            raise CannotDeploy(failure_at(source, f"{what} lies outside of the project.", place))
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        why = error.strerror or str(error)
        raise CannotDeploy(failure_at(source, f"{what} cannot be read: {why}.", place)) from error
    except UnicodeDecodeError as error:
        reason = f"{what} is not a text in UTF-8."
        raise CannotDeploy(failure_at(source, reason, place)) from error
    parsed = parse(text)
    if parsed.problems:
        first = parsed.problems[0]
        line = first.range.start.line + 1
        raise CannotDeploy(failure_at(source, f"{what}, line {line}: {first.message}", place))
    content = json_value(parsed.root, references=references) if parsed.root is not None else {}
    if not isinstance(content, Mapping):
        raise CannotDeploy(failure_at(source, f"{what} holds no mapping.", place))
    return content
