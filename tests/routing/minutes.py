"""The naive reference for business time: it walks minute by minute and looks at a clock that is never turned back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from chatserver.routing.hours import Calendar, Interval

MINUTE = timedelta(minutes=1)

ZONES = (
    "America/Monterrey",
    "America/Tijuana",
    "America/New_York",
    "America/Havana",  # falls back from 01:00 to 00:00
    "America/St_Johns",  # until 2011 at one minute past midnight, back into yesterday
    "Europe/Madrid",
    "Australia/Lord_Howe",  # half an hour
    "Asia/Kathmandu",
    "Pacific/Apia",  # had no 30 December 2011
    "UTC",
)


def walk(calendar: Calendar, start: datetime, end: datetime) -> Iterator[tuple[datetime, bool]]:
    """Every minute in [start, end) and whether it is open. While an hour repeats, the clock stands at its end."""
    zone = ZoneInfo(calendar.zone)
    now, highest = start - timedelta(hours=3), datetime.combine(date.min, time(0))
    while now < end:
        highest = max(highest, now.astimezone(zone).replace(tzinfo=None))
        if now >= start:
            yield now, any(_holds(each, highest.time()) for each in calendar.hours_on(highest.date()))
        now += MINUTE


def _holds(interval: Interval, at: time) -> bool:
    return interval.start <= at and (at < interval.end or interval.end == time(0))


def stretches(calendar: Calendar, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The open stretches within [start, end)."""
    found: list[tuple[datetime, datetime]] = []
    for minute, is_open in walk(calendar, start, end):
        if not is_open:
            continue
        if found and found[-1][1] == minute:
            found[-1] = (found[-1][0], minute + MINUTE)
        else:
            found.append((minute, minute + MINUTE))
    return found


@st.composite
def hours(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Up to three intervals; drawn bounds often stand where clocks change, and intervals often touch."""
    minute = st.one_of(st.sampled_from([0, 1, 60, 90, 105, 120, 150, 180]), st.integers(0, 24 * 60))
    bounds = sorted(draw(st.sets(minute, max_size=6)))
    touching = draw(st.booleans())
    pairs = pairwise(bounds) if touching else zip(bounds[::2], bounds[1::2], strict=False)
    return tuple(Interval(_time(start), _time(end)) for start, end in pairs)


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@st.composite
def calendars_and_starts(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar that is sometimes open, and a minute near which its clocks may change and its dates are special."""
    zone = draw(st.sampled_from(ZONES))
    day = draw(st.one_of(st.sampled_from(clock_changes(zone)), st.dates(date(2008, 1, 1), date(2035, 12, 1))))
    near = st.integers(-2, 6).map(lambda days: day + timedelta(days=days))
    closures = draw(st.frozensets(near, max_size=2))
    openings = draw(st.dictionaries(near.filter(lambda each: each not in closures), hours(), max_size=2))
    weekly = draw(st.tuples(*[hours()] * 7).filter(any))
    start = datetime.combine(day, time(0), UTC) + draw(st.integers(-1440, 1440)) * MINUTE
    return Calendar(zone, weekly, closures=closures, openings=openings), start


@cache
def clock_changes(zone_name: str) -> list[date]:
    """The dates on which the zone changed its clocks, 2008 to 2035, or one date where it never did."""
    zone, first = ZoneInfo(zone_name), datetime(2008, 1, 1, tzinfo=UTC)
    days = [first + timedelta(days=each) for each in range(28 * 365)]
    offsets = [each.astimezone(zone).utcoffset() for each in days]
    changed = [day.date() for day, (one, other) in zip(days, pairwise(offsets), strict=False) if one != other]
    return changed or [first.date()]
