"""Instants as people read them: minutes when it is near, then the time, then the day; in the desk's zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time

from chatserver.http.words import Words

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

CLOCK = {"es-MX": "H:mm", "en": "short"}
"""As the other faces say it: 24 hours in Spanish."""


def near(at: datetime, now: datetime, zone: str, t: Words) -> str:
    """Short, and relative while that says more."""
    away = at - now
    if abs(away) < MINUTE:
        return t("time.now")
    if abs(away) < HOUR:
        return t("time.in_minutes" if away > timedelta() else "time.minutes_ago", n=abs(away) // MINUTE)
    return day_and_time(at, now, zone, t)


def day_and_time(at: datetime, now: datetime, zone: str, t: Words) -> str:
    """The time alone today, otherwise with its day."""
    local, locale = at.astimezone(ZoneInfo(zone)), t.locale.replace("-", "_")
    time = format_time(local, CLOCK[t.locale], locale=locale)
    days = (local.date() - now.astimezone(ZoneInfo(zone)).date()).days
    if days == 0:
        return time
    if days in (-1, 1):
        return t("time.tomorrow" if days == 1 else "time.yesterday", time=time)
    pattern = "EEE d MMM" if abs(days) < 180 else "d MMM y"
    return f"{format_date(local, pattern, locale=locale)}, {time}"


def with_day(at: datetime, now: datetime, zone: str, t: Words) -> str:
    """Never the time alone: a promise is read again on another day."""
    told = day_and_time(at, now, zone, t)
    same_day = at.astimezone(ZoneInfo(zone)).date() == now.astimezone(ZoneInfo(zone)).date()
    return t("time.today", time=told) if same_day else told


def day_of(day: date, t: Words) -> str:
    """A day with its weekday and its year."""
    return format_date(day, "EEE d MMM y", locale=t.locale.replace("-", "_"))


def exact(at: datetime, zone: str, t: Words) -> str:
    """In full, with the zone, for who hovers."""
    return format_datetime(at.astimezone(ZoneInfo(zone)), "full", locale=t.locale.replace("-", "_"))
