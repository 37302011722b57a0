"""What is said: stored once, in order, before anybody is told; a retry gets the first answer."""

from sqlmodel import col, func, select

from chatserver.actions.assignment import accept, holds, open_assignments
from chatserver.actions.beginnings import start_again
from chatserver.actions.conversations import add_client_message
from chatserver.actions.notes import must_take_note
from chatserver.actions.thread import add_message, stored
from chatserver.actions.thread import add_note as add_note_to
from chatserver.actions.ticket_store import hold_ticket
from chatserver.actions.ticket_words import OVER, client_spoke, must_be_open_to_words, staff_spoke
from chatserver.actions.unit import Unit
from chatserver.actions.visitors import lock_visitor
from chatserver.errors import Refused
from chatserver.models import Conversation, Message, Ticket
from chatserver.process.fields import clean_text
from chatserver.protocol.commands import AddNote, MarkSeen, SendMessage
from chatserver.protocol.events import SeenMoved
from chatserver.protocol.replies import ConversationStarted, Done, MessageStored
from chatserver.queries.access import get_conversation
from chatserver.queries.views import ticket_of
from chatserver.types import (
    OPEN_STATES,
    ConversationId,
    ConversationState,
    SenderKind,
    StaffActor,
    VisitorActor,
    conversation_topic,
)

State = ConversationState


async def send_message(
    unit: Unit, actor: VisitorActor | StaffActor, command: SendMessage
) -> MessageStored | ConversationStarted:
    """Store a message. The first human reply accepts an offer; a client's word in wrap-up resumes the conversation; in
    an ended one it goes to the ticket, or opens a new conversation."""
    body = clean_text(command.body, "body")
    if first := await _first_answer(unit, actor, command.conversation, command.client_message_id, command.ref, body):
        return first
    if isinstance(actor, VisitorActor) and actor.id is not None:
        await lock_visitor(unit, actor.id)  # it may begin a new conversation
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    if first := await _first_answer(unit, actor, command.conversation, command.client_message_id, command.ref, body):
        return first
    ticket = await ticket_of(unit.session, row)
    if isinstance(actor, VisitorActor):
        if row.state not in OPEN_STATES and (ticket is None or ticket.state in OVER):
            return await start_again(unit, actor, row, command, body)
        message = await add_client_message(unit, row, command.client_message_id, body)
        if ticket is not None:
            await client_spoke(unit, actor, await hold_ticket(unit, row, ticket.id))
    else:
        message = await _from_staff(unit, actor, row, ticket, command.client_message_id, body)
    return stored(command.ref, message)


async def add_note(unit: Unit, actor: StaffActor, command: AddNote) -> MessageStored:
    """A note beside the thread, for staff only."""
    body = clean_text(command.body, "body")
    if first := await _first_answer(unit, actor, command.conversation, command.client_message_id, command.ref, body):
        return first
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    if first := await _first_answer(unit, actor, command.conversation, command.client_message_id, command.ref, body):
        return first
    await must_take_note(unit, row, body)
    note = add_note_to(unit, row, actor, command.client_message_id, body)
    return stored(command.ref, note)


async def mark_seen(unit: Unit, actor: VisitorActor | StaffActor, command: MarkSeen) -> Done:
    """Move one side's mark forward; never back, never past the last message: a mark is an event itself, and marking
    marks would have no end. Only the owner's reading counts as the agent's."""
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation), lock=True)
    by = "visitor" if isinstance(actor, VisitorActor) else "agent"
    upto = min(command.seq, await _last_message(unit, row))
    counts = by == "visitor" or holds(await open_assignments(unit, row), actor.id or 0) is not None
    if counts and upto > getattr(row, f"{by}_seen"):
        setattr(row, f"{by}_seen", upto)
        row.seq += 1
        topic = conversation_topic(ConversationId(row.id))
        unit.seen(row, SeenMoved.model_validate({"topic": topic, "seq": row.seq, "by": by, "upto": upto}))
    return Done(ref=command.ref)


async def _last_message(unit: Unit, row: Conversation) -> int:
    said = select(func.max(Message.seq)).where(Message.conversation_id == row.id, col(Message.note).is_(False))
    return (await unit.session.exec(said)).one() or 0


async def _from_staff(
    unit: Unit, actor: StaffActor, row: Conversation, ticket: Ticket | None, client_message_id: str, body: str
) -> Message:
    held = await open_assignments(unit, row)
    mine = holds(held, actor.id)
    if row.state in OPEN_STATES:
        if mine is None:
            raise Refused("not_owner", "This conversation is not yours to answer; a supervisor can take it over.")
        if row.state is State.OFFERED and mine.accepted_at is None:
            await accept(unit, row, mine)
    elif ticket is None:
        raise Refused("ended", "The conversation has ended; the client can start a new one.")
    else:
        must_be_open_to_words(ticket)
    message = add_message(unit, row, SenderKind.AGENT, actor.id, actor.name, client_message_id, body)
    row.last_agent_at = unit.now
    row.unanswered_since = None
    if row.alert != "none":
        row.alert = "none"
        unit.touch(row)
    if ticket is not None:
        await staff_spoke(unit, await hold_ticket(unit, row, ticket.id), message)
    return message


async def _first_answer(
    unit: Unit, actor: VisitorActor | StaffActor, conversation: int, client_message_id: str, ref: str, body: str
) -> MessageStored | None:
    """The answer that this sender's message got before, if it did. The same id with other words is a conflict."""
    kind = SenderKind.VISITOR if isinstance(actor, VisitorActor) else SenderKind.AGENT
    query = select(Message).where(
        Message.conversation_id == conversation,
        Message.sender_kind == kind,
        Message.sender_id == (actor.id or 0),
        Message.client_message_id == client_message_id,
    )
    message = (await unit.session.exec(query)).one_or_none()
    if message is None:
        return None
    if message.body != body:
        raise Refused("conflict", "Another text was already sent with this client_message_id.", field="body")
    return stored(ref, message)
