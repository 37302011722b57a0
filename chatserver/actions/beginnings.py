"""How a conversation begins, seen from its client: they join the queue, write again after an end, or leave a
message."""

from sqlmodel import col, select

from chatserver.actions.assignment import must_be
from chatserver.actions.conversations import add_client_message, miss
from chatserver.actions.moves import enter
from chatserver.actions.tickets import open_for_nobody
from chatserver.actions.unit import Unit
from chatserver.actions.visitors import lock_visitor, must_not_flood, register
from chatserver.errors import Refused
from chatserver.models import Conversation, Message, Portal, Visitor
from chatserver.process.fields import clean_line, clean_text
from chatserver.protocol.commands import LeaveMessage, SendMessage, StartConversation
from chatserver.protocol.replies import ConversationStarted, TicketOpened
from chatserver.queries import views
from chatserver.queries.access import get_conversation
from chatserver.queries.calendars import current_calendar
from chatserver.queries.views import visitor_view
from chatserver.routing.hours import is_open
from chatserver.types import (
    OPEN_STATES,
    ConversationId,
    ConversationState,
    SenderKind,
    VisitorActor,
    conversation_topic,
)

State = ConversationState


async def start_conversation(unit: Unit, actor: VisitorActor, command: StartConversation) -> ConversationStarted:
    """Join the queue. A client who is in an open conversation already gets that one: two tabs are one conversation."""
    portal = await unit.session.get_one(Portal, actor.portal_id)
    _, calendar = await current_calendar(unit.session, portal)
    if not is_open(calendar, unit.now):
        raise Refused("closed", "The desk is closed now; leave a message instead.")
    visitor = await register(unit, actor, portal, command.contact)
    row = await _open_conversation(unit, visitor)
    if row is None:
        row = await _begin(
            unit, portal, visitor, clean_line(command.contact.subject, "subject"), State.QUEUED, actor.page
        )
        unit.count(row, "started")
        unit.line(row, "queued")
    body = clean_text(command.body, "body") if command.body else None
    return await _started(unit, row, visitor, command.ref, command.client_message_id, body)


async def start_again(
    unit: Unit, actor: VisitorActor, ended: Conversation, command: SendMessage, body: str
) -> ConversationStarted:
    """The client writes in a conversation that is over: a new one begins, in front of the old thread."""
    portal = await unit.session.get_one(Portal, actor.portal_id)
    visitor = await lock_visitor(unit, ended.visitor_id)
    row = await _continuation(unit, ended, command.client_message_id) or await _open_conversation(unit, visitor)
    if row is None:
        _, calendar = await current_calendar(unit.session, portal)
        opened = is_open(calendar, unit.now)
        row = await _begin(
            unit, portal, visitor, ended.subject, State.QUEUED if opened else State.OFFLINE, ended.page, ended
        )
        unit.count(row, "started" if opened else "offline")
        unit.line(row, "queued" if opened else "left_message")
        if not opened:
            await open_for_nobody(unit, row, "offline")
    return await _started(unit, row, visitor, command.ref, command.client_message_id, body)


async def leave_message(unit: Unit, actor: VisitorActor, command: LeaveMessage) -> TicketOpened:
    """A message instead of a conversation: out of the queue it becomes missed, without one it is `offline` at once."""
    body = clean_text(command.body, "body")
    row = await (
        _leave_queue(unit, actor, command, body)
        if command.conversation is not None
        else _leave_offline(unit, actor, command, body)
    )
    ticket = await views.ticket_of(unit.session, row)
    if ticket is None:
        raise RuntimeError(f"conversation {row.id} left a message and has no ticket")
    return TicketOpened(
        ref=command.ref,
        conversation=row.id,
        topic=conversation_topic(ConversationId(row.id)),
        ticket=views.ticket_public(ticket),
    )


async def _leave_queue(unit: Unit, actor: VisitorActor, command: LeaveMessage, body: str) -> Conversation:
    row = await get_conversation(unit.session, actor, ConversationId(command.conversation or 0), lock=True)
    must_be(row, State.QUEUED)
    await add_client_message(unit, row, command.client_message_id, body)
    await miss(unit, row)
    return row


async def _leave_offline(unit: Unit, actor: VisitorActor, command: LeaveMessage, body: str) -> Conversation:
    if command.contact is None:
        raise Refused("contact_missing", "Say who you are: a message outside a conversation needs a contact.")
    portal = await unit.session.get_one(Portal, actor.portal_id)
    visitor = await register(unit, actor, portal, command.contact)
    if await _open_conversation(unit, visitor):
        raise Refused("conversation_open", "A conversation is open; write in it.")
    subject = clean_line(command.contact.subject, "subject")
    row = await _begin(unit, portal, visitor, subject, State.OFFLINE, actor.page)
    unit.count(row, "offline")
    await add_client_message(unit, row, command.client_message_id, body)
    await open_for_nobody(unit, row, "offline")
    unit.line(row, "left_message")
    return row


async def _begin(
    unit: Unit,
    portal: Portal,
    visitor: Visitor,
    subject: str,
    state: ConversationState,
    page: str | None,
    previous: Conversation | None = None,
) -> Conversation:
    await must_not_flood(unit, visitor)
    version_id, _ = await current_calendar(unit.session, portal)
    row = Conversation(
        portal_id=portal.id,
        visitor_id=visitor.id,
        state=state,
        subject=subject,
        language=visitor.locale.partition("-")[0],
        page=page,
        team=portal.team,
        started_at=unit.now,
        joined_at=unit.now,
        queued_at=unit.now,
        state_since=unit.now,
        ended_at=None if state in OPEN_STATES else unit.now,
        calendar_version_id=version_id,
        previous_id=previous.id if previous else await _last_conversation(unit, visitor),
    )
    unit.session.add(row)
    await unit.flush()
    await enter(unit, row)
    unit.wakes_routing = True
    return row


async def _started(
    unit: Unit, row: Conversation, visitor: Visitor, ref: str, client_message_id: str, body: str | None
) -> ConversationStarted:
    seq = None
    if body is not None:
        message = await _sent_before(unit, row, client_message_id, body)
        seq = (message or await add_client_message(unit, row, client_message_id, body)).seq
    return ConversationStarted(
        ref=ref,
        conversation=row.id,
        topic=conversation_topic(ConversationId(row.id)),
        visitor=visitor_view(visitor),
        message_seq=seq,
    )


async def _open_conversation(unit: Unit, visitor: Visitor) -> Conversation | None:
    query = select(Conversation).where(Conversation.visitor_id == visitor.id, col(Conversation.state).in_(OPEN_STATES))
    return (await unit.session.exec(query.with_for_update())).one_or_none()


async def _last_conversation(unit: Unit, visitor: Visitor) -> int | None:
    query = select(Conversation.id).where(Conversation.visitor_id == visitor.id)
    return (await unit.session.exec(query.order_by(col(Conversation.id).desc()).limit(1))).one_or_none()


async def _continuation(unit: Unit, ended: Conversation, client_message_id: str) -> Conversation | None:
    """The conversation that this very message began or joined before, when its first answer was lost."""
    query = (
        select(Conversation)
        .join(Message, col(Message.conversation_id) == col(Conversation.id))
        .where(
            Conversation.visitor_id == ended.visitor_id,
            Conversation.id > ended.id,
            Message.sender_kind == SenderKind.VISITOR,
            Message.client_message_id == client_message_id,
        )
        .order_by(col(Conversation.id))
    )
    return (await unit.session.exec(query)).first()


async def _sent_before(unit: Unit, row: Conversation, client_message_id: str, body: str) -> Message | None:
    query = select(Message).where(
        Message.conversation_id == row.id,
        Message.sender_kind == SenderKind.VISITOR,
        Message.client_message_id == client_message_id,
    )
    message = (await unit.session.exec(query)).one_or_none()
    if message is not None and message.body != body:
        raise Refused("conflict", "Another text was already sent with this client_message_id.", field="body")
    return message
