"""How long a ticket waits for its client, and what is due then: settings, in business time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chatserver.process.ticket_names import Move
from chatserver.routing.hours import Calendar, add_business
from chatserver.types import TicketState as State


def _from_hours(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int | float | str):
        hours = float(value)
        if 0 < hours <= 1_000:
            return timedelta(hours=hours)
    raise ValueError("must be a number of business hours, above 0 and at most 1000")


Hours = Annotated[timedelta, BeforeValidator(_from_hours)]


class TicketWaits(BaseModel):
    """Given in hours of business time, but for `follow_days`, which are days of the calendar on the wall."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    remind_first: Hours = timedelta(hours=11)
    remind_again: Hours = timedelta(hours=22)
    resolve_unanswered: Hours = timedelta(hours=33)
    close_resolved: Hours = timedelta(hours=55)
    follow_days: Annotated[int, Field(ge=1, le=366)] = 30
    warn_percent: Annotated[int, Field(ge=1, le=99)] = 75

    @model_validator(mode="after")
    def _rising(self) -> "TicketWaits":
        if not self.remind_first < self.remind_again < self.resolve_unanswered:
            raise ValueError("remind_first < remind_again < resolve_unanswered must hold")
        return self


Stage = tuple[datetime, Move]


def stages_of(state: State, since: datetime, calendar: Calendar, waits: TicketWaits) -> tuple[Stage, ...]:
    """What the system does to a ticket that is in `state` since then, and when, if nothing happens before."""
    if state is State.WAITING_CLIENT:
        planned = [
            (waits.remind_first, Move.REMIND),
            (waits.remind_again, Move.REMIND),
            (waits.resolve_unanswered, Move.RESOLVE_UNANSWERED),
        ]
    elif state is State.RESOLVED:
        planned = [(waits.close_resolved, Move.CLOSE)]
    else:
        planned = []
    return tuple((add_business(calendar, since, wait), move) for wait, move in planned)


@dataclass(frozen=True, slots=True)
class WaitDue:
    """The system's move that is due (None: not yet any), and when to look again (None: nothing more comes)."""

    move: Move | None
    again_at: datetime | None


def decide_wait(stages: tuple[Stage, ...], reminded: int, now: datetime) -> WaitDue:
    """Late is no different from on time: of several stages that have come only the last one counts.

    `reminded` is how many reminders' times have been dealt with, so that none is sent twice.
    """
    passed = [move for at, move in stages if at <= now]
    again_at = next((at for at, _ in stages if at > now), None)
    if not passed or (passed[-1] is Move.REMIND and reminders_passed(stages, now) <= reminded):
        return WaitDue(None, again_at)
    return WaitDue(passed[-1], again_at)


def reminders_passed(stages: tuple[Stage, ...], now: datetime) -> int:
    return sum(move is Move.REMIND and at <= now for at, move in stages)
