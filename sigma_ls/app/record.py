"""One deployment as the journal has it, and as it is written: a JSON object with the format's version first.

Which file that is, and how long it is kept, is the journal's business.  Asked values are not here: a state and the facts
hold none.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final

from attrs import frozen

from sigma_ls.app.wire import WireError, from_wire, to_wire
from sigma_ls.app.world import CloudRef
from sigma_ls.deploy.facts import Facts
from sigma_ls.deploy.snapshot import Outcome, Phase
from sigma_ls.deploy.states import STATES, Completed, State

VERSION: Final = 1
BEGINNING: Final = 40
"""Bytes of a record that tell whether it `executed`, enough for the version and the mark."""

_EXECUTED_MARK: Final = "executed"
_EXECUTED: Final[frozenset[Outcome]] = frozenset({"succeeded", "failed", "rolledBack", "partiallyApplied", "stopped"})
_BEGUN: Final[frozenset[Phase]] = frozenset({"monitoring", "rollingBack"})
_KINDS: Final = {kind.__name__: kind for kind in STATES}


@frozen
class Record:
    """One deployment as it is on disk.  `manifest` is the path of its manifest."""

    key: str
    manifest: str
    cloud: CloudRef
    state: State
    facts: Facts
    revision: int = 0

    @property
    def id(self) -> str:
        """The deployment's id."""
        return self.facts.id

    @property
    def executed(self) -> bool:
        """Whether it is complete and was more than an attempt: the cloud began to make its changes."""
        if not isinstance(self.state, Completed) or self.state.outcome not in _EXECUTED:
            return False
        if self.state.outcome != "failed":
            return True
        # Those of an older version do not say how far they came.
        return self.facts.reached in _BEGUN if self.facts.reached else bool(self.facts.changes)


@frozen
class _Head:
    key: str
    manifest: str
    cloud: CloudRef
    facts: Facts
    revision: int = 0


class Newer(Exception):
    """A record of a format that is not known yet."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


def stack_key(cloud: CloudRef, stack: str) -> str:
    """The name of a stack's folder: the same for everyone who would deploy to the same stack."""
    where = "\n".join((cloud.engine, cloud.profile or "", cloud.region, cloud.endpoint_url or "", str(cloud.sandbox)))
    digest = hashlib.sha256(f"{where}\n{stack}".encode()).hexdigest()[:12]
    return f"{re.sub(r'[^A-Za-z0-9-]', '-', stack)[:40]}-{digest}"


def written(record: Record) -> str:
    """The record as JSON."""
    data = {
        # At the beginning, so that what is kept is told by a few bytes of each.
        "version": VERSION,
        _EXECUTED_MARK: record.executed,
        "state": {"kind": type(record.state).__name__, **to_wire(record.state)},
        **to_wire(_Head(record.key, record.manifest, record.cloud, record.facts, record.revision)),
    }
    return json.dumps(data)


def marked(beginning: bytes) -> bool | None:
    """Whether a record that begins so has `executed`; nothing where it does not say: those of an older version."""
    for says in (True, False):
        if beginning.startswith(json.dumps({"version": VERSION, _EXECUTED_MARK: says})[:-1].encode()):
            return says
    return None


def read(data: Any, key: str) -> Record:
    """The record of parsed JSON.  Its folder may have been renamed or copied: `key` is where it lies now.

    Raises:
        Newer: it was written by a newer version.
        ValueError, KeyError, TypeError: it is damaged.
    """
    version = data.get("version") if isinstance(data, dict) else None
    if type(version) is int and version > VERSION:
        raise Newer(version)
    if version != VERSION:
        raise WireError(f"its version is {version}, not {VERSION}")
    head = from_wire(data, _Head)
    kind = _KINDS[data["state"]["kind"]]
    return Record(key, head.manifest, head.cloud, from_wire(data["state"], kind), head.facts, head.revision)
