"""Snapshots reach the editor numbered without gaps, at most ten a second, the last one always."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from sigma_ls.deploy.snapshot import Deployment
from sigma_ls.lsp.feed import Feed
from tests.support.scripted import RUNNING, STARTED, SUCCEEDED


class Handle:
    cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class InstantLoop:
    """Time passes only when told to."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Handle, Callable[[], object]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[..., object], *args: Any) -> Handle:
        handle = Handle()
        heapq.heappush(self._due, (self.now + delay, len(self._due), handle, lambda: callback(*args)))
        return handle

    def pass_(self, seconds: float) -> None:
        end = self.now + seconds
        while self._due and self._due[0][0] <= end:
            self.now, _, handle, callback = heapq.heappop(self._due)
            if not handle.cancelled:
                callback()
        self.now = end


def listened() -> tuple[Feed, InstantLoop, list[tuple[float, Deployment]]]:
    loop = InstantLoop()
    feed = Feed(loop)
    heard: list[tuple[float, Deployment]] = []
    feed.listen(lambda deployment: heard.append((loop.now, deployment)))
    return feed, loop, heard


def test_the_first_and_the_last_come_at_once() -> None:
    feed, loop, heard = listened()
    feed.take(STARTED)
    feed.take(evolve(RUNNING, revision=2))
    feed.take(evolve(SUCCEEDED, revision=3))
    assert [(at, d.revision, d.phase) for at, d in heard] == [(0, 1, "initialization"), (0, 2, "completed")]
    loop.pass_(10)
    assert len(heard) == 2


def test_in_between_only_the_newest_comes() -> None:
    feed, loop, heard = listened()
    for revision in range(1, 50):
        feed.take(evolve(RUNNING, revision=revision, message=str(revision)))
    loop.pass_(1)
    assert [d.message for _, d in heard] == ["1", "49"]


@given(st.lists(st.floats(0, 0.5), max_size=60))
def test_at_most_ten_a_second_without_gaps_and_nothing_lost(pauses: list[float]) -> None:
    feed, loop, heard = listened()
    for number, pause in enumerate(pauses, 1):
        feed.take(evolve(RUNNING, revision=number, message=str(number)))
        loop.pass_(pause)
    loop.pass_(1)
    assert [d.revision for _, d in heard] == list(range(1, len(heard) + 1))
    times = [at for at, _ in heard]
    assert all(sum(start <= at < start + 1 for at in times) <= 10 for start in times)
    if pauses:
        assert heard[-1][1].message == str(len(pauses))


def test_an_answer_has_the_number_of_what_the_editor_was_told() -> None:
    feed, loop, heard = listened()
    feed.take(STARTED)
    answer = feed.answer(evolve(RUNNING, revision=5, attached=True))
    assert (answer.revision, answer.attached) == (2, True)
    assert (heard[-1][1].revision, heard[-1][1].attached, heard[-1][1].phase) == (2, None, "monitoring")
    feed.take(evolve(RUNNING, revision=5))
    loop.pass_(1)
    assert len(heard) == 2


def test_a_list_shows_what_was_told_last_and_history_as_it_is() -> None:
    feed, _, heard = listened()
    feed.take(evolve(STARTED, revision=7))
    feed.take(evolve(RUNNING, revision=9))
    assert feed.known(evolve(RUNNING, revision=9)).revision == 8
    past = evolve(SUCCEEDED, id="earlier", revision=40)
    assert feed.known(past) is past
    assert [d.id for _, d in heard] == ["d1", "d1"]
