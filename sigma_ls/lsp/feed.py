"""Snapshots of deployments on their way to an editor.

At most ten a second of each, numbered without gaps, and the last one is never lost.  What is made of a snapshot (a notification, progress, a dialog, diagnostics) is up to the listeners.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from attrs import define, evolve

from sigma_ls.deploy.snapshot import Deployment

INTERVAL = 0.12
"""Seconds between two snapshots of one deployment: a little more than the protocol's tenth, since an answer to a
command may send one out of turn."""

Listener = Callable[[Deployment], None]


class Timer(Protocol):
    """Something that will happen."""

    def cancel(self) -> None:
        """It will not."""


class Loop(Protocol):
    """The part of an event loop that is needed here."""

    def time(self) -> float:
        """Seconds on the loop's own clock."""

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> Timer:
        """Call back after `delay` seconds."""


@define
class _Track:
    """One deployment as the editor knows it, and what it does not know yet."""

    sent: Deployment | None = None
    sent_at: float = 0
    seen: int = 0
    """The greatest revision that came in; those sent are numbered anew."""
    pending: Deployment | None = None
    timer: Timer | None = None


class Feed:
    """Takes every snapshot, hands on what an editor should see."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._tracks: dict[str, _Track] = {}
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call `listener` with each snapshot that is handed on."""
        self._listeners.append(listener)

    def take(self, snapshot: Deployment) -> None:
        """A new snapshot, to be handed on now or when its turn comes."""
        track = self._tracks.setdefault(snapshot.id, _Track())
        if track.sent is not None and snapshot.revision <= track.seen:
            return
        track.seen = snapshot.revision
        track.pending = snapshot
        due = track.sent_at + INTERVAL - self._loop.time()
        if track.sent is None or due <= 0 or snapshot.phase == "completed":
            self._hand_on(track)
        elif track.timer is None:
            track.timer = self._loop.call_later(due, self._hand_on, track)

    def answer(self, snapshot: Deployment) -> Deployment:
        """The snapshot for the answer to a command: what the editor is told otherwise has the same number."""
        self.take(evolve(snapshot, attached=None))
        track = self._tracks[snapshot.id]
        self._hand_on(track)
        return evolve(track.sent or snapshot, attached=snapshot.attached)

    def known(self, snapshot: Deployment) -> Deployment:
        """The same deployment as it was last handed on, or as given where it never was."""
        track = self._tracks.get(snapshot.id)
        if track is None or track.sent is None:
            return snapshot
        self._hand_on(track)
        return track.sent

    def _hand_on(self, track: _Track) -> None:
        if track.timer is not None:
            track.timer.cancel()
            track.timer = None
        if track.pending is None:
            return
        # The first number is the deployment's own, so that an editor that outlives this server sees it grow.
        number = track.pending.revision if track.sent is None else track.sent.revision + 1
        track.sent, track.pending = evolve(track.pending, revision=number), None
        track.sent_at = self._loop.time()
        for listener in self._listeners:
            listener(track.sent)
