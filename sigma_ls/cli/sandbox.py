"""`sandbox start | stop | status | reset`: the embedded cloud by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sigma_ls.cli.failure import Failure
from sigma_ls.cli.host import Host
from sigma_ls.sandbox.cloud import Endpoint, Running, Stopped
from sigma_ls.sandbox.control import Pace
from sigma_ls.sandbox.errors import SandboxError

STOP = "sigma-ls sandbox stop"


class Sandbox(Protocol):
    """The part of `sigma_ls.sandbox.cloud` that is commanded here."""

    def ensure_running(self, *, report: Callable[[str], None], pace: Pace | None, port: int | None) -> Endpoint:
        """Start it where it does not run."""

    def status(self) -> Running | Stopped:
        """Whether it runs."""

    def stop(self) -> bool:
        """End it; whether there was anything to end."""

    def reset(self) -> None:
        """Forget what is deployed there."""


def start(pace: Pace | None, port: int | None, host: Host) -> int:
    """Start it and print its address; progress goes to the error stream."""

    def report(line: str) -> None:
        print(line, file=host.err, flush=True)

    try:
        endpoint = host.sandbox().ensure_running(report=report, pace=pace, port=port)
    except SandboxError as error:
        raise _failure(error) from error
    print(f"The sandbox runs at {endpoint.url}", file=host.out)
    print(f"It ends after an hour without a request, or by: {STOP}", file=host.out)
    return 0


def stop(host: Host) -> int:
    """End it; it is no error that it does not run."""
    try:
        ended = host.sandbox().stop()
    except SandboxError as error:
        raise _failure(error) from error
    print("The sandbox is stopped." if ended else "The sandbox does not run.", file=host.out)
    return 0


def status(host: Host) -> int:
    """Say whether it runs, where, since when, and where its log is."""
    match host.sandbox().status():
        case Running(endpoint, pid, pace, started_at, log):
            print(f"running   {endpoint.url}", file=host.out)
            print(f"process   {pid}, since {started_at}", file=host.out)
            print(f"pace      {pace}", file=host.out)
            print(f"log       {log}", file=host.out)
            print(f"stop it   {STOP}", file=host.out)
        case Stopped(stale):
            left = f"stopped; it left processes behind, which this ends: {STOP}"
            print(left if stale else "stopped", file=host.out)
    return 0


def reset(host: Host) -> int:
    """Forget everything that is deployed there."""
    try:
        host.sandbox().reset()
    except SandboxError as error:
        raise _failure(error) from error
    print("The sandbox is empty now.", file=host.out)
    return 0


def _failure(error: SandboxError) -> Failure:
    return Failure(error.message, error.next_step)
