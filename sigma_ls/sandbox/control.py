"""Talking to the sandbox's server about itself: its health and its control endpoints, on the loopback interface."""

import http.client
import json
from typing import Any, Literal

from attrs import frozen

from sigma_ls.sandbox.errors import SandboxError
from sigma_ls.sandbox.record import Record, log_path

HOST = "127.0.0.1"
Pace = Literal["real", "instant"]

# A healthy server answers in milliseconds; one on a busy machine, while functions start, may take longer.
_SECONDS = 3.0


@frozen
class Health:
    """What the server says of itself.  `python` is the version that functions written in Python run on."""

    pid: int
    pace: Pace
    python: tuple[int, int]


def health(record: Record) -> Health | None:
    """The health of the recorded sandbox; nothing where it does not answer, or something else answers in its place."""
    try:
        status, answer = _ask(record, "GET", "/_sigma/health")
        if status != http.client.OK or answer["id"] != record.id:
            return None
        major, minor = answer["python"]
        return Health(pid=int(answer["pid"]), pace=answer["pace"], python=(int(major), int(minor)))
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return None


def set_pace(record: Record, pace: Pace) -> None:
    """Let operations take time, or none."""
    _tell(record, "PUT", "/_sigma/pace", {"pace": pace})


def set_faults(record: Record, faults: dict[str, str]) -> None:
    """Let operations fail, for tests: messages by `create:LogicalId` (or `update`, `delete`, `revert`).

    With the name of a stack in front, as in `my-stack/create:LogicalId`, in that stack only.
    """
    _tell(record, "PUT", "/_sigma/faults", faults)


def set_api_faults(record: Record, faults: dict[str, dict[str, Any]]) -> None:
    """Let calls fail, be late or be too many, for tests: by operation, see `sigma_ls.sandbox.overlay.api_faults`."""
    _tell(record, "PUT", "/_sigma/api-faults", faults)


def set_strict(record: Record, *, buckets: bool) -> None:
    """Let the deletion of buckets that are not empty fail, as on AWS, or let them vanish with what they hold."""
    _tell(record, "PUT", "/_sigma/strict", {"buckets": buckets})


def reset(record: Record) -> None:
    """Forget all stacks, resources, objects and functions; whatever is under way is abandoned."""
    _tell(record, "POST", "/_sigma/reset", {})


def _tell(record: Record, method: str, path: str, content: object) -> None:
    try:
        status, answer = _ask(record, method, path, content)
    except (OSError, http.client.HTTPException, ValueError) as error:
        status, answer = 0, {"message": str(error)}
    if status != http.client.OK:
        raise SandboxError(
            f"The sandbox at {HOST}:{record.port} did not accept `{method} {path}`: {answer.get('message', status)}.",
            f"Its log is {log_path()}. `sigma-ls sandbox stop` ends it.",
        )


def _ask(record: Record, method: str, path: str, content: object = None) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(HOST, record.port, timeout=_SECONDS)
    try:
        body = None if content is None else json.dumps(content)
        connection.request(method, path, body, {"X-Sigma-Sandbox": record.id})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()
