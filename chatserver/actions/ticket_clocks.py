"""A ticket's ledger: turned by moves and words, kept as rows, watched by timers that are armed anew with every turn."""

from collections.abc import Iterable

from sqlmodel import select

from chatserver.actions.ticket_history import add_step
from chatserver.actions.ticket_store import Held, facts_of
from chatserver.actions.unit import Unit
from chatserver.models import Ticket, TicketBreach, TicketPause, TicketWarning, Timer
from chatserver.process.clocks import Clock, Clocks, judge, turn_clocks
from chatserver.process.severity import Severity
from chatserver.process.ticket_names import Effect, StepKind
from chatserver.process.ticket_timers import TicketTimer, Warned, Watch, next_wait, warned_of, watch_clocks


async def turn(unit: Unit, held: Held, effects: Iterable[Effect], severity: Severity | None = None) -> None:
    """Turn the clocks by what happened now; what was too late by now is noted first."""
    await keep_clocks(unit, held, turn_clocks(held.clocks, effects, unit.now, held.promises, severity))


async def keep_clocks(unit: Unit, held: Held, clocks: Clocks) -> None:
    """The ledger after a turn: due times onto the row, pauses and breaches as rows of their own."""
    ticket, known = held.ticket, held.clocks
    for name in ("first_reply_due", "update_due", "resolution_due", "first_replied_at"):
        setattr(ticket, name, getattr(clocks, name))
    for name in ("last_public_human_at", "resolved_at", "dropped_at"):
        setattr(ticket, name, getattr(clocks, name))
    for row, pause in zip(held.pauses, clocks.pauses, strict=False):
        row.ended_at = pause.end
    for pause in clocks.pauses[len(held.pauses) :]:
        added = TicketPause(ticket_id=ticket.id, started_at=pause.start, ended_at=pause.end)
        held.pauses.append(added)
        unit.session.add(added)
    for breach in sorted(clocks.breaches - known.breaches, key=lambda breach: (breach.due, breach.clock)):
        unit.session.add(TicketBreach(ticket_id=ticket.id, clock=breach.clock, due=breach.due, noted_at=unit.now))
    held.clocks = clocks
    await unit.flush()


async def arm(unit: Unit, held: Held) -> None:
    """Void the ticket's timers, and set those of what it is now. Warnings that are due are given on the way."""
    watch = await warn(unit, held)
    ticket = held.ticket
    ticket.version += 1
    for kind, due_at in (
        (TicketTimer.WAIT, next_wait(facts_of(unit, held), unit.now)),
        (TicketTimer.CLOCK, watch.again_at),
    ):
        if due_at is not None:
            unit.session.add(Timer(kind=kind, entity_id=ticket.id, version=ticket.version, due_at=due_at))


async def warn(unit: Unit, held: Held) -> Watch:
    """Note what is broken by now, and warn whoever is to be warned, once for each promise."""
    await keep_clocks(unit, held, judge(held.clocks, unit.now))
    given = await _given(unit, held.ticket)
    watch = watch_clocks(held.clocks, held.promises, given, unit.now, unit.settings.tickets.warn_percent)
    for alarm in watch.fresh:
        key = warned_of(alarm)
        unit.session.add(
            TicketWarning(ticket_id=held.ticket.id, clock=key.clock, percent=key.percent, due=key.due, at=unit.now)
        )
        told = ",".join(sorted(alarm.told))
        details = {"clock": alarm.clock, "percent": alarm.percent, "due": alarm.due.isoformat(), "told": told}
        await add_step(unit, held, StepKind.WARNED, details=details)
    held.ticket.warned = watch.percent
    return watch


async def _given(unit: Unit, ticket: Ticket) -> set[Warned]:
    rows = await unit.session.exec(select(TicketWarning).where(TicketWarning.ticket_id == ticket.id))
    return {Warned(Clock(row.clock), row.percent, row.due) for row in rows}
