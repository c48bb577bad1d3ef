"""`init`: a first project in a folder.  Asks what was not given, as long as there is somebody to ask."""

from __future__ import annotations

import asyncio
from pathlib import Path

from attrs import evolve, frozen

from sigma_ls.app import starter
from sigma_ls.app.refusal import Refused
from sigma_ls.cli.failure import Failure
from sigma_ls.cli.host import Host
from sigma_ls.manifest.analysis import check_text
from sigma_ls.manifest.diagnostic import Severity


@frozen
class InitOptions:
    """What was given on the command line; `cloud_project` is Google Cloud's."""

    path: str
    name: str | None = None
    platform: starter.Platform | None = None
    region: str | None = None
    cloud_project: str | None = None
    language: starter.Language = "python"


def init(options: InitOptions, host: Host) -> int:
    """Write the project and say what comes next."""
    folder = (host.folder / options.path).resolve()
    if folder.exists() and not folder.is_dir():
        raise Failure(f"{folder} is no folder.", "Name the folder that the project is to be in.")
    if manifest := starter.existing_manifest(folder):
        raise Failure(
            f"There is a project already: {manifest}.", "Nothing was changed. Open it, or name another folder."
        )
    chosen = asyncio.run(_chosen(options, folder, host))
    _check(chosen)
    try:
        written = starter.create(folder, chosen)
    except Refused as refused:
        raise Failure(refused.message) from refused
    for path in written:
        print(f"wrote {path.relative_to(folder)}", file=host.out)
    where = "" if options.path == "." else f" {options.path}"
    following = f"sigma-ls check{where}"
    if chosen.platform == "aws":
        following = f"sigma-ls deploy{where} --sandbox (on this machine, without an account)"
    print(f"Next: {following}", file=host.out)
    return 0


async def _chosen(options: InitOptions, folder: Path, host: Host) -> starter.Starter:
    name = options.name or await _ask(host, "Name", starter.name_from(folder.name))
    platform = options.platform or _platform(await _ask(host, "Platform (aws or gcp)", "aws"))
    begun = starter.Starter(name, platform, "", language=options.language)
    if platform == "gcp" and not (options.cloud_project or host.ask):
        raise Failure("A project on Google Cloud needs the id of one there.", "Give it with --project.")
    if platform == "gcp":
        begun = evolve(begun, cloud_project=options.cloud_project or await _ask(host, "Google Cloud project", ""))
    default = starter.DEFAULT_REGION[platform]
    if platform == "aws":
        default = host.environment.get("AWS_REGION") or host.environment.get("AWS_DEFAULT_REGION") or default
    return evolve(begun, region=options.region or await _ask(host, "Region", default))


async def _ask(host: Host, what: str, default: str) -> str:
    """The answer; the default where it is empty or nobody can be asked."""
    if host.ask is None:
        return default
    line = await host.ask(f"{what} [{default}]: " if default else f"{what}: ", False)
    if line is None:
        raise Failure("Nothing was written: the input ended before all was answered.", exit_status=1)
    return line.strip() or default


def _platform(answer: str) -> starter.Platform:
    match answer:
        case "aws" | "gcp":
            return answer
        case _:
            raise Failure(f"There is no platform “{answer}”.", "It is aws or gcp.")


def _check(chosen: starter.Starter) -> None:
    """The manifest is held against the rules before anything is written: they know what a name or a region may be."""
    text = starter.files(chosen)["sigma.yaml"]
    for found in check_text(text):
        if found.severity is Severity.ERROR:
            line = text.splitlines()[found.range.start.line].strip()
            raise Failure(f"`{line}` cannot be: {found.message}", "Nothing was written. Try again with another value.")
