"""A business calendar: when a desk is open, in wall time of a zone, never as an offset from UTC.

No invalid calendar can be made; the JSON form is what the settings page edits and what a versioned row stores.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from pydantic import ConfigDict, PlainSerializer, TypeAdapter, ValidationError
from pydantic_core import to_json

MIDNIGHT = time(0)

WallTime = Annotated[time, PlainSerializer(lambda at: at.isoformat("minutes"), return_type=str)]
Dates = Annotated[frozenset[date], PlainSerializer(sorted, return_type=list[date])]


@dataclass(frozen=True, slots=True)
class Interval:
    """Half-open wall time within one date. An end of 00:00 is the midnight that ends it: 00:00-00:00 is a whole day."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    start: WallTime
    end: WallTime

    def __post_init__(self) -> None:
        for bound in (self.start, self.end):
            if bound.tzinfo or bound.second or bound.microsecond:
                raise ValueError(f"Opening hours are whole minutes without a zone, not {bound.isoformat()}.")
        if self.start >= self.end != MIDNIGHT:
            raise ValueError(f"An interval starts before it ends: {self}.")

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


Hours = tuple[Interval, ...]
"""What is open on one date: in order, never overlapping; they may touch."""

CLOSED: Hours = ()
WHOLE_DAY: Hours = (Interval(MIDNIGHT, MIDNIGHT),)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly hours (Monday first), minus public holidays and `closures`; `openings` replace the hours of their date.

    `country` and `subdivision` are ISO 3166 codes of the `holidays` library; without a country there are no holidays.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    zone: str
    weekly: tuple[Hours, ...]
    country: str | None = None
    subdivision: str | None = None
    closures: Dates = frozenset()
    openings: Mapping[date, Hours] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        _check_zone(self.zone)
        if len(self.weekly) != 7:
            raise ValueError(f"A week has seven days, Monday first, not {len(self.weekly)}.")
        for hours in (*self.weekly, *self.openings.values()):
            _check_apart(hours)
        if both := self.closures & self.openings.keys():
            raise ValueError(f"A date is either an extra closure or an extra opening, not both: {min(both)}.")
        if self.country is None and self.subdivision is not None:
            raise ValueError("A subdivision needs its country.")
        if self.country is not None:
            public_holidays(self.country, self.subdivision, 2026)

    def hours_on(self, day: date) -> Hours:
        if (replaced := self.openings.get(day)) is not None:
            return replaced
        if day in self.closures or self.is_holiday(day):
            return CLOSED
        return self.weekly[day.weekday()]

    def is_holiday(self, day: date) -> bool:
        return self.country is not None and day in public_holidays(self.country, self.subdivision, day.year)


@lru_cache(maxsize=256)
def public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """The statutory holidays of one year, on the day they are kept. ValueError for a place nobody knows."""
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError as unknown:
        raise ValueError(f"No holidays are known for {country} {subdivision or ''}".rstrip() + ".") from unknown


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValueError(f"There is no time zone {name!r}; a name is like America/Monterrey.") from unknown


def _check_apart(hours: Hours) -> None:
    for earlier, later in pairwise(hours):
        if earlier.end == MIDNIGHT or earlier.end > later.start:
            raise ValueError(f"Intervals of a day are in order and do not overlap: {earlier} and {later}.")


ALWAYS = Calendar("UTC", (WHOLE_DAY,) * 7)
"""Round the clock, every day of the year."""

_JSON: TypeAdapter[Calendar] = TypeAdapter(Calendar)


def calendar_from_json(data: object) -> Calendar:
    """Reads what `calendar_to_json` gives; missing optional keys are empty.

    ValueError, in words for the admin, for anything unknown or contradictory, and for a week that never opens: it
    could keep no promise.
    """
    try:
        calendar = _JSON.validate_json(to_json(data))
    except ValidationError as error:
        raise ValueError(explain(error)) from error
    if not any(calendar.weekly):
        raise ValueError("weekly: A week needs opening hours on at least one day; for a pause use closures.")
    return calendar


def calendar_to_json(calendar: Calendar) -> dict[str, object]:
    """`{"zone": ..., "weekly": [[{"start": "08:00", "end": "19:00"}], ...], "country": ..., "subdivision": ...,
    "closures": ["2026-12-24"], "openings": {"2026-12-26": [{"start": "09:00", "end": "13:00"}]}}`."""
    shape: dict[str, object] = _JSON.dump_python(calendar, mode="json")
    return shape


def explain(error: ValidationError) -> str:
    """One line: each mistake with the place it stands at, as in `weekly.0.1.end: ...`."""
    mistakes = ((".".join(map(str, each["loc"])), each["msg"].removeprefix("Value error, ")) for each in error.errors())
    return "; ".join(f"{place}: {said}" if place else said for place, said in mistakes)
