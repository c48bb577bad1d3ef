"""The one place where whatever went wrong becomes a message and an exit status.  A traceback goes to the log only."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable

from sigma_ls.app.refusal import Refused
from sigma_ls.cli.failure import Failure
from sigma_ls.cli.host import Host
from sigma_ls.deploy.ports import ProviderError

INTERRUPTED = 130
REFUSED = 3
_LOG_LIMIT = 1_000_000
"""Bytes after which the log of crashes begins anew; a guess at more than anyone reads."""


def guarded(host: Host, command: Callable[[], int]) -> int:
    """The command's exit status, whatever it raises."""
    try:
        return command()
    except Failure as failure:
        _say(host, failure.message, failure.next_step)
        return failure.exit_status
    except Refused as refused:
        _say(host, refused.message)
        return REFUSED
    except ProviderError as error:
        _say(host, error.message, error.next_step)
        return 1
    except KeyboardInterrupt:
        _say(host, "Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has enough.  Python would complain once more when it closes the stream at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), host.out.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - this is the crash barrier
        _say(host, f"This is a defect of sigma-ls: {type(error).__name__}: {error}", _logged(host, error))
        return 1


def _say(host: Host, message: str, next_step: str = "") -> None:
    print(f"sigma-ls: {message}", file=host.err)
    if next_step:
        print(f"  {next_step}", file=host.err)
    host.err.flush()


def _logged(host: Host, error: Exception) -> str:
    """Write the traceback to the log; says where it is, or why there is none."""
    log = host.state_dir / "crash.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        fresh = not log.exists() or log.stat().st_size > _LOG_LIMIT
        with log.open("w" if fresh else "a", encoding="utf-8") as file:
            file.write("".join(traceback.format_exception(error)) + "\n")
    except OSError as problem:
        return f"Its details could not be written to {log}: {problem.strerror}."
    return f"Its details are in {log}: please report them. What was deployed is not affected."
