"""The client's page of a ticket, by the one door to it: a link that we signed and nobody has revoked."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.errors import Refused
from chatserver.models import Conversation, PageLinks, Portal, Rating, StoredFile, Ticket, Visitor
from chatserver.process.satisfaction import may_rate
from chatserver.process.ticket_waits import TicketWaits, stages_of
from chatserver.protocol.views import MessageEntry
from chatserver.queries.calendars import get_calendar
from chatserver.queries.files import Place, list_files
from chatserver.queries.snapshots import get_entries
from chatserver.queries.tickets import Promise, next_promise
from chatserver.tokens import Purpose, make_token, read_token
from chatserver.types import ConversationId, PortalId, SenderKind, TicketId, TicketState, VisitorActor, VisitorId


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a link is the ticket's client, for this ticket alone."""

    ticket: Ticket
    visitor: Visitor

    @property
    def actor(self) -> VisitorActor:
        visitor = self.visitor
        portal = PortalId(visitor.portal_id)
        return VisitorActor(portal, visitor.token_hash, VisitorId(visitor.id), visitor.locale, visitor.zone, None)

    @property
    def id(self) -> TicketId:
        return TicketId(self.ticket.id)

    @property
    def conversation(self) -> ConversationId:
        return ConversationId(self.ticket.conversation_id)


async def get_holder(session: AsyncSession, secret: SecretStr | None, link: str) -> Holder:
    """Raises `Refused` (link_gone), whether the link was made up, is revoked, or leads to somebody who was erased."""
    if secret is None:
        raise link_gone()
    try:
        token = read_token(secret, Purpose.PAGE, link)
    except Refused:
        raise link_gone() from None
    ticket = await session.get(Ticket, token.ticket_id)
    visitor = await session.get(Visitor, ticket.visitor_id) if ticket else None
    if ticket is None or visitor is None or visitor.erased_at:
        raise link_gone()
    revoked = await session.get(PageLinks, ticket.id)
    if revoked and token.issued_at < revoked.good_from:
        raise link_gone()
    return Holder(ticket, visitor)


def link_gone() -> Refused:
    return Refused("link_gone", "This link opens nothing, or no longer.")


async def make_link(
    session: AsyncSession, secret: SecretStr | None, base_url: str, ticket: Ticket, now: datetime
) -> str | None:
    """A link that is good from now on; None where mail, and with it the secret, is not set up."""
    if secret is None:
        return None
    revoked = await session.get(PageLinks, ticket.id)
    issued_at = max(now, revoked.good_from) if revoked else now
    return f"{base_url}/t/{make_token(secret, Purpose.PAGE, TicketId(ticket.id), issued_at)}"


@dataclass(frozen=True, slots=True)
class ClientPage:
    """Everything the page shows: nothing in it is for staff only. `deadline`: until when an answer is waited for, or a
    solution may be objected to."""

    ticket: Ticket
    visitor: Visitor
    subject: str
    portal: str
    zone: str
    promise: Promise | None
    deadline: datetime | None
    messages: list[MessageEntry]
    files: dict[Place, StoredFile]
    rating: Rating | None
    ratable: bool

    @property
    def last_said(self) -> MessageEntry | None:
        """By a person of ours: the question, or the solution, that the client is asked about."""
        return next((entry for entry in reversed(self.messages) if entry.sender.kind is SenderKind.AGENT), None)


async def read_client_page(session: AsyncSession, holder: Holder, waits: TicketWaits, now: datetime) -> ClientPage:
    ticket = holder.ticket
    conversation = await session.get_one(Conversation, ticket.conversation_id)
    calendar = await get_calendar(session, ticket.calendar_version_id)
    rating = await get_rating(session, ticket)
    stages = stages_of(ticket.state, ticket.state_since, calendar, waits)
    return ClientPage(
        ticket=ticket,
        visitor=holder.visitor,
        subject=conversation.subject,
        portal=(await session.get_one(Portal, ticket.portal_id)).name,
        zone=calendar.zone,
        promise=next_promise(ticket),
        deadline=stages[-1][0] if stages else None,
        messages=await _messages(session, ticket.conversation_id),
        files=await list_files(session, ticket.conversation_id),
        rating=rating,
        ratable=may_rate(
            over=ticket.state is TicketState.CLOSED, rated_at=rating.rated_at if rating else None, now=now
        ),
    )


async def get_rating(session: AsyncSession, ticket: Ticket) -> Rating | None:
    return (await session.exec(select(Rating).where(Rating.ticket_id == ticket.id))).one_or_none()


async def _messages(session: AsyncSession, conversation_id: int) -> list[MessageEntry]:
    """What was said to the client and by them; notes are not even read."""
    entries, earlier = await get_entries(session, conversation_id)
    while earlier:
        before, earlier = await get_entries(session, conversation_id, entries[0].seq)
        entries = before + entries
    return [entry for entry in entries if isinstance(entry, MessageEntry)]
