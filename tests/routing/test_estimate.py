"""The range for the wait: honest, in order, and measured against simulated queues."""

from datetime import UTC, datetime, timedelta
from heapq import heapify, heapreplace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.routing.estimate import Wait, estimate_wait, leave_message_first

MINUTE = timedelta(minutes=1)
ZERO = timedelta()
TEN = [10 * MINUTE] * 8
MIXED = [each * MINUTE for each in (2, 4, 6, 8, 10, 12, 14)]  # quartiles 5 and 11


@pytest.mark.parametrize(
    ("position", "free", "places", "recent", "low", "high"),
    [
        (1, 1, 4, TEN, 0, 1),  # a place is free: about to be assigned
        (1, 0, 1, TEN, 0, 20),
        (2, 0, 1, TEN, 10, 30),
        (1, 0, 5, TEN, 0, 4),
        (6, 0, 5, TEN, 10, 14),
        (6, 1, 5, TEN, 8, 12),
        (3, 0, 2, MIXED, 5, 22),
        (1, 0, 1, MIXED[:4], 0, 24),  # too few to go by: 4 and 12 minutes
        (2, 0, 1, [], 4, 36),
    ],
)
def test_a_range_of_whole_minutes(
    position: int, free: int, places: int, recent: list[timedelta], low: int, high: int
) -> None:
    assert estimate_wait(position, free, places, recent) == Wait(low * MINUTE, high * MINUTE)


def test_with_nobody_on_shift_the_wait_is_unknown() -> None:
    assert estimate_wait(1, 0, 0, TEN) is None


def test_positions_start_at_one() -> None:
    with pytest.raises(ValueError, match="start at 1"):
        estimate_wait(0, 0, 1, TEN)


handling = st.lists(st.timedeltas(ZERO, timedelta(hours=3)), max_size=40)


@given(st.integers(1, 50), st.integers(0, 5), st.integers(1, 40), handling)
def test_further_back_never_waits_less(position: int, free: int, places: int, recent: list[timedelta]) -> None:
    here, behind = (estimate_wait(each, free, places, recent) for each in (position, position + 1))
    assert here
    assert behind
    assert ZERO <= here.low <= here.high
    assert here.low <= behind.low
    assert here.high <= behind.high


def simulated(places: int, random: Random) -> list[bool]:
    """For each client who had to wait in a busy queue: did the real wait lie in the range told on arrival?"""
    now, free_at, starts, ends, inside = 0.0, [0.0] * places, [0.0], [(0.0, 0.0)], []
    heapify(free_at)
    for _ in range(400):
        now += random.expovariate(places / 8)
        starts_at, takes = max(now, free_at[0]), random.lognormvariate(1.8, 0.75)
        ahead = sum(each > now for each in starts[-60:])
        recent = [each * MINUTE for end, each in sorted(ends[-100:]) if end <= now][-30:]  # the last to end
        if starts_at > now and len(recent) >= 5:
            told = estimate_wait(ahead + 1, 0, places, recent)
            inside.append(told is not None and told.low <= (starts_at - now) * MINUTE <= told.high)
        heapreplace(free_at, starts_at + takes)
        starts.append(starts_at)
        ends.append((starts_at + takes, takes))
    return inside


@pytest.mark.parametrize("places", [1, 3, 8, 20])
def test_most_simulated_waits_lie_in_the_range(places: int) -> None:
    inside = [each for seed in range(8) for each in simulated(places, Random(seed))]
    assert len(inside) > 500
    assert sum(inside) / len(inside) > 0.82


CLOSING = datetime(2026, 11, 10, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "high", "first"),
    [
        (60, 20, False),
        (16, 10, False),
        (15, 10, True),
        (1, 1, True),
        (30, 30, False),
        (30, 31, True),
        (30, None, False),
    ],
)
def test_the_form_comes_first_near_closing_or_when_the_wait_outlasts_the_day(
    left: int, high: int | None, first: bool
) -> None:
    wait = None if high is None else Wait(ZERO, high * MINUTE)
    assert leave_message_first(CLOSING - left * MINUTE, CLOSING, wait) == first


def test_a_desk_that_never_closes_always_takes_chats() -> None:
    assert not leave_message_first(CLOSING, None, Wait(ZERO, timedelta(hours=9)))
