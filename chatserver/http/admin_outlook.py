"""What an administrator sees before saving: when a ticket opened now would be due, whether the desk is open now,
and which days are not like their weekday."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request

from chatserver.errors import Refused
from chatserver.http.uploads import context_of
from chatserver.process.promises import must_be_keepable
from chatserver.process.severity import Severity
from chatserver.process.sla import DueTimes, Policy, due_times
from chatserver.queries.administration import CalendarState, PolicyState, get_policy_state, list_calendar_states
from chatserver.routing.hours import HORIZON, Calendar, Hours, closes_at, next_opening

MOST_DAYS = 12


@dataclass(frozen=True, slots=True)
class Outlook:
    """When what is promised would be due for a ticket that is opened now, in the hours of one calendar."""

    calendar: CalendarState
    dues: Mapping[Severity, DueTimes]


@dataclass(frozen=True, slots=True)
class Desk:
    """Whether a desk is open now, and until when: it closes then, or opens. None: not within the next 400 days."""

    is_open: bool
    until: datetime | None


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """`kind`: holiday, closure or opening."""

    day: date
    kind: str
    hours: Hours


def outlooks(policy: Policy, calendars: list[CalendarState], now: datetime) -> list[Outlook]:
    """Calendars that have no room for a promise are left out: nothing would ever fall due there."""
    found: list[Outlook] = []
    for state in calendars:
        try:
            must_be_keepable(policy, state.calendar, now)
        except Refused:
            continue
        dues = {severity: due_times(policy, state.calendar, severity, now) for severity in Severity}
        found.append(Outlook(state, dues))
    return found


def desk_of(calendar: Calendar, now: datetime) -> Desk:
    opening = next_opening(calendar, now)
    is_open = opening == now
    return Desk(is_open, closes_at(calendar, now) if is_open else opening)


def special_days(calendar: Calendar, now: datetime) -> list[SpecialDay]:
    """The next days, from today on, whose hours are not those of the week."""
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    found: list[SpecialDay] = []
    for number in range(HORIZON.days):
        day = today + timedelta(days=number)
        if (kind := _kind(calendar, day)) is not None:
            found.append(SpecialDay(day, kind, calendar.hours_on(day)))
    return found[:MOST_DAYS]


def _kind(calendar: Calendar, day: date) -> str | None:
    if day in calendar.openings:
        return "opening"
    if calendar.is_holiday(day):
        return "holiday"
    return "closure" if day in calendar.closures else None


async def read_promises(request: Request) -> tuple[PolicyState, list[CalendarState]]:
    """The policy, and the calendars that promises are counted in."""
    async with context_of(request).db.read() as session:
        calendars = await list_calendar_states(session)
        return await get_policy_state(session), [state for state in calendars if state.is_used]
