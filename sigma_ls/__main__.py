"""`sigma-ls`: the language server on a fast path of its own, everything else on the command line's."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from sigma_ls import __version__


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for; the result is the exit status."""
    args = list(sys.argv[1:] if argv is None else argv)
    if args == ["--version"]:
        print(f"sigma-ls {__version__}")  # noqa: T201 - the answer
        return 0
    # Imports are local so that an editor waits for the language server alone, and `--version` for nothing.
    if _serves(args):
        # A server's start makes 100 000 objects and no garbage; it has itself looked after once it serves.
        gc.disable()
        from sigma_ls.lsp import serve  # noqa: PLC0415

        return serve.main(args)
    # A command makes much at its start (200 000 objects) and ends soon: by Python's own threshold a fifth of its time goes
    # into looking for garbage that is not there.  One that watches for hours has its garbage looked for as well.
    gc.set_threshold(250_000)
    from sigma_ls import cli  # noqa: PLC0415

    return int(cli.main(args))


def run() -> NoReturn:
    """The program: `main`, and the end of the process."""
    status = main()
    if not _serves(sys.argv[1:]):
        _end(status)
    sys.exit(status)


def _end(status: int) -> NoReturn:
    """End at once: to take the interpreter apart, module by module, takes 8 % of a short deployment's time."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            # Nobody reads it any more; a command that did its work did it all the same.
            status = status or 1
    os._exit(status)


def _serves(args: Sequence[str]) -> bool:
    if not args:
        return True
    wants_help = any(arg in {"-h", "--help"} for arg in args)
    return not wants_help and (args[0] == "serve" or args[0].partition("=")[0] in {"--stdio", "--tcp"})


if __name__ == "__main__":
    run()
