"""A ticket as its moves need it, and the moves that somebody may make now."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.errors import Refused, not_found
from chatserver.models import Ticket
from chatserver.process.ticket import moves_for
from chatserver.process.ticket_facts import TicketFacts, party_of
from chatserver.process.ticket_waits import TicketWaits
from chatserver.protocol.ticket_views import OfferView
from chatserver.queries.access import get_conversation
from chatserver.queries.calendars import get_calendar
from chatserver.queries.ticket_views import offer_view
from chatserver.routing.hours import Calendar
from chatserver.types import AgentId, Channel, ConversationId, StaffActor, TicketId


def facts_from(ticket: Ticket, calendar: Calendar, waits: TicketWaits) -> TicketFacts:
    """`calendar` is the version that the ticket's promises were made by."""
    return TicketFacts(
        state=ticket.state,
        since=ticket.state_since,
        calendar=calendar,
        waits=waits,
        id=TicketId(ticket.id),
        from_chat=ticket.channel is Channel.CHAT,
        level=ticket.level,
        owner_id=AgentId(ticket.owner_id) if ticket.owner_id else None,
        severity=ticket.severity,
        provisional=ticket.provisional,
        category=ticket.category,
        rfc=ticket.rfc,
        evidence=ticket.evidence,
        return_state=ticket.return_state,
        last_owners={int(level): AgentId(id) for level, id in ticket.last_owners.items()},
        authors=frozenset(AgentId(id) for id in ticket.authors),
        returns=ticket.returns,
        reopened=ticket.reopened,
        reminded=ticket.reminded,
    )


async def list_moves(
    session: AsyncSession, actor: StaffActor, id: TicketId, waits: TicketWaits, now: datetime
) -> tuple[Ticket, list[OfferView]]:
    """What a console offers this person. Raises `Refused` (not_found)."""
    ticket = await session.get(Ticket, id)
    if ticket is None:
        raise not_found("ticket")
    try:
        await get_conversation(session, actor, ConversationId(ticket.conversation_id))
    except Refused:
        raise not_found("ticket") from None
    calendar = await get_calendar(session, ticket.calendar_version_id)
    offers = moves_for(facts_from(ticket, calendar, waits), party_of(actor), now)
    return ticket, [offer_view(offer) for offer in offers]
