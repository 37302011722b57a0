"""The history of a ticket: who did what to it, when, and why. Nothing in it is ever changed."""

from typing import Any

from sqlmodel import func, select

from chatserver.actions.ticket_store import Held
from chatserver.actions.unit import Unit
from chatserver.models import TicketStep, Visitor
from chatserver.process.ticket_facts import Transition
from chatserver.process.ticket_names import StepKind
from chatserver.types import SYSTEM, Actor, StaffActor, VisitorActor


async def add_step(
    unit: Unit,
    held: Held,
    kind: StepKind,
    actor: Actor = SYSTEM,
    *,
    transition: Transition | None = None,
    reason: str | None = None,
    details: dict[str, Any] | None = None,
) -> TicketStep:
    """A line of the history, under the ticket's lock."""
    ticket = held.ticket
    last = select(func.max(TicketStep.number)).where(TicketStep.ticket_id == ticket.id)
    step = TicketStep(
        ticket_id=ticket.id,
        number=((await unit.session.exec(last)).one() or 0) + 1,
        at=unit.now,
        actor=actor.key,
        name=await _name_of(unit, held, actor),
        kind=kind,
        move=transition.move if transition else None,
        row=transition.row if transition else None,
        before=transition.before if transition else ticket.state,
        after=ticket.state,
        overrides=transition.overrides if transition else False,
        reason=reason,
        notice=transition.notice if transition else None,
        task=transition.task if transition else None,
        details=details or {},
    )
    unit.session.add(step)
    unit.ticket_step(ticket, step)
    return step


async def _name_of(unit: Unit, held: Held, actor: Actor) -> str:
    """As people know them; nobody's for what happened by itself."""
    if isinstance(actor, StaffActor):
        return actor.name
    if isinstance(actor, VisitorActor):
        return (await unit.session.get_one(Visitor, held.ticket.visitor_id)).name
    return ""
