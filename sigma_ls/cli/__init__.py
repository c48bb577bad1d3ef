"""The command line: the same core without an editor.  rich is imported here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sigma_ls.cli.host import Host


def main(arguments: Sequence[str], host: Host | None = None) -> int:
    """Run the command that `arguments` (without the program's name) ask for, and give the exit status."""
    from sigma_ls.cli.barrier import guarded  # noqa: PLC0415 - `import sigma_ls.cli` costs nothing
    from sigma_ls.cli.program import run  # noqa: PLC0415

    if host is None:
        from sigma_ls.cli.terminal import real_host  # noqa: PLC0415

        host = real_host()
    return guarded(host, lambda: run(arguments, host))
