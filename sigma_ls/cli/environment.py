"""`environment list | install | remove`: what is installed on demand, by hand."""

from __future__ import annotations

from collections.abc import Sequence

from sigma_ls.app import environments
from sigma_ls.cli.failure import Failure
from sigma_ls.cli.host import Host
from sigma_ls.runtime.environments import named
from sigma_ls.runtime.installation import InstallError, Run, install

_MEGA = 1_000_000


def list_all(host: Host) -> int:
    """Say how each is: one line each."""
    for each in environments.ALL:
        now = environments.look(each)
        size = f", {now.size // _MEGA} MB in {now.folder.parent}" if now.size else ""
        print(f"{each.name:<12}  {now.state}{size}", file=host.out)
        print(f"{'':<12}  {each.purpose[:1].upper()}{each.purpose[1:]}", file=host.out)
    return 0


def install_some(names: Sequence[str], host: Host, *, run: Run | None = None) -> int:
    """Install these; progress goes to the error stream."""

    def report(line: str) -> None:
        print(line, file=host.err, flush=True)

    for each in [environments.find(name) for name in names]:
        if environments.look(each).state == "included":
            print(f"{named([each], capital=True)} is part of this installation of sigma-ls.", file=host.out)
            continue
        try:
            python = install(each, report=report, run=run)
        except InstallError as error:
            raise Failure(error.message, error.next_step) from error
        print(f"{named([each], capital=True)} is installed: {python.parents[1]}", file=host.out)
    return 0


def remove_some(names: Sequence[str], host: Host) -> int:
    """Delete these; it is no error that one is not installed."""
    for each in [environments.find(name) for name in names]:
        gone = environments.remove(each)
        print(f"{named([each], capital=True)} {'is removed' if gone else 'was not installed'}.", file=host.out)
    return 0
