"""Building a project's functions without deploying them."""

from __future__ import annotations

from collections.abc import Callable

from sigma_ls.app import beginning
from sigma_ls.app.manifests import ManifestReader
from sigma_ls.app.projects import load
from sigma_ls.app.reading import Reader
from sigma_ls.app.refusal import Refused
from sigma_ls.app.settings import Settings
from sigma_ls.app.template import refuse_errors
from sigma_ls.app.world import BuildFailed, World
from sigma_ls.deploy.ports import Artifact, ProviderError
from sigma_ls.runtime.blocking import run_blocking


async def build_project(
    world: World,
    settings: Settings,
    manifest: str,
    *,
    text: str | None = None,
    stage: str | None = None,
    report: Callable[[str], None] = lambda _: None,
    reader: Reader | None = None,
) -> tuple[Artifact, ...]:
    """The archives of a project's functions, for the cloud that the settings name; `report` hears what is done.

    Raises:
        Refused: `untrusted`, `noManifest` and its like, `unknownStage`, `unsupported`, `manifestHasErrors`,
            `buildFailed`, or the code of what is missing for it (`sandboxUnavailable`, `notInstalled`).
    """
    if not settings.trusted:
        raise Refused("untrusted", "The workspace is not trusted: nothing is built or deployed from it.")
    source = load(manifest, text)
    reading = await run_blocking(beginning.read, reader or ManifestReader(), source, stage, settings.stage)
    refuse_errors(reading)
    cloud = beginning.cloud_of(reading, settings, sandbox=None)
    if reading.project is None or cloud is None:
        raise Refused("manifestHasErrors", f"{source.path} does not say where the project is deployed.")
    try:
        return await world.build(tuple(reading.project.functions.values()), source.folder, cloud, report)
    except BuildFailed as failed:
        raise Refused("buildFailed", str(failed)) from failed
    except ProviderError as error:
        raise Refused(error.code, str(error)) from error
