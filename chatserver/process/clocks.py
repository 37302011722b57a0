"""A ticket's clocks as one ledger: what was promised, when the client was told, which pauses there were, what came too
late. Moves of the ticket turn it; nothing else does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from chatserver.process.severity import Severity
from chatserver.process.sla import Pause, Policy, due_times, is_breached
from chatserver.process.ticket_names import Effect
from chatserver.routing.hours import Calendar


class Clock(StrEnum):
    FIRST_REPLY = "first_reply"
    UPDATE = "update"
    RESOLUTION = "resolution"


class Standing(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    DROPPED = "dropped"


class Told(StrEnum):
    """Who is warned."""

    OWNER = "owner"
    LEVEL_1 = "level_1"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Promises:
    """The versions of policy and calendar that a ticket's promises were made by."""

    policy: Policy
    calendar: Calendar = field(repr=False)


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise that was not kept; the same one is never counted twice, whoever notices it first."""

    clock: Clock
    due: datetime


@dataclass(frozen=True, slots=True)
class Clocks:
    """The ledger. A due time of None: that clock stands still. `resolved_at` and `dropped_at` stop all of them.

    The last pause is open while the client is waited for; the time between a solution and a reopening is a pause too.
    """

    severity: Severity
    sla_start: datetime
    first_reply_due: datetime
    update_due: datetime | None
    resolution_due: datetime | None
    first_replied_at: datetime | None = None
    last_public_human_at: datetime | None = None
    resolved_at: datetime | None = None
    dropped_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    breaches: frozenset[Breach] = frozenset()

    @property
    def stopped(self) -> bool:
        return self.resolved_at is not None or self.dropped_at is not None

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].end is None


def start_clocks(
    promises: Promises,
    severity: Severity,
    sla_start: datetime,
    first_replied_at: datetime | None = None,
    last_public_human_at: datetime | None = None,
) -> Clocks:
    """The clocks of a new ticket, from the moment of contact; a first human reply in the chat before it counts."""
    due = due_times(promises.policy, promises.calendar, severity, sla_start, last_public_human_at)
    began = Clocks(severity, sla_start, due.first_reply, due.update, due.resolution)
    if first_replied_at:
        began = replace(_judged(began, first_replied_at, Clock.FIRST_REPLY), first_replied_at=first_replied_at)
    return replace(began, last_public_human_at=last_public_human_at)


def turn_clocks(
    clocks: Clocks, effects: Iterable[Effect], at: datetime, promises: Promises, severity: Severity | None = None
) -> Clocks:
    """The ledger after a move at `at`. What was too late by then is noted first, and stays: no later change of
    severity, pause or reopening takes a breach back. `severity` is the new one, where the move sets one."""
    clocks = judge(clocks, at)
    clocks = replace(clocks, severity=severity or clocks.severity)
    due = {*effects}
    for effect, turn in _TURNS.items():
        if effect in due:
            clocks = turn(clocks, at, promises)
    return judge(clocks, at)


def judge(clocks: Clocks, at: datetime) -> Clocks:
    """Notes each promise that is broken by now: only later than due is too late."""
    return _judged(clocks, at, *Clock)


def running(clocks: Clocks) -> Iterator[tuple[Clock, datetime]]:
    """The promises that can still be broken, with their due times."""
    if clocks.stopped:
        return
    if clocks.first_replied_at is None:
        yield Clock.FIRST_REPLY, clocks.first_reply_due
    if clocks.update_due is not None:
        yield Clock.UPDATE, clocks.update_due
    if clocks.resolution_due is not None:
        yield Clock.RESOLUTION, clocks.resolution_due


def standing(clocks: Clocks, clock: Clock) -> Standing:
    """The verdict on a clock as the ledger has it; `judge` it first for the verdict of now."""
    if any(breach.clock is clock for breach in clocks.breaches):
        return Standing.BREACHED
    if clock is Clock.FIRST_REPLY and clocks.first_replied_at:
        return Standing.MET
    if clocks.resolved_at:
        return Standing.MET
    if clocks.dropped_at:
        return Standing.DROPPED
    return Standing.PAUSED if clocks.paused and clock is not Clock.FIRST_REPLY else Standing.RUNNING


@dataclass(frozen=True, slots=True)
class Alarm:
    """Somebody is to be warned at `at`, when `percent` of a budget is used up; `due` says which promise it is about."""

    clock: Clock
    percent: int
    at: datetime
    due: datetime
    told: frozenset[Told]


def alarms(clocks: Clocks, promises: Promises, warn_percent: int = 75) -> tuple[Alarm, ...]:
    """The warnings of all running clocks, past ones too; at 100 % the promise can still be kept that very instant."""
    early = due_times(
        promises.policy,
        promises.calendar,
        clocks.severity,
        clocks.sla_start,
        clocks.last_public_human_at,
        clocks.pauses,
        percent=warn_percent,
    )
    at = {Clock.FIRST_REPLY: early.first_reply, Clock.UPDATE: early.update, Clock.RESOLUTION: early.resolution}
    found: list[Alarm] = []
    for clock, due in running(clocks):
        if (warned := at[clock]) is not None:
            found.append(Alarm(clock, warn_percent, warned, due, frozenset({Told.OWNER, Told.LEVEL_1})))
        found.append(Alarm(clock, 100, due, due, frozenset({Told.SUPERVISOR})))
    return tuple(found)


def _said(clocks: Clocks, at: datetime, promises: Promises) -> Clocks:
    """A first reply is judged by the severity it comes with: the classification that is told in it counts at once."""
    if clocks.first_replied_at is None:
        clocks = replace(_judged(clocks, at, Clock.FIRST_REPLY), first_replied_at=at)
    return _promise(replace(clocks, last_public_human_at=at), promises)


def _paused(clocks: Clocks, at: datetime, promises: Promises) -> Clocks:
    return _promise(replace(clocks, pauses=(*clocks.pauses, Pause(at))), promises)


def _reopened(clocks: Clocks, at: datetime, promises: Promises) -> Clocks:
    pauses = (*clocks.pauses, Pause(clocks.resolved_at or at, at))
    return _promise(replace(clocks, pauses=pauses, resolved_at=None), promises)


def _stopped(clocks: Clocks, at: datetime, promises: Promises) -> Clocks:
    """Still due, for the record, is only what says whether the solution was in time."""
    return replace(_resumed(clocks, at, promises), update_due=None, resolved_at=at)


def _dropped(clocks: Clocks, at: datetime, promises: Promises) -> Clocks:
    return replace(_resumed(clocks, at, promises), update_due=None, dropped_at=at)


def _resumed(clocks: Clocks, at: datetime, promises: Promises) -> Clocks:
    if not clocks.paused:
        return clocks
    *before, last = clocks.pauses
    return _promise(replace(clocks, pauses=(*before, Pause(last.start, at))), promises)


def _recomputed(clocks: Clocks, _: datetime, promises: Promises) -> Clocks:
    return _promise(clocks, promises)


_TURNS = {
    Effect.RECOMPUTE: _recomputed,
    Effect.RESUME: _resumed,
    Effect.REOPEN: _reopened,
    Effect.SAID: _said,
    Effect.PAUSE: _paused,
    Effect.STOP: _stopped,
    Effect.DROP: _dropped,
}
"""In the order in which they are carried out; what `Effect.START` does is `start_clocks`."""


def _promise(clocks: Clocks, promises: Promises) -> Clocks:
    """The due times anew. A first reply that was given was promised by what was known then."""
    due = due_times(
        promises.policy,
        promises.calendar,
        clocks.severity,
        clocks.sla_start,
        clocks.last_public_human_at,
        clocks.pauses,
    )
    first = clocks.first_reply_due if clocks.first_replied_at else due.first_reply
    return replace(clocks, first_reply_due=first, update_due=due.update, resolution_due=due.resolution)


def _judged(clocks: Clocks, at: datetime, *judged: Clock) -> Clocks:
    late = {Breach(clock, due) for clock, due in running(clocks) if clock in judged and is_breached(due, at)}
    return replace(clocks, breaches=clocks.breaches | late)
