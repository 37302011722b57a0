"""Budgets and hours as an administrator types them, `1:30` and `08:00-14:00, 15:00-19:00`, read and written."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta

from chatserver.errors import Refused
from chatserver.routing.hours import CLOSED, Calendar, Hours, Interval

MINUTE = timedelta(minutes=1)
MAX_DATES = 400

_BUDGET = re.compile(r"([0-9]{1,3}):([0-5][0-9])")
_INTERVAL = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–]\s*([0-9]{1,2}):([0-9]{2})")
_DATE = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")


def read_budget(text: str, field: str) -> timedelta:
    """Hours and minutes. Raises `Refused` (bad_budget)."""
    found = _BUDGET.fullmatch(text.strip())
    span = timedelta(hours=int(found[1]), minutes=int(found[2])) if found else timedelta()
    if not span:
        raise Refused("bad_budget", f"{text!r} is not hours and minutes such as 0:30, and more than none.", field=field)
    return span


def write_budget(span: timedelta) -> str:
    hours, minutes = divmod(span // MINUTE, 60)
    return f"{hours}:{minutes:02d}"


def read_hours(text: str, field: str) -> Hours:
    """Nothing is closed. Raises `Refused` (bad_hours, hours_overlap)."""
    hours = tuple([_interval(part, field) for part in text.split(",")] if text.strip() else CLOSED)
    try:
        Calendar("UTC", (hours, *(CLOSED,) * 6))
    except ValueError as error:
        raise Refused("hours_overlap", str(error), field=field) from error
    return hours


def write_hours(hours: Hours) -> str:
    return ", ".join(str(interval).replace("-00:00", "-24:00") for interval in hours)


def read_closures(text: str) -> frozenset[date]:
    """A date a line. Raises `Refused` (bad_date, too_many_dates)."""
    return frozenset(_date(line, "closures") for line in _lines(text, "closures"))


def write_closures(closures: frozenset[date]) -> str:
    return "\n".join(day.isoformat() for day in sorted(closures))


def read_openings(text: str) -> dict[date, Hours]:
    """A date and its hours a line. Raises `Refused`: bad_date, bad_hours, hours_overlap, too_many_dates."""
    openings: dict[date, Hours] = {}
    for line in _lines(text, "openings"):
        day, _, hours = line.partition(" ")
        if not hours.strip():
            raise Refused("bad_hours", f"{day} needs its hours; a day without any is a closure.", field="openings")
        openings[_date(day, "openings")] = read_hours(hours, "openings")
    return openings


def write_openings(openings: Mapping[date, Hours]) -> str:
    return "\n".join(f"{day.isoformat()} {write_hours(hours)}" for day, hours in sorted(openings.items()))


def read_number(text: str) -> int:
    """What a hidden field of ours holds; 0 for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _lines(text: str, field: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_DATES:
        raise Refused("too_many_dates", f"At most {MAX_DATES} dates are kept.", field=field)
    return lines


def _date(text: str, field: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # there is no such day: said below, as for what is no date at all
    raise Refused("bad_date", f"{text!r} is not a date such as 2026-12-24.", field=field)


def _interval(text: str, field: str) -> Interval:
    found = _INTERVAL.fullmatch(text.strip())
    try:
        if found:
            return Interval(_time(found[1], found[2]), _time(found[3], found[4], ends=True))
    except ValueError:
        pass  # no such time, or it ends before it starts: said below
    raise Refused("bad_hours", f"{text!r} is not hours such as 08:00-19:00.", field=field)


def _time(hour: str, minute: str, *, ends: bool = False) -> time:
    """24:00 is the midnight that ends a day."""
    return time(0) if ends and (hour, minute) == ("24", "00") else time(int(hour), int(minute))
