"""Erasing a client: who they were and what they said goes, wherever it was written; folios, times and decisions stay.

What staff answered stays too, with the client's name, address and RFC struck out. The conversation's numbers move on by
one that no event has: whoever follows it cannot be given a tail, and gets a fresh snapshot instead of the old words.
"""

import re
import secrets
from collections.abc import Iterable

from sqlmodel import col, delete, func, select, update

from chatserver.actions.erase_tickets import forget_mail, forget_tickets
from chatserver.actions.files import forget_files
from chatserver.actions.satisfaction import forget_comments
from chatserver.actions.telephone import forget_calls
from chatserver.actions.unit import Unit
from chatserver.errors import Refused, not_found
from chatserver.models import Assignment, CommandReply, Conversation, EventRow, Message, Portal, Ticket, Visitor
from chatserver.process.fields import normalise_email
from chatserver.process.ticket_states import LEVELS
from chatserver.protocol.codec import decode_event, encode
from chatserver.protocol.events import BoardChanged, ConversationChanged, DeskChanged, DeskTicketChanged
from chatserver.queries.logins import hash_token
from chatserver.types import (
    OPEN_STATES,
    Actor,
    ConversationId,
    PortalId,
    SenderKind,
    TicketId,
    Topic,
    VisitorId,
    board_topic,
    conversation_topic,
    desk_topic,
    staff_topic,
    ticket_topic,
    visitor_topic,
)

ERASED = "[borrado]"
"""What stands where the client's words stood. It is data, so it is in one language."""


async def find_visitors(unit: Unit, id: int | None, email: str | None, portal_key: str | None) -> list[int]:
    """The clients meant: one by number, or all records of an address at a portal (one a token)."""
    query = select(Visitor.id).where(col(Visitor.erased_at).is_(None))
    if id is not None:
        return list(await unit.session.exec(query.where(Visitor.id == id)))
    if not email or not portal_key:
        raise Refused("unclear", "Say which client: --id, or --email together with --portal.")
    at_portal = query.join(Portal, col(Portal.id) == col(Visitor.portal_id)).where(Portal.public_key == portal_key)
    return list(await unit.session.exec(at_portal.where(func.lower(Visitor.email) == normalise_email(email).lower())))


async def erase_visitor(unit: Unit, actor: Actor, visitor_id: int) -> int:
    """Returns how many conversations they had. Raises `Refused` while one is open: it must end first."""
    visitor = await unit.session.get(Visitor, visitor_id, with_for_update=True)
    if visitor is None or visitor.erased_at is not None:
        raise not_found("client")
    mine = select(Conversation).where(Conversation.visitor_id == visitor.id).order_by(col(Conversation.id))
    rows = list(await unit.session.exec(mine.with_for_update()))
    if any(row.state in OPEN_STATES for row in rows):
        raise Refused("conversation_open", "A conversation of this client is open; end it first.")
    struck = _pattern([visitor.name, visitor.email, visitor.rfc])
    tickets = list(await unit.session.exec(select(Ticket).where(Ticket.visitor_id == visitor.id)))
    known = {"number": visitor.phone, "email": visitor.email.lower()}
    await _forget_events(unit, visitor, rows, tickets)
    _erase_person(unit, visitor)
    for row in rows:
        await _erase_conversation(unit, row, struck)
    await forget_files(unit, [row.id for row in rows], ERASED)
    await forget_comments(unit, rows, tickets)
    await forget_calls(unit, tickets, known, ERASED)
    await forget_tickets(unit, tickets, ERASED)
    await forget_mail(unit, tickets, known["email"])
    unit.audit(actor, "erase_visitor", f"visitor:{visitor.id}", conversations=len(rows), tickets=len(tickets))
    return len(rows)


def _pattern(known: Iterable[str | None]) -> re.Pattern[str]:
    """The client's name, word by word, and what else names them."""
    words = {word for text in known if text for word in (text, *text.split()) if len(word) > 2}
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first) or '(?!)'})(?!\w)", re.IGNORECASE)


def _erase_person(unit: Unit, visitor: Visitor) -> None:
    """Nobody has the token that this hash is of."""
    visitor.token_hash = hash_token(secrets.token_urlsafe(32))
    visitor.name = visitor.email = ERASED
    visitor.rfc = visitor.phone = visitor.zone = None
    visitor.erased_at = unit.now
    unit.touch_visitor(visitor)


async def _erase_conversation(unit: Unit, row: Conversation, struck: re.Pattern[str]) -> None:
    """Messages and notes, the subject, the page; and the numbers move on (see above)."""
    for message in await unit.session.exec(select(Message).where(Message.conversation_id == row.id)):
        if message.sender_kind is SenderKind.VISITOR:
            message.sender_name = ERASED
        answered = message.sender_kind is not SenderKind.VISITOR and not message.note
        message.body = struck.sub(ERASED, message.body) if answered else ERASED
    notes = update(Assignment).where(col(Assignment.conversation_id) == row.id, col(Assignment.note) != "")
    await unit.session.exec(notes.values(note=ERASED))
    row.subject, row.page = ERASED, None
    row.seq += 1
    row.staff_seq += 1
    unit.touch(row)


async def _forget_events(unit: Unit, visitor: Visitor, rows: list[Conversation], tickets: list[Ticket]) -> None:
    """Events are only needed to catch up, and a gap is answered with a snapshot; but the thread's lines are read from
    its events, so those stay, without the subject."""
    await unit.session.exec(delete(CommandReply).where(col(CommandReply.actor) == f"visitor:{visitor.token_hash[:32]}"))
    topics = [
        visitor_topic(VisitorId(visitor.id)),
        *(staff_topic(ConversationId(row.id)) for row in rows),
        *(ticket_topic(TicketId(ticket.id)) for ticket in tickets),
    ]
    await unit.session.exec(delete(EventRow).where(col(EventRow.topic).in_(topics)))
    await _forget_at_desk(unit, visitor, {row.id for row in rows}, {ticket.folio for ticket in tickets})
    for row in rows:
        await _strike_subject(unit, conversation_topic(ConversationId(row.id)))


async def _forget_at_desk(unit: Unit, visitor: Visitor, conversations: set[int], folios: set[str]) -> None:
    portal = PortalId(visitor.portal_id)
    shown_on = [desk_topic(portal), *(board_topic(portal, level) for level in LEVELS)]
    told = select(EventRow).where(col(EventRow.topic).in_(shown_on), EventRow.at >= visitor.created_at)
    for event_row in await unit.session.exec(told):
        match decode_event(event_row.payload):
            case DeskChanged(row=row) if row.id in conversations:
                await unit.session.delete(event_row)
            case DeskTicketChanged(ticket=ticket) if ticket.conversation in conversations:
                await unit.session.delete(event_row)
            case BoardChanged(row=on_board) if on_board.folio in folios:
                await unit.session.delete(event_row)


async def _strike_subject(unit: Unit, topic: Topic) -> None:
    for event_row in await unit.session.exec(select(EventRow).where(EventRow.topic == topic)):
        event = decode_event(event_row.payload)
        if isinstance(event, ConversationChanged):
            public = event.conversation.model_copy(update={"subject": ERASED})
            event_row.payload = encode(event.model_copy(update={"conversation": public}))
