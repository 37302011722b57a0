"""What is said on a ticket, whichever way it came: it joins the thread, and does to the ticket what such words do."""

from dataclasses import dataclass

from sqlmodel import col, select

from chatserver.actions.notes import must_take_note
from chatserver.actions.notices import PROGRESS, Telling, queue_notice
from chatserver.actions.thread import add_message, add_note
from chatserver.actions.ticket_clocks import arm, turn
from chatserver.actions.ticket_moves import make_move, tell
from chatserver.actions.ticket_openings import Contact, Opening, follow, open_ticket
from chatserver.actions.ticket_store import Held, facts_of, lock_ticket
from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.models import Message, Ticket, Visitor
from chatserver.process.ticket import moves_for
from chatserver.process.ticket_facts import CLIENT
from chatserver.process.ticket_names import CancelCause, Effect, Move
from chatserver.types import (
    SYSTEM,
    Actor,
    Channel,
    PortalId,
    SenderKind,
    StaffActor,
    TicketId,
    TicketState,
    VisitorActor,
    VisitorId,
)

OVER = (TicketState.CLOSED, TicketState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Saying:
    """Words, cleaned; `client_message_id` makes them the sender's once. A `note` is for staff only. `reopens`: whether
    a client's words on a resolved ticket say that it is not solved."""

    body: str
    client_message_id: str
    note: bool = False
    channel: Channel = Channel.CHAT
    reopens: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """Where the words went: onto the ticket, or (`opened`) onto a new one that follows it. `again`: they were there."""

    ticket: Ticket
    message: Message
    opened: bool = False
    again: bool = False


async def say_on_ticket(unit: Unit, actor: Actor, id: TicketId, saying: Saying) -> Said:
    """A word of staff restarts the update clock; a client's answers a question (row 18), reopens what was resolved
    (row 21), and after closing begins a ticket that follows (row 23). Raises `Refused`: not_found, conflict, ended."""
    held = await lock_ticket(unit, actor, id)
    if first := await _said_before(unit, actor, held, saying):
        return first
    if isinstance(actor, StaffActor):
        return Said(held.ticket, await _say_as_staff(unit, actor, held, saying))
    if not isinstance(actor, VisitorActor):
        raise TypeError("The system says nothing on a ticket; it sends notices.")
    if held.ticket.state is TicketState.RESOLVED and saying.reopens:
        await _close_if_late(unit, held)
    if held.ticket.state in OVER and held.ticket.cancel_cause is not CancelCause.SPAM:
        return await _begin_again(unit, actor, held, saying)
    message = _add_client_words(unit, held, await _client(unit, held), saying)
    await client_spoke(unit, actor, held, reopens=saying.reopens)
    return Said(held.ticket, message)


async def client_actor(unit: Unit, id: TicketId) -> VisitorActor:
    """A ticket's client, for who has proved to be them: by a signed reply address, or a signed link."""
    ticket = await unit.session.get_one(Ticket, id)
    visitor = await unit.session.get_one(Visitor, ticket.visitor_id)
    return VisitorActor(
        portal_id=PortalId(ticket.portal_id),
        token_hash=visitor.token_hash,
        id=VisitorId(visitor.id),
        locale=visitor.locale,
        zone=visitor.zone,
        page=None,
    )


async def staff_spoke(unit: Unit, held: Held, message: Message) -> None:
    """A human answered in the thread: the first reply is met, and the update clock starts again."""
    row = held.conversation
    row.last_agent_at, row.unanswered_since = unit.now, None
    if not held.clocks.stopped:
        await turn(unit, held, (Effect.SAID,))
        await arm(unit, held)
    await queue_notice(unit, held.ticket, PROGRESS, f"message-{message.seq}", Telling(text=message.body))
    await tell(unit, held)
    unit.line(row, "ticket")


async def client_spoke(unit: Unit, actor: Actor, held: Held, *, reopens: bool = True) -> None:
    """The client wrote in the thread: an answer to who waits for one, a "not yet" to who thinks it is solved."""
    moves = {Move.CLIENT_ANSWERED} | ({Move.REOPEN} if reopens else set())
    for offer in moves_for(facts_of(unit, held), CLIENT, unit.now):
        if offer.move in moves:
            await make_move(unit, actor, held, offer.move)
            return


def must_be_open_to_words(ticket: Ticket) -> None:
    """Raises `Refused` (ended): what is closed stays closed, and nobody would read on."""
    if ticket.state in OVER:
        raise Refused("ticket_over", "The ticket is over; what the client writes begins a new one.")


async def _say_as_staff(unit: Unit, actor: StaffActor, held: Held, saying: Saying) -> Message:
    row = held.conversation
    if saying.note:
        await must_take_note(unit, row, saying.body)
        return add_note(unit, row, actor, saying.client_message_id, saying.body)
    must_be_open_to_words(held.ticket)
    message = add_message(unit, row, SenderKind.AGENT, actor.id, actor.name, saying.client_message_id, saying.body)
    message.channel = saying.channel
    await staff_spoke(unit, held, message)
    return message


def _add_client_words(unit: Unit, held: Held, client: Visitor, saying: Saying) -> Message:
    row = held.conversation
    row.last_visitor_at = unit.now
    row.unanswered_since = row.unanswered_since or unit.now
    id = saying.client_message_id
    message = add_message(unit, row, SenderKind.VISITOR, client.id, client.name, id, saying.body)
    message.channel = saying.channel
    return message


async def _close_if_late(unit: Unit, held: Held) -> None:
    """The time to reopen it is over, though nobody has looked yet: it closes now, as it would have by itself."""
    if any(at < unit.now for at, _ in facts_of(unit, held).stages):
        await make_move(unit, SYSTEM, held, Move.CLOSE)


async def _begin_again(unit: Unit, actor: VisitorActor, held: Held, saying: Saying) -> Said:
    """A new ticket: it follows the old one if that was closed lately, else it stands alone."""
    client = await _client(unit, held)
    old = held.ticket
    opening = Opening(
        channel=saying.channel,
        subject=held.conversation.subject,
        body=saying.body,
        contact=Contact(client.name, client.email or None, client.phone, client.rfc, client.locale),
        at=unit.now,
        client_message_id=saying.client_message_id,
        visitor_id=client.id,
        portal_id=old.portal_id,
    )
    follows = any(offer.move is Move.FOLLOW_UP for offer in moves_for(facts_of(unit, held), CLIENT, unit.now))
    ticket = await (follow(unit, actor, held, opening) if follows else open_ticket(unit, SYSTEM, opening))
    query = select(Message).where(
        Message.conversation_id == ticket.conversation_id, Message.client_message_id == saying.client_message_id
    )
    return Said(ticket, (await unit.session.exec(query)).one(), opened=True)


async def _said_before(unit: Unit, actor: Actor, held: Held, saying: Saying) -> Said | None:
    """Where this sender's words with this id went before: onto this ticket, or onto one that it made begin. Raises
    `Refused` (conflict) for the same id with other words."""
    query = select(Message, Ticket).join(Ticket, col(Ticket.conversation_id) == col(Message.conversation_id))
    query = query.where(Message.client_message_id == saying.client_message_id)
    if isinstance(actor, StaffActor):
        mine = query.where(Message.sender_kind == SenderKind.AGENT, Message.sender_id == actor.id)
        mine = mine.where(Message.conversation_id == held.conversation.id)
    else:
        mine = query.where(Message.sender_kind == SenderKind.VISITOR, Ticket.visitor_id == held.ticket.visitor_id)
        mine = mine.where(Ticket.id >= held.ticket.id)
    found = (await unit.session.exec(mine.order_by(col(Ticket.id)))).first()
    if found is None:
        return None
    message, ticket = found
    if message.body != saying.body:
        raise Refused("conflict", "Another text was already sent with this client_message_id.", field="body")
    return Said(ticket, message, opened=ticket.id != held.ticket.id, again=True)


async def _client(unit: Unit, held: Held) -> Visitor:
    return await unit.session.get_one(Visitor, held.ticket.visitor_id)
