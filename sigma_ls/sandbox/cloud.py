"""The embedded cloud: start it on demand, find the one that runs, stop it, and address what is deployed there.

One sandbox per user (per `SIGMA_HOME`): a background process that outlives the process that started it, and ends by
`stop` or after an hour without a request; asking for its status is not a request, neither is what its functions do
among themselves.  Everything here blocks.
"""

import contextlib
import os
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from attrs import evolve, frozen

from sigma_ls.runtime.clock import SystemClock, timestamp
from sigma_ls.runtime.locked import locked
from sigma_ls.sandbox import control, environment, record, urls
from sigma_ls.sandbox.control import HOST, Pace
from sigma_ls.sandbox.errors import SandboxError
from sigma_ls.sandbox.overlay import processes
from sigma_ls.sandbox.record import Record

ACCOUNT = "000000000000"
REGION = "us-east-1"

_OVERLAY = Path(__file__).with_name("overlay")
_IDLE_SECONDS = 3600.0
# A cold start takes about a second on two cores; this is for a machine that does much else.
_START_SECONDS = 60.0
_POLL_SECONDS = 0.05
# Each attempt to ask for the health gives up after some seconds (`control`).
_ATTEMPTS = 3
_LOG_LINES = 10
# What the server, and so the deployed functions, see of the user's environment: enough to find programs and to reach
# the network, nothing that leads to a real account.
_INHERITED = (
    "PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy",
)  # fmt: skip


@frozen
class Endpoint:
    """Where the sandbox answers, and as whom to speak to it.

    `region_default` is for who names no region; `python` is the version that functions written in Python run on.
    """

    url: str
    account: str
    region_default: str
    python: tuple[int, int]
    access_key: str
    secret_key: str


@frozen
class Running:
    """A sandbox that answers.  `started_at` is in ISO 8601, UTC; `log` is its server's log."""

    endpoint: Endpoint
    pid: int
    pace: Pace
    started_at: str
    log: Path


@frozen
class Stopped:
    """No sandbox answers.  `stale` when one was started, and neither stopped nor ended by itself as it should."""

    stale: bool = False


def ensure_running(
    *,
    report: Callable[[str], None],
    pace: Pace | None = None,
    port: int | None = None,
    idle_seconds: float = _IDLE_SECONDS,
) -> Endpoint:
    """The running sandbox, after installing and starting it where needed.  Raises `SandboxError`.

    `pace` (default: `SIGMA_SANDBOX_PACE`, else as it is, at first `real`) also changes the pace of one that runs.
    `port` (default: `SIGMA_SANDBOX_PORT`, else a free one) is for the start; an explicit one that differs from that
    of the running sandbox is an error.
    """
    wanted = pace or _pace_from_environment()
    with _one_at_a_time(report):
        known = record.read()
        health = _alive(known, report) if known else None
        if not known or not health:
            known = _start(report, wanted or "real", _port_from_environment() if port is None else port, idle_seconds)
            health = _until_healthy(known)
        elif port not in (None, 0, known.port):
            raise SandboxError(
                f"The sandbox runs already, on port {known.port} and not on {port}.",
                "`sigma-ls sandbox stop` ends it, with everything deployed there.",
            )
        elif wanted and wanted != health.pace:
            control.set_pace(known, wanted)
        return _endpoint(known, health)


def status() -> Running | Stopped:
    """Whether the sandbox runs.  Starts and changes nothing."""
    known = record.read()
    health = control.health(known) if known else None
    if not known or not health:
        return Stopped(stale=known is not None and bool(processes.family(known.id)))
    return Running(
        endpoint=_endpoint(known, health),
        pid=health.pid,
        pace=health.pace,
        started_at=known.started_at,
        log=record.log_path(),
    )


def stop() -> bool:
    """End the sandbox and every process of it.  Returns whether there was anything to end.  Raises `SandboxError`."""
    with _one_at_a_time(lambda _: None):
        known = record.read()
        return _clear_away(known) if known else False


def reset() -> None:
    """Make the running sandbox forget everything that is deployed there.  Raises `SandboxError` if none runs."""
    known = _known()
    if not control.health(known):
        raise _not_running()
    control.reset(known)


def set_faults(faults: Mapping[str, str]) -> None:
    """Let operations of the running sandbox fail, for tests; see `control.set_faults`.  Raises `SandboxError`."""
    control.set_faults(_known(), dict(faults))


def set_api_faults(faults: Mapping[str, dict[str, Any]]) -> None:
    """Let calls of the running sandbox fail, for tests; see `control.set_api_faults`.  Raises `SandboxError`."""
    control.set_api_faults(_known(), dict(faults))


def set_strict(*, buckets: bool) -> None:
    """Let the running sandbox be strict, for tests; see `control.set_strict`.  Raises `SandboxError`."""
    control.set_strict(_known(), buckets=buckets)


def local_url(endpoint: Endpoint, url: str) -> str:
    """The address on this machine of a deployed API or function, given its public URL; any other URL as it is."""
    return urls.local(endpoint.url, url)


def _known() -> Record:
    if (known := record.read()) is None:
        raise _not_running()
    return known


def _not_running() -> SandboxError:
    return SandboxError("The sandbox does not run.", "`sigma-ls sandbox start` starts it.")


@contextlib.contextmanager
def _one_at_a_time(report: Callable[[str], None]) -> Iterator[None]:
    try:
        with locked(record.sandbox_dir() / "lock", waiting=lambda: report("Waiting for another process …")):
            yield
    except OSError as error:
        raise SandboxError(
            f"The sandbox cannot keep its state in {record.sandbox_dir()}: {error.strerror or error}.",
            "Make room and give write access, or set SIGMA_HOME to another folder.",
        ) from error


def _endpoint(known: Record, health: control.Health) -> Endpoint:
    return Endpoint(
        url=f"http://{HOST}:{known.port}",
        account=ACCOUNT,
        region_default=REGION,
        python=health.python,
        # The emulator takes an access key of twelve digits for the account.
        access_key=ACCOUNT,
        secret_key="sandbox",  # noqa: S106 - nothing is protected by it
    )


def _pace_from_environment() -> Pace | None:
    match os.environ.get("SIGMA_SANDBOX_PACE", ""):
        case "":
            return None
        case "real":
            return "real"
        case "instant":
            return "instant"
        case other:
            raise SandboxError(
                f"SIGMA_SANDBOX_PACE is {other!r}; it can be `real` or `instant`.", "Change it, or unset it."
            )


def _port_from_environment() -> int:
    given = os.environ.get("SIGMA_SANDBOX_PORT", "0")
    if not given.isascii() or not given.isdigit() or int(given) > 65535:  # the highest port number of TCP
        raise SandboxError(f"SIGMA_SANDBOX_PORT is {given!r}, which is no port number.", "Change it, or unset it.")
    return int(given)


# --- starting --------------------------------------------------------------------------------------------------------


def _start(report: Callable[[str], None], pace: Pace, port: int, idle_seconds: float) -> Record:
    with _bound(port) as listener:
        python = environment.installed(report=report)
        report("Starting the sandbox …")
        temporary = record.temporary_dir()
        temporary.mkdir(mode=0o700, parents=True, exist_ok=True)
        started_at = timestamp(SystemClock().now())
        known = Record(id=uuid.uuid4().hex, pid=0, port=listener.getsockname()[1], started_at=started_at)
        # Before there is a process: should this one be killed now, the next one still finds what it started.
        record.write(known)
        with _new_log() as log:
            command: list[str | Path] = [
                python, _OVERLAY, "--id", known.id, "--fd", str(listener.fileno()), "--pace", pace,
                "--idle", str(idle_seconds), "--temporary", temporary,
            ]  # fmt: skip
            try:
                launcher = subprocess.run(
                    command, env=_environment(known, temporary), cwd=temporary, pass_fds=[listener.fileno()],
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, check=True,
                )  # fmt: skip
            except (OSError, subprocess.CalledProcessError) as error:
                record.forget()
                raise _not_started(f"{error}") from error
    known = evolve(known, pid=int(launcher.stdout))
    record.write(known)
    return known


def _not_started(why: str) -> SandboxError:
    return SandboxError(
        f"The sandbox could not be started: {why}: {_log_tail().rstrip('.')}.",
        f"Its log is {record.log_path()}. If its environment is damaged, remove it (`sigma-ls environment remove sandbox`, "
        "or *Sigma: Manage Environments...* in VS Code): it is installed again when it is needed.",
    )


def _bound(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise SandboxError(
            f"The sandbox cannot use port {port}: {error.strerror or error}.",
            "Name another one, or none to have a free one chosen.",
        ) from error
    return listener


def _environment(known: Record, temporary: Path) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    direct = ",".join(filter(None, (os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), HOST, "localhost")))
    return {
        **inherited,
        "NO_PROXY": direct,
        "no_proxy": direct,
        "HOME": str(temporary),
        "TMPDIR": str(temporary),
        processes.ID_VARIABLE: known.id,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # The rest are ministack's own settings.
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(known.port),
        # Else what it writes, keys included, would lie in a place that all users of the machine share.
        "STATE_DIR": str(temporary / "state"),
        "S3_DATA_DIR": str(temporary / "objects"),
        "MINISTACK_HOST": HOST,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        # AWS waits a minute before it calls a failed function again, and two before the third time.
        "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.5",
    }


def _until_healthy(known: Record) -> control.Health:
    deadline = time.monotonic() + _START_SECONDS
    while (health := control.health(known)) is None:
        if known.pid not in processes.family(known.id):
            why = "it ended at once"
        elif time.monotonic() > deadline:
            why = f"it did not answer within {_START_SECONDS:.0f} seconds"
        else:
            time.sleep(_POLL_SECONDS)
            continue
        _clear_away(known)
        raise _not_started(why)
    return health


def _new_log() -> IO[bytes]:
    descriptor = os.open(record.log_path(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    return os.fdopen(descriptor, "wb")


def _log_tail() -> str:
    try:
        lines = record.log_path().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        return f"(its log cannot be read: {error.strerror})"
    # Of a traceback, only what it ends with: the rest is for the log.
    told = [line for line in lines if line.strip() and not line[0].isspace() and not line.startswith("Traceback (")]
    return " / ".join(told[-_LOG_LINES:]) or "(its log is empty)"


# --- stopping --------------------------------------------------------------------------------------------------------


def _alive(known: Record, report: Callable[[str], None]) -> control.Health | None:
    """The health of the recorded sandbox; nothing when its server is gone, and whatever it left has been ended."""
    for _ in range(_ATTEMPTS):
        if health := control.health(known):
            return health
        if known.pid not in processes.family(known.id):
            break
        report(f"The sandbox (process {known.pid}) does not answer yet …")
    else:
        raise SandboxError(
            f"The sandbox (process {known.pid}, port {known.port}) runs but does not answer.",
            f"`sigma-ls sandbox stop` ends it. Its log is {record.log_path()}.",
        )
    _clear_away(known)
    return None


def _clear_away(known: Record) -> bool:
    """End what is left of that sandbox and forget it.  Returns whether anything was left."""
    existed = bool(processes.family(known.id))
    if survivors := processes.end(known.id):
        numbers = ", ".join(map(str, sorted(survivors)))
        raise SandboxError(f"Processes of the sandbox do not end: {numbers}.", "Look at what they wait for; end them.")
    record.forget()
    return existed
