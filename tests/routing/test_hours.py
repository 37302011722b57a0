"""Business time: hand-made examples around closings, holidays and clock changes, then the naive reference."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatserver.routing.hours import (
    ALWAYS,
    CLOSED,
    HORIZON,
    WHOLE_DAY,
    Calendar,
    Interval,
    NeverOpensError,
    add_business,
    business_between,
    closes_at,
    is_open,
    next_opening,
    on_until,
)
from tests.routing.minutes import MINUTE, ZONES, calendars_and_starts, clock_changes, stretches, walk

HOUR = timedelta(hours=1)
ZERO = timedelta()
OFFICE = (Interval(time(8), time(19)),)
DESK = Calendar("America/Monterrey", (OFFICE,) * 5 + (CLOSED,) * 2, "MX")


def desk(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/Monterrey"))


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-10 08:59", "2026-11-10 13:00"),  # it opens today
        ("2026-11-10 12:59", "2026-11-10 13:00"),
        ("2026-11-10 13:30", "2026-11-10 18:00"),  # a break does not end the day
        ("2026-11-10 15:00", "2026-11-10 18:00"),
        ("2026-11-10 18:00", None),
        ("2026-11-10 23:59", None),
    ],
)
def test_a_desk_is_on_until_it_closes_for_the_day(at: str, until: str | None) -> None:
    calendar = daily("America/Monterrey", "09:00-13:00", "15:00-18:00")
    assert on_until(calendar, desk(at)) == (until and desk(until))


def test_a_desk_is_on_over_midnight_and_as_far_as_anybody_looks() -> None:
    night = daily("America/Monterrey", "00:10-23:50")
    assert on_until(night, desk("2026-11-11 00:20")) == desk("2026-11-11 23:50")
    assert on_until(ALWAYS, desk("2026-11-10 10:00")) == desk("2026-11-10 10:00") + HORIZON
    assert on_until(Calendar("America/Monterrey", (CLOSED,) * 7), desk("2026-11-10 10:00")) is None


def daily(zone: str, *intervals: str) -> Calendar:
    day = tuple(Interval(*map(time.fromisoformat, each.split("-"))) for each in intervals)
    return Calendar(zone, (day,) * 7)


@pytest.mark.parametrize(
    ("at", "opens", "closes"),
    [
        ("2026-11-10 10:00", "2026-11-10 10:00", "2026-11-10 19:00"),
        ("2026-11-10 08:00", "2026-11-10 08:00", "2026-11-10 19:00"),
        ("2026-11-10 07:59", "2026-11-10 08:00", None),
        ("2026-11-10 18:59", "2026-11-10 18:59", "2026-11-10 19:00"),
        ("2026-11-10 19:00", "2026-11-11 08:00", None),
        ("2026-11-13 19:00", "2026-11-17 08:00", None),  # the weekend, then Revolution Day
        ("2026-11-16 12:00", "2026-11-17 08:00", None),
    ],
)
def test_the_desk_opens_and_closes(at: str, opens: str, closes: str | None) -> None:
    assert next_opening(DESK, desk(at)) == desk(opens)
    assert closes_at(DESK, desk(at)) == (closes and desk(closes))
    assert is_open(DESK, desk(at)) == (closes is not None)


@pytest.mark.parametrize(
    ("start", "budget", "due"),
    [
        ("2026-11-10 10:00", 1 * HOUR, "2026-11-10 11:00"),
        ("2026-11-10 18:00", 1 * HOUR, "2026-11-10 19:00"),  # used up at closing: due at closing
        ("2026-11-10 18:00", 1 * HOUR + MINUTE, "2026-11-11 08:01"),
        ("2026-11-10 19:00", MINUTE, "2026-11-11 08:01"),
        ("2026-11-13 18:00", 12 * HOUR, "2026-11-17 19:00"),
        ("2026-11-13 10:00", 11 * HOUR, "2026-11-17 10:00"),  # a silent client: reminders, resolved, closed
        ("2026-11-13 10:00", 22 * HOUR, "2026-11-18 10:00"),
        ("2026-11-13 10:00", 33 * HOUR, "2026-11-19 10:00"),
        ("2026-11-19 10:00", 55 * HOUR, "2026-11-26 10:00"),
        ("2026-11-17 13:25", 55 * HOUR, "2026-11-24 13:25"),
        ("2026-11-14 12:00", ZERO, "2026-11-14 12:00"),  # nothing to spend: due at once, open or closed
        ("2026-11-10 19:00", ZERO, "2026-11-10 19:00"),
    ],
)
def test_a_budget_is_spent_in_business_time(start: str, budget: timedelta, due: str) -> None:
    assert add_business(DESK, desk(start), budget) == desk(due)


def test_answers_are_in_utc() -> None:
    start = desk("2026-11-10 10:00")
    answers = (add_business(DESK, start, ZERO), next_opening(DESK, start), closes_at(DESK, start))
    assert all(answer and answer.tzinfo is UTC for answer in answers)


def test_business_time_backwards_is_none() -> None:
    assert business_between(DESK, desk("2026-11-10 12:00"), desk("2026-11-10 10:00")) == ZERO


def test_mexicos_statutory_holidays_are_closed() -> None:
    days = [date(2026, 1, 1) + timedelta(days=each) for each in range(365)]
    kept = {(2, 2), (3, 16), (9, 16), (11, 16), (1, 1), (5, 1), (12, 25)}
    assert {(day.month, day.day) for day in days if DESK.is_holiday(day)} == kept
    assert DESK.is_holiday(date(2030, 10, 1))  # a new president, every six years


def test_extra_closures_and_openings_replace_the_hours_of_their_date() -> None:
    short = (Interval(time(9), time(12)),)
    calendar = Calendar(
        "America/Monterrey",
        (OFFICE,) * 5 + (CLOSED,) * 2,
        "MX",
        closures=frozenset({date(2026, 11, 17)}),
        openings={date(2026, 11, 14): short, date(2026, 11, 16): short, date(2026, 11, 18): CLOSED},
    )
    assert add_business(calendar, desk("2026-11-13 18:00"), 5 * HOUR) == desk("2026-11-16 10:00")
    assert next_opening(calendar, desk("2026-11-16 12:00")) == desk("2026-11-19 08:00")


def test_an_end_of_midnight_joins_the_next_day() -> None:
    calendar = daily("America/Monterrey", "00:00-06:00", "06:00-07:00", "22:00-00:00")
    assert closes_at(calendar, desk("2026-11-10 23:00")) == desk("2026-11-11 07:00")


def test_round_the_clock_never_closes() -> None:
    now = desk("2026-11-14 12:00")
    assert is_open(ALWAYS, now)
    assert closes_at(ALWAYS, now) is None
    assert add_business(ALWAYS, now, 1000 * HOUR) == now + 1000 * HOUR


def test_a_calendar_that_never_opens_says_so() -> None:
    never = Calendar("UTC", (CLOSED,) * 7)
    now = desk("2026-11-14 12:00")
    assert not is_open(never, now)
    assert next_opening(never, now) is None
    assert business_between(never, now, now + HORIZON) == ZERO
    with pytest.raises(NeverOpensError):
        add_business(never, now, MINUTE)


def test_a_single_opening_is_found_within_the_horizon_only() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    once = {(now + timedelta(days=399)).date(): WHOLE_DAY}
    late = {(now + timedelta(days=401)).date(): WHOLE_DAY}
    assert next_opening(Calendar("UTC", (CLOSED,) * 7, openings=once), now) == now + timedelta(days=399)
    assert next_opening(Calendar("UTC", (CLOSED,) * 7, openings=late), now) is None


@pytest.mark.parametrize("question", [is_open, next_opening, closes_at])
def test_a_time_without_a_zone_is_refused(question: Callable[[Calendar, datetime], object]) -> None:
    with pytest.raises(ValueError, match="aware"):
        question(DESK, desk("2026-11-10 10:00").replace(tzinfo=None))


def test_a_negative_budget_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_business(DESK, desk("2026-11-10 10:00"), -MINUTE)


def answered(calendar: Calendar, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The open stretches within [start, end), by asking `next_opening` and `closes_at` in turn."""
    found = []
    opens = next_opening(calendar, start)
    while opens is not None and opens < end:
        closes = closes_at(calendar, opens) or end
        found.append((opens, min(closes, end)))
        opens = next_opening(calendar, closes)
    return found


@pytest.mark.parametrize(
    ("zone", "change", "expected"),
    [
        # 02:00 jumps to 03:00: an interval over the gap is an hour shorter, a bound inside it happens at the jump
        ("America/Tijuana", "2026-03-08", [("01:00-02:30", 60), ("02:30-04:00", 60), ("04:00-05:00", 60)]),
        ("America/Tijuana", "2026-03-08", [("02:15-02:45", 0), ("03:00-03:30", 30)]),
        # 02:00 goes back to 01:00: a bound that happens twice counts the first time
        ("America/Tijuana", "2026-11-01", [("00:30-01:30", 60), ("01:30-03:00", 150), ("03:00-04:00", 60)]),
        ("America/Tijuana", "2026-11-01", [("01:15-01:45", 30)]),
        ("Australia/Lord_Howe", "2026-10-04", [("01:00-02:15", 60), ("02:15-03:00", 30)]),
        ("Australia/Lord_Howe", "2026-04-05", [("01:00-01:45", 45), ("01:45-03:00", 105)]),
        ("Pacific/Apia", "2011-12-30", [("00:00-00:00", 0)]),
        ("America/Monterrey", "2026-03-08", [("01:00-02:30", 90), ("02:30-04:00", 90)]),  # no change since 2022
    ],
)
def test_intervals_over_a_clock_change(zone: str, change: str, expected: list[tuple[str, int]]) -> None:
    day = date.fromisoformat(change)
    before, after = (datetime.combine(day, time(12), UTC) + each * timedelta(days=1) for each in (-3, 3))
    for interval, minutes in expected:
        only = Calendar(zone, (CLOSED,) * 7, openings={day: daily(zone, interval).weekly[0]})
        assert business_between(only, before, after) == minutes * MINUTE, interval
    together = Calendar(zone, (CLOSED,) * 7, openings={day: daily(zone, *(each for each, _ in expected)).weekly[0]})
    assert business_between(together, before, after) == sum(minutes for _, minutes in expected) * MINUTE


def test_a_whole_year_of_the_desk_agrees_with_the_reference() -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert answered(DESK, start, end) == stretches(DESK, start, end)


@pytest.mark.parametrize("zone", ZONES)
def test_every_clock_change_of_a_zone_agrees_with_the_reference(zone: str) -> None:
    calendar = daily(zone, "00:00-00:30", "00:45-01:15", "01:15-01:45", "02:00-02:15", "02:30-03:15", "23:30-00:00")
    for day in clock_changes(zone):
        start = datetime.combine(day, time(0), UTC) - timedelta(hours=12)
        end = start + timedelta(hours=60)
        assert answered(calendar, start, end) == stretches(calendar, start, end)


@settings(deadline=None, max_examples=150)
@given(calendars_and_starts())
def test_open_stretches_agree_with_the_reference(drawn: tuple[Calendar, datetime]) -> None:
    calendar, start = drawn
    end = start + timedelta(days=5)
    assert answered(calendar, start, end) == stretches(calendar, start, end)


@settings(deadline=None, max_examples=150)
@given(calendars_and_starts(), st.integers(0, 1500))
def test_due_times_agree_with_the_reference(drawn: tuple[Calendar, datetime], budget: int) -> None:
    calendar, start = drawn
    end, spent = start + timedelta(days=5), 0
    expected = start if not budget else None
    for minute, open_now in walk(calendar, start, end):
        spent += open_now
        if spent == budget and open_now:
            expected = minute + MINUTE
    if expected is not None:
        assert add_business(calendar, start, budget * MINUTE) == expected
    assert business_between(calendar, start, end) == spent * MINUTE


budgets = st.timedeltas(ZERO, timedelta(days=2))


@settings(deadline=None, max_examples=200)
@given(calendars_and_starts(), st.timedeltas(-HOUR, HOUR), budgets, budgets)
def test_adding_and_measuring_are_the_same_clock(
    drawn: tuple[Calendar, datetime], offset: timedelta, first: timedelta, second: timedelta
) -> None:
    calendar, start = drawn[0], drawn[1] + offset
    due = add_business(calendar, start, first)
    later = add_business(calendar, due, second)
    assert business_between(calendar, start, due) == first
    assert first == ZERO or business_between(calendar, start, due - timedelta.resolution) < first
    assert add_business(calendar, start, first + second) == later
    assert business_between(calendar, start, later) == first + second


@settings(deadline=None, max_examples=200)
@given(calendars_and_starts(), st.timedeltas(-HOUR, timedelta(days=9)))
def test_open_and_closed_fit_together(drawn: tuple[Calendar, datetime], offset: timedelta) -> None:
    calendar, at = drawn[0], drawn[1] + offset
    opens, closes = next_opening(calendar, at), closes_at(calendar, at)
    assert is_open(calendar, at) == (opens == at)
    if closes is not None:
        assert is_open(calendar, at)
        assert not is_open(calendar, closes)
        assert is_open(calendar, closes - timedelta.resolution)
    if opens is not None:
        assert opens == at or not is_open(calendar, opens - timedelta.resolution)
        assert business_between(calendar, at, opens) == ZERO
