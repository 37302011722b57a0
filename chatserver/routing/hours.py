"""Every question of business time, answered in one place: is it open, when does it open, when is a promise due.

Opening hours are wall time, durations are elapsed time: everything is computed in UTC and answered in UTC. Each bound
of an interval happens exactly once, *at the first instant at which the local clock reads it or later*: a bound that a
clock change skips happens at the change, one that the change repeats happens the first time. So an interval over the
change is an hour shorter or longer, touching intervals still touch, and nothing opens twice.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from chatserver.routing.calendar import (
    ALWAYS,
    CLOSED,
    MIDNIGHT,
    WHOLE_DAY,
    Calendar,
    Hours,
    Interval,
    calendar_from_json,
    calendar_to_json,
)

__all__ = [
    "ALWAYS",
    "CLOSED",
    "HORIZON",
    "WHOLE_DAY",
    "Calendar",
    "Hours",
    "Interval",
    "NeverOpensError",
    "add_business",
    "business_between",
    "calendar_from_json",
    "calendar_to_json",
    "closes_at",
    "is_open",
    "next_opening",
    "on_until",
]

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ZERO = timedelta()

HORIZON = timedelta(days=400)
"""How far ahead an opening or a closing is looked for; beyond it there is none."""


class NeverOpensError(ValueError):
    """Business time was asked of a calendar that stays closed for longer than the horizon."""


def is_open(calendar: Calendar, at: datetime) -> bool:
    return next_opening(calendar, at) == at


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """`at` itself when it is open; None when nothing opens within the horizon."""
    for start, _ in _spans(calendar, at):
        return max(start, at.astimezone(UTC))
    return None


def closes_at(calendar: Calendar, at: datetime) -> datetime | None:
    """The end of the open stretch around `at`, across touching intervals and midnights.

    None when it is closed, and None when it is open and does not close within the horizon (round the clock);
    `is_open` tells the two apart.
    """
    closing = at
    for start, end in _spans(calendar, at):
        if start > closing:
            break
        if end - at > HORIZON:
            return None
        closing = end
    return closing if closing > at else None


def on_until(calendar: Calendar, at: datetime) -> datetime | None:
    """The next closing of a desk that is open, or opens again on the same date: a break does not end the day.

    None when it is closed for the rest of the day; where it does not close within the horizon, the horizon.
    """
    opening, zone = next_opening(calendar, at), ZoneInfo(calendar.zone)
    if opening is None or opening.astimezone(zone).date() != at.astimezone(zone).date():
        return None
    return closes_at(calendar, opening) or opening + HORIZON


def add_business(calendar: Calendar, start: datetime, budget: timedelta) -> datetime:
    """The earliest instant, from `start` on, by which `budget` of business time has passed.

    So a budget that is used up exactly at closing is due at that closing, not at the next opening, and a budget of
    zero is due at `start`, open or closed. ValueError for a negative budget, NeverOpensError when it cannot be spent.
    """
    if budget < ZERO:
        raise ValueError(f"A budget is not negative: {budget}.")
    if not budget:
        return start.astimezone(UTC)
    for opening, closing in _spans(calendar, start):
        since = max(opening, start.astimezone(UTC))
        if budget <= closing - since:
            return since + budget
        budget -= closing - since
    raise NeverOpensError(f"Closed for more than {HORIZON.days} days after {start.isoformat()}.")


def business_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Business time in [start, end); zero when `end` is not later."""
    total = ZERO
    for opening, closing in _spans(calendar, start):
        if opening >= end:
            break
        total += max(min(closing, end) - max(opening, start), ZERO)
    return total


def _spans(calendar: Calendar, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Open spans in UTC that end after `since`, in order, until the horizon passes without one."""
    if since.tzinfo is None:
        raise ValueError(f"Business time needs an aware time, not {since.isoformat()}.")
    day = since.astimezone(ZoneInfo(calendar.zone)).date()
    last = day + HORIZON
    while day <= last:
        for interval in calendar.hours_on(day):
            start = _instant(calendar.zone, day, interval.start)
            end = _instant(calendar.zone, day if interval.end != MIDNIGHT else day + DAY, interval.end)
            if start < end and end > since:
                yield start, end
                last = day + HORIZON
        day += DAY


@lru_cache(maxsize=4096)
def _instant(zone_name: str, day: date, at: time) -> datetime:
    """The first instant at which the clock of the zone reads this wall time or later."""
    zone = ZoneInfo(zone_name)
    wall = datetime.combine(day, at, zone)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _clock_change(zone, wall.replace(fold=1).astimezone(UTC), instant)


def _clock_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second within (before, after] at which the zone changes its offset."""
    old = before.astimezone(zone).utcoffset()
    seconds = range((after - before) // SECOND)
    changed = bisect_left(seconds, True, key=lambda s: (before + s * SECOND).astimezone(zone).utcoffset() != old)
    return before + changed * SECOND
