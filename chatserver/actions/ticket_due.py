"""What happens when a ticket's timer is due: judged again under the ticket's lock, effect and `done_at` in one
commit."""

from chatserver.actions.ticket_clocks import arm
from chatserver.actions.ticket_moves import make_move, tell
from chatserver.actions.ticket_store import Held, facts_of, lock_ticket
from chatserver.actions.unit import Unit
from chatserver.models import Timer
from chatserver.process.ticket_timers import TicketTimer
from chatserver.process.ticket_waits import decide_wait
from chatserver.types import SYSTEM, TicketId

KINDS = frozenset(TicketTimer)


async def run_ticket_timer(unit: Unit, timer: Timer) -> None:
    """Carry out one due timer; one of a version that is over does nothing."""
    held = await lock_ticket(unit, SYSTEM, TicketId(timer.entity_id))
    timer = await unit.session.get_one(Timer, timer.id, with_for_update=True, populate_existing=True)
    if timer.done_at is not None or timer.due_at > unit.now:
        return
    timer.done_at = unit.now
    if timer.version == held.ticket.version:
        await EFFECTS[TicketTimer(timer.kind)](unit, held)


async def _wait(unit: Unit, held: Held) -> None:
    """Remind, resolve or close, if that is due; whichever it is, later timers are armed by it."""
    facts = facts_of(unit, held)
    due = decide_wait(facts.stages, facts.reminded, unit.now)
    if due.move is not None:
        await make_move(unit, SYSTEM, held, due.move)
    else:
        await arm(unit, held)


async def _clock(unit: Unit, held: Held) -> None:
    """Warn whoever is to be warned, note what is broken, and look again when the next thing may be."""
    await arm(unit, held)
    await tell(unit, held)


EFFECTS = {TicketTimer.WAIT: _wait, TicketTimer.CLOCK: _clock}
