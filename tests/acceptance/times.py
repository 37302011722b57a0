"""Times as the process writes them (`Tue 17 08:25`, in Monterrey, November 2026), and its business minutes, counted one
by one."""

from datetime import UTC, datetime, timedelta

from tests.world import MONTERREY

MINUTE = timedelta(minutes=1)
HOLIDAY = 16
"""A Monday, for the Revolution."""


def moment(text: str) -> datetime:
    """`Tue 17 08:25`, or `Tue 17 08:25:01`."""
    name, day, clock = text.split()
    hour, minute, second = [*map(int, clock.split(":")), 0][:3]
    at = datetime(2026, 11, int(day), hour, minute, second, tzinfo=MONTERREY)
    if f"{at:%a}" != name:
        raise ValueError(f"{text}: the {day} is a {at:%a}")
    return at


def told(at: datetime | str | None) -> str | None:
    """The same, of a time; its seconds only where there are any: what is on the minute reads as the process does."""
    if at is None:
        return None
    local = (at if isinstance(at, datetime) else datetime.fromisoformat(at)).astimezone(MONTERREY)
    return local.strftime("%a %d %H:%M:%S" if local.second or local.microsecond else "%a %d %H:%M")


def business_minutes(start: datetime, end: datetime) -> int:
    """Open minutes within [start, end): Monday to Friday from 8 to 19, but for the holiday."""
    count, at = 0, start.astimezone(MONTERREY)
    while at.astimezone(UTC) < end.astimezone(UTC):
        count += at.weekday() < 5 and 8 <= at.hour < 19 and at.day != HOLIDAY
        at += MINUTE
    return count
