"""The one door through which a ticket moves: locked, decided by the table of the process, written, told; its clocks,
its timers, its history and the notice to the client in the same transaction."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any

from sqlmodel import col, select

from chatserver.actions.notices import Telling, queue_notice
from chatserver.actions.staff_letters import call_on_duty
from chatserver.actions.thread import add_message
from chatserver.actions.ticket_clocks import arm, turn
from chatserver.actions.ticket_history import add_step
from chatserver.actions.ticket_links import add_link
from chatserver.actions.ticket_store import Held, facts_of, keep_facts, lock_ticket
from chatserver.actions.unit import Unit
from chatserver.models import Message, Ticket, TicketStep
from chatserver.process.severity import Impact, Urgency
from chatserver.process.ticket import decide_move
from chatserver.process.ticket_facts import Form, MoveRequest, Person, Transition, party_of
from chatserver.process.ticket_moves import BY_SOURCE
from chatserver.process.ticket_names import LinkKind, Move, Notice, StepKind
from chatserver.queries import views
from chatserver.types import Actor, SenderKind, StaffActor, TicketId


@dataclass(frozen=True, slots=True)
class Beside:
    """What comes with a form and decides nothing: how the severity was found, files that are the evidence."""

    impact: Impact | None = None
    urgency: Urgency | None = None
    evidence_files: tuple[int, ...] = ()


EMPTY = Form()
NOTHING_BESIDE = Beside()

COLUMNS = {
    "summary": "summary",
    "sizing": "sizing",
    "diagnosis": "diagnosis",
    "test_evidence": "test_evidence",
    "solution": "solution",
    "release_from": "release_from",
    "release_until": "release_until",
    "version": "release_version",
    "released_at": "released_at",
    "no_deployment": "no_deployment",
    "new_date": "planned_date",
    "cause": "cancel_cause",
}
"""Where what was filled in for a move is kept, besides the facts that later moves need."""

SPOKEN = ("solution", "message", "question")
"""What is written for the client: it stands in the thread."""


async def move_ticket(
    unit: Unit, actor: Actor, id: TicketId, move: Move, form: Form = EMPTY, beside: Beside = NOTHING_BESIDE
) -> Ticket:
    """Make a move. Raises `Refused`: not_found, or one of `process.ticket.CODES`. Texts in the form are cleaned."""
    held = await lock_ticket(unit, actor, id, form.duplicate_of)
    await make_move(unit, actor, held, move, form, beside)
    return held.ticket


async def make_move(
    unit: Unit, actor: Actor, held: Held, move: Move, form: Form = EMPTY, beside: Beside = NOTHING_BESIDE
) -> Transition:
    """The same for a ticket that is locked already."""
    ticket, shown = held.ticket, views.ticket_public(held.ticket)
    made = decide_move(facts_of(unit, held), MoveRequest(move, party_of(actor), unit.now, form))
    before = ticket.severity
    keep_facts(ticket, made.after)
    keep_form(ticket, made, form, beside)
    if form.duplicate_of is not None and "duplicate_of" in asked_by(made):
        await add_link(unit, actor, ticket, LinkKind.DUPLICATES, form.duplicate_of)
    await turn(unit, held, made.effects, made.after.severity)
    await record(unit, actor, held, made, form)
    await arm(unit, held)
    speak(unit, actor, held, made, form)
    if made.notice and not made.opens_new:
        telling = Telling(form, await _text(unit, held, made.notice), before, deadline_of(made))
        await queue_notice(unit, ticket, made.notice, f"move-{ticket.version}", telling)
    await call_on_duty(unit, held, None if made.move is Move.REOPEN else before)
    await tell(unit, held)
    if views.ticket_public(ticket) != shown:
        unit.line(held.conversation, "ticket")
    return made


async def tell(unit: Unit, held: Held) -> None:
    """Whoever follows the ticket, its desk or a board hears of it when the unit ends."""
    await unit.flush()
    unit.touch_ticket(held.ticket, held.boards)


async def record(unit: Unit, actor: Actor, held: Held, made: Transition, form: Form) -> None:
    """Onto the history; what a supervisor did as somebody else is on the audit trail, too."""
    details = told_of(form, asked_by(made))
    await add_step(unit, held, StepKind.MOVE, actor, transition=made, reason=form.reason, details=details)
    if made.overrides:
        entity = f"ticket:{held.ticket.id}"
        unit.audit(actor, "override", entity, move=made.move, row=made.row, reason=form.reason)


def speak(unit: Unit, actor: Actor, held: Held, made: Transition, form: Form) -> Message | None:
    """Words that are written for the client in a move join the thread."""
    words = next((text for name in SPOKEN if name in asked_by(made) and (text := getattr(form, name))), None)
    if words is None or not isinstance(actor, StaffActor):
        return None
    row = held.conversation
    row.last_agent_at, row.unanswered_since = unit.now, None
    id = f"ticket-{held.ticket.id}-{held.ticket.version}"
    return add_message(unit, row, SenderKind.AGENT, actor.id, actor.name, id, words)


def keep_form(ticket: Ticket, made: Transition, form: Form, beside: Beside) -> None:
    """What was filled in and asked for, onto the row."""
    asked = asked_by(made)
    for name, column in COLUMNS.items():
        if name in asked and (value := getattr(form, name)) is not None:
            setattr(ticket, column, value)
    if made.move is Move.PROPOSE_SEVERITY:
        ticket.proposed_severity = form.severity
    elif made.move in (Move.SET_SEVERITY, Move.TAKE):
        ticket.proposed_severity = None
    ticket.impact, ticket.urgency = beside.impact or ticket.impact, beside.urgency or ticket.urgency
    if beside.evidence_files:
        ticket.evidence_files = sorted({*ticket.evidence_files, *beside.evidence_files})


def asked_by(made: Transition) -> frozenset[str]:
    """The fields that the move's row asks for, or takes instead."""
    guards = BY_SOURCE[made.before, made.move].guards
    needs = [need for guard in guards for need in guard.needs]
    return frozenset(name for need in needs for name in (need.field, need.instead) if name)


def told_of(form: Form, asked: frozenset[str]) -> dict[str, Any]:
    """What was filled in, as a history keeps it."""
    given = {field.name: getattr(form, field.name) for field in fields(form) if field.name in asked - {"reason"}}
    return {name: _plain(value) for name, value in given.items() if value not in (None, False)}


def _plain(value: object) -> str | int | bool:
    if isinstance(value, Person):
        return int(value.id)
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value  # type: ignore[return-value]  # texts, numbers, truths


def deadline_of(made: Transition) -> datetime | None:
    """Until when the client may answer, or say that it is not solved."""
    stages = made.after.stages
    return stages[-1][0] if stages else None


async def _text(unit: Unit, held: Held, notice: Notice) -> str | None:
    """A reminder repeats the question that it is about."""
    if notice is not Notice.REMINDER:
        return None
    asked = select(TicketStep).where(TicketStep.ticket_id == held.ticket.id, TicketStep.move == Move.ASK_CLIENT)
    step = (await unit.session.exec(asked.order_by(col(TicketStep.number).desc()).limit(1))).first()
    return step.details.get("question") if step else None
