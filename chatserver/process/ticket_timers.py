"""When to look at a ticket again, and what is due then: its waits for the client, and the warnings of its clocks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chatserver.process.clocks import Alarm, Breach, Clock, Clocks, Promises, alarms, running
from chatserver.process.ticket_facts import TicketFacts
from chatserver.process.ticket_waits import decide_wait

NOTICED_AFTER = timedelta(seconds=1)
"""Only later than due is too late, so a breach is looked for a moment after."""


class TicketTimer(StrEnum):
    """The kinds of timers a ticket has: at most one of each is armed."""

    WAIT = "ticket_wait"
    CLOCK = "ticket_clock"


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning that was given: it is never given twice for the same promise."""

    clock: Clock
    percent: int
    due: datetime


def warned_of(alarm: Alarm) -> Warned:
    return Warned(alarm.clock, alarm.percent, alarm.due)


@dataclass(frozen=True, slots=True)
class Watch:
    """What the clocks ask for at a time. `fresh`: warnings to give now; `percent`: the most of a running budget that
    is used up, of the shares at which somebody is warned, else 0; `again_at`: when to look again, if ever."""

    fresh: tuple[Alarm, ...]
    percent: int
    again_at: datetime | None


def watch_clocks(
    clocks: Clocks, promises: Promises, given: Collection[Warned], now: datetime, warn_percent: int
) -> Watch:
    """`clocks` must have been judged for `now`: a breach that is noted is not waited for."""
    planned = alarms(clocks, promises, warn_percent)
    rung = [alarm for alarm in planned if alarm.at <= now]
    later = [alarm.at for alarm in planned if alarm.at > now]
    later += [due + NOTICED_AFTER for clock, due in running(clocks) if Breach(clock, due) not in clocks.breaches]
    return Watch(
        fresh=tuple(alarm for alarm in rung if warned_of(alarm) not in given),
        percent=max((alarm.percent for alarm in rung), default=0),
        again_at=min(later, default=None),
    )


def next_wait(facts: TicketFacts, now: datetime) -> datetime | None:
    """When the system acts by itself if nothing happens: at once if that time has come already."""
    due = decide_wait(facts.stages, facts.reminded, now)
    return now if due.move else due.again_at
