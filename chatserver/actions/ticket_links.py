"""What tickets have to do with each other."""

from sqlmodel import select

from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.models import Ticket, TicketLink
from chatserver.process.ticket_names import LinkKind
from chatserver.queries.access import get_conversation
from chatserver.types import Actor, ConversationId, TicketId


async def add_link(unit: Unit, actor: Actor, ticket: Ticket, kind: LinkKind, other_id: TicketId) -> bool:
    """Link a ticket with another, both locked. Whether it is new. Raises `Refused` (no_such_ticket) for one that is not
    there, not theirs, or the ticket itself."""
    other = await unit.session.get(Ticket, other_id)
    if other is None or other.id == ticket.id:
        raise _no_such_ticket()
    try:
        await get_conversation(unit.session, actor, ConversationId(other.conversation_id))
    except Refused:
        raise _no_such_ticket() from None
    query = select(TicketLink).where(
        TicketLink.ticket_id == ticket.id, TicketLink.kind == kind, TicketLink.other_id == other.id
    )
    if (await unit.session.exec(query)).one_or_none() is not None:
        return False
    unit.session.add(TicketLink(ticket_id=ticket.id, kind=kind, other_id=other.id, at=unit.now))
    unit.touch_ticket(other)
    return True


def _no_such_ticket() -> Refused:
    return Refused("no_such_ticket", "There is no such other ticket.", field="other")
