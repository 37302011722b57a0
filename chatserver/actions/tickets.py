"""Chats that become tickets: by escalation, missed or abandoned, left out of hours."""

from chatserver.actions.assignment import must_be, must_hold, open_assignments, release_all
from chatserver.actions.moves import move
from chatserver.actions.ticket_moves import Beside
from chatserver.actions.ticket_openings import Beginning, open_from
from chatserver.actions.unit import Unit
from chatserver.models import Conversation, Ticket, Visitor
from chatserver.process.conversation import Move as ConversationMove
from chatserver.process.fields import clean_line, clean_text
from chatserver.process.ticket_facts import Form
from chatserver.process.ticket_names import Move
from chatserver.protocol.commands import Escalate
from chatserver.protocol.replies import TicketOpened
from chatserver.queries import views
from chatserver.queries.access import get_conversation
from chatserver.types import SYSTEM, Actor, ConversationId, ConversationState, StaffActor, conversation_topic

ORIGIN = "escalated"


async def open_for_nobody(unit: Unit, row: Conversation, origin: str) -> Ticket:
    """A chat that nobody classified is a ticket all the same, with a provisional severity (row 1)."""
    return await open_from(unit, SYSTEM, row, Beginning(origin, row.subject, Form(contact=await _address(unit, row))))


async def escalate(unit: Unit, actor: StaffActor, command: Escalate) -> TicketOpened:
    """The agent's escalation (row 1b): the chat ends with folio and severity told in it."""
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    must_be(row, ConversationState.ACTIVE, ConversationState.WRAP_UP)
    must_hold(actor, await open_assignments(unit, row))
    summary = clean_text(command.summary, "summary")
    form = Form(
        contact=await _address(unit, row),
        severity=command.severity,
        category=clean_line(command.category, "category"),
        summary=summary,
        rfc=clean_line(command.rfc, "rfc"),
        evidence=clean_text(command.evidence, "evidence"),
        reason=clean_text(command.reason, "reason") if command.reason else None,
    )
    how = Move.OPEN_FOR_L1 if command.level == 1 else Move.OPEN_FOR_L2
    beginning = Beginning(ORIGIN, summary, form, how, Beside(command.impact, command.urgency))
    ticket = await _end_as_ticket(unit, actor, row, beginning)
    unit.audit(actor, "escalate", f"ticket:{ticket.id}", severity=command.severity, level=command.level)
    return TicketOpened(
        ref=command.ref,
        conversation=row.id,
        topic=conversation_topic(ConversationId(row.id)),
        ticket=views.ticket_public(ticket),
    )


async def escalate_by_system(unit: Unit, row: Conversation, cause: str) -> Ticket:
    """Unresolved and nobody classified it: a ticket all the same (row 1)."""
    beginning = Beginning(ORIGIN, row.subject, Form(contact=await _address(unit, row)))
    return await _end_as_ticket(unit, SYSTEM, row, beginning, cause)


async def _end_as_ticket(
    unit: Unit, actor: Actor, row: Conversation, beginning: Beginning, cause: str | None = None
) -> Ticket:
    await release_all(unit, row, "escalated")  # agents are locked before the folio counter, everywhere
    ticket = await open_from(unit, actor, row, beginning)
    if isinstance(actor, StaffActor):
        row.last_agent_at = unit.now  # the notice of what a person decided is a person's word to the client
    await move(unit, row, ConversationMove.ESCALATE)
    unit.count(row, "escalated")
    unit.line(row, "escalated", name=actor.name if isinstance(actor, StaffActor) else None, cause=cause)
    return ticket


async def _address(unit: Unit, row: Conversation) -> str:
    return (await unit.session.get_one(Visitor, row.visitor_id)).email
