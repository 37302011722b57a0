"""What the settings page may save as a calendar, and what it is told otherwise."""

from datetime import date, time
from re import escape

import pytest

from chatserver.routing.hours import CLOSED, WHOLE_DAY, Calendar, Interval, calendar_from_json, calendar_to_json

DAY = [{"start": "08:00", "end": "19:00"}]
WEEK = [*[DAY] * 5, [], []]


def test_a_calendar_survives_its_json() -> None:
    calendar = Calendar(
        "America/Monterrey",
        ((Interval(time(8), time(14)), Interval(time(16), time(0))),) * 5 + (WHOLE_DAY, CLOSED),
        "MX",
        closures=frozenset({date(2026, 12, 31), date(2026, 12, 24)}),
        openings={date(2026, 12, 25): (Interval(time(9), time(12)),)},
    )
    shape = calendar_to_json(calendar)
    assert calendar_from_json(shape) == calendar
    assert shape["closures"] == ["2026-12-24", "2026-12-31"]
    assert shape["openings"] == {"2026-12-25": [{"start": "09:00", "end": "12:00"}]}


def test_equal_calendars_have_equal_hashes() -> None:
    one, other = (calendar_from_json({"zone": "UTC", "weekly": WEEK}) for _ in range(2))
    assert (one, hash(one)) == (other, hash(other))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"zone": "America/Nowhere"}, "no time zone 'America/Nowhere'"),
        ({"zone": "../../etc/passwd"}, "no time zone"),
        ({"zone": "America"}, "no time zone"),
        ({"zone": "UTC-6"}, "no time zone"),
        ({"weekly": WEEK[:6]}, "seven days"),
        ({"weekly": [[]] * 7}, "weekly: A week needs opening hours"),
        (
            {"weekly": [[{"start": "19:00", "end": "08:00"}], *WEEK[1:]]},
            "weekly.0.0: An interval starts before it ends",
        ),
        ({"weekly": [[{"start": "08:00", "end": "08:00"}], *WEEK[1:]]}, "starts before it ends: 08:00-08:00"),
        ({"weekly": [[{"start": "08:00", "end": "25:00"}], *WEEK[1:]]}, "weekly.0.0.end"),
        ({"weekly": [[{"start": "08:00:30", "end": "19:00"}], *WEEK[1:]]}, "whole minutes"),
        ({"weekly": [[{"start": "08:00Z", "end": "19:00"}], *WEEK[1:]]}, "without a zone"),
        ({"weekly": [[{"start": 480, "end": 1140}], *WEEK[1:]]}, "weekly.0.0.start"),
        ({"weekly": [[{"start": "08:00"}], *WEEK[1:]]}, "weekly.0.0.end: Field required"),
        ({"weekly": [[*DAY, {"start": "18:00", "end": "20:00"}], *WEEK[1:]]}, "08:00-19:00 and 18:00-20:00"),
        ({"weekly": [[{"start": "09:00", "end": "00:00"}, *DAY], *WEEK[1:]]}, "do not overlap"),
        ({"openings": {"2026-12-25": [*DAY, *DAY]}}, "do not overlap"),
        ({"openings": {"2026-13-25": DAY}}, "openings.2026-13-25"),
        ({"closures": ["2026-02-30"]}, "closures.0"),
        ({"closures": ["2026-12-25"], "openings": {"2026-12-25": DAY}}, "not both: 2026-12-25"),
        ({"country": "ZZ"}, "No holidays are known for ZZ."),
        ({"country": "MX", "subdivision": "XX"}, "No holidays are known for MX XX."),
        ({"subdivision": "CA"}, "needs its country"),
        ({"timezone": "UTC"}, "timezone: Unexpected"),
    ],
)
def test_a_wrong_calendar_is_refused_in_words(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=escape(said)):
        calendar_from_json({"zone": "America/Monterrey", "weekly": WEEK, **wrong})


@pytest.mark.parametrize("nonsense", [None, 5, "calendar", [], {}])
def test_nonsense_is_refused(nonsense: object) -> None:
    with pytest.raises(ValueError, match=r"object|required"):
        calendar_from_json(nonsense)
