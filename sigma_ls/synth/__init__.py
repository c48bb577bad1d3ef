"""Project → deployment template, with the way back from each node to the manifest.

Pure: nothing is read or written here.  Where code lies in the cloud, and the file that `template` may name, are given
by the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sigma_ls.synth.template import CodeLocation, Template
from sigma_ls.synth.unsupported import Unsupported

if TYPE_CHECKING:
    from sigma_ls.manifest.model import Project

__all__ = ["CodeLocation", "Template", "Unsupported", "synthesize"]

NO_CODE: Mapping[str, CodeLocation] = MappingProxyType({})


NO_FILES: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


def synthesize(
    project: Project,
    code: Mapping[str, CodeLocation] = NO_CODE,
    overlay: Mapping[str, Any] | None = None,
    definitions: Mapping[str, Mapping[str, Any]] = NO_FILES,
) -> Template:
    """The template that deploys `project`.

    `code` tells by function id where its archive lies; a function that is missing there gets a placeholder, good for
    looking at and for checking, not for deploying.  `overlay` is the content of the file that the manifest's `template`
    names, where it names one.  `definitions` are the contents, with references read, of the files that state machines
    name, by those names.

    Raises:
        Unsupported: for a part of the project of which no template can be made.
    """
    if isinstance(project.template, str) and overlay is None:
        message = f"The template file {project.template} that `template` names could not be read."
        raise Unsupported(message, project.origin.at("template"))
    match project.platform:
        case "aws":
            # Loaded when it is used: whoever only speaks of templates (the language server at its start) does not wait.
            from sigma_ls.synth import cloudformation  # noqa: PLC0415
            from sigma_ls.synth.definitions import with_definitions  # noqa: PLC0415 - likewise

            return cloudformation.synthesize(with_definitions(project, definitions), code, overlay)
        case "gcp":
            message = "Deploying to Google Cloud is not supported by this version yet; `platform: aws` is."
            raise Unsupported(message, project.origin.at("platform"))
