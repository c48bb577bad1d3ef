import pytest
from inline_snapshot import snapshot

from sigma_ls.runtime.polling import Pace, Poller, exactly, spread
from tests.support.clock import NappingClock


def test_intervals_grow_with_age_up_to_the_steady_one():
    pace = Pace(steady=3.0)
    assert {age: round(pace.interval(age), 2) for age in (0, 0.1, 0.2, 1, 4.5, 10, 30, 45, 3600)} == snapshot(
        {0: 0.1, 0.1: 0.1, 0.2: 0.2, 1: 0.3, 4.5: 0.3, 10: 0.67, 30: 2.0, 45: 3.0, 3600: 3.0}
    )


@pytest.mark.parametrize("age", [0, 1, 60, 86_400])
def test_a_steady_interval_below_the_quick_one_holds_from_the_start(age):
    assert Pace(steady=0.05).interval(age) == 0.05


def test_failures_double_the_interval_up_to_half_a_minute():
    pace = Pace(steady=3.0)
    assert [round(pace.interval(60, failures), 1) for failures in range(7)] == snapshot(
        [3.0, 6.0, 12.0, 24.0, 30.0, 30.0, 30.0]
    )


def test_a_network_that_is_lost_for_days_overflows_nothing():
    assert Pace().interval(1e6, failures=100_000) == 30.0


def test_a_steady_interval_of_minutes_is_not_shortened_by_failures():
    assert Pace(steady=120).interval(10_000, failures=3) == 120


async def waited(poller, looks):
    for _ in range(looks):
        await poller.wait()


async def test_the_first_look_is_at_once_and_the_next_ones_come_ever_later():
    clock = NappingClock()
    await waited(Poller(clock, Pace(), exactly), 6)
    assert [round(nap, 2) for nap in clock.naps] == snapshot([0.1, 0.1, 0.2, 0.3, 0.3])


async def test_a_failed_look_delays_the_next_and_an_answered_one_ends_that():
    clock = NappingClock()
    poller = Poller(clock, Pace(steady=1.0), exactly)
    await clock.sleep(100)
    await poller.wait()
    poller.failed()
    await poller.wait()
    poller.failed()
    await poller.wait()
    poller.succeeded()
    await poller.wait()
    assert clock.naps[1:] == [2.0, 4.0, 1.0]


async def test_chance_has_its_say():
    clock = NappingClock()
    await waited(Poller(clock, Pace(), lambda seconds: seconds + 100), 2)
    assert clock.naps == [100.1]


def test_chance_stays_close_to_the_interval():
    drawn = [spread(2.0) for _ in range(200)]
    assert min(drawn) >= 1.7
    assert max(drawn) <= 2.3
    assert len(set(drawn)) > 1
