"""A ticket as staff see it, from its rows."""

from collections.abc import Iterable

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Ticket, TicketBreach, TicketLink, TicketPause, TicketStep, Visitor
from chatserver.process.clocks import Breach, Clock, Clocks, running, standing
from chatserver.process.fields import check_rfc
from chatserver.process.sla import Pause
from chatserver.process.ticket import Offer
from chatserver.protocol.snapshots import TicketSnapshot
from chatserver.protocol.ticket_views import (
    BoardRow,
    BreachView,
    ClientContact,
    ClockView,
    LinkView,
    NeedView,
    NextPromise,
    OfferView,
    PauseView,
    StepView,
    TicketView,
)
from chatserver.queries.views import person

SAME_NAMES = [
    name for name in TicketView.model_fields if name in Ticket.model_fields and name not in ("severity", "state")
]


async def ticket_view(session: AsyncSession, ticket: Ticket) -> TicketView:
    pauses = await list_pauses(session, ticket)
    breaches = await list_breaches(session, ticket)
    clocks = clocks_of(ticket, pauses, breaches)
    return TicketView(
        **{name: getattr(ticket, name) for name in SAME_NAMES},
        portal=ticket.portal_id,
        conversation=ticket.conversation_id,
        client=await _contact(session, ticket),
        state=ticket.state,
        since=ticket.state_since,
        severity=ticket.severity,
        proposed=ticket.proposed_severity,
        owner=await person(session, ticket.owner_id),
        clocks=clock_views(clocks),
        pauses=[PauseView(start=pause.start, end=pause.end) for pause in clocks.pauses],
        breaches=[BreachView(clock=row.clock, due=row.due) for row in breaches],
        links=await _links(session, ticket),
    )


async def get_ticket_snapshot(session: AsyncSession, id: int) -> TicketSnapshot | None:
    ticket = await session.get(Ticket, id)
    if ticket is None:
        return None
    steps = select(TicketStep).where(TicketStep.ticket_id == id).order_by(col(TicketStep.number))
    history = [step_view(step) for step in await session.exec(steps)]
    return TicketSnapshot(ticket=await ticket_view(session, ticket), history=history)


def clocks_of(ticket: Ticket, pauses: Iterable[TicketPause], breaches: Iterable[TicketBreach]) -> Clocks:
    """The ledger of a ticket's clocks, from its rows."""
    return Clocks(
        severity=ticket.severity,
        sla_start=ticket.sla_start,
        first_reply_due=ticket.first_reply_due,
        update_due=ticket.update_due,
        resolution_due=ticket.resolution_due,
        first_replied_at=ticket.first_replied_at,
        last_public_human_at=ticket.last_public_human_at,
        resolved_at=ticket.resolved_at,
        dropped_at=ticket.dropped_at,
        pauses=tuple(Pause(row.started_at, row.ended_at) for row in pauses),
        breaches=frozenset(Breach(row.clock, row.due) for row in breaches),
    )


async def list_pauses(session: AsyncSession, ticket: Ticket) -> list[TicketPause]:
    query = select(TicketPause).where(TicketPause.ticket_id == ticket.id)
    return list(await session.exec(query.order_by(col(TicketPause.started_at), col(TicketPause.id))))


async def list_breaches(session: AsyncSession, ticket: Ticket) -> list[TicketBreach]:
    query = select(TicketBreach).where(TicketBreach.ticket_id == ticket.id)
    return list(await session.exec(query.order_by(col(TicketBreach.due), col(TicketBreach.clock))))


def clock_views(clocks: Clocks) -> list[ClockView]:
    dues = {
        Clock.FIRST_REPLY: clocks.first_reply_due,
        Clock.UPDATE: clocks.update_due,
        Clock.RESOLUTION: clocks.resolution_due,
    }
    return [ClockView(clock=clock, due=due, standing=standing(clocks, clock)) for clock, due in dues.items()]


async def board_row(session: AsyncSession, ticket: Ticket) -> BoardRow:
    visitor = await session.get_one(Visitor, ticket.visitor_id)
    clocks = clocks_of(ticket, [], [])
    soonest = min(running(clocks), key=lambda promise: promise[1], default=None)
    return BoardRow(
        id=ticket.id,
        folio=ticket.folio,
        portal=ticket.portal_id,
        conversation=ticket.conversation_id,
        visitor=visitor.name,
        summary=ticket.summary,
        severity=ticket.severity,
        provisional=ticket.provisional,
        proposed=ticket.proposed_severity,
        level=ticket.level,
        state=ticket.state,
        since=ticket.state_since,
        owner=await person(session, ticket.owner_id),
        external_cause=ticket.external_cause,
        next=NextPromise(clock=soonest[0], due=soonest[1]) if soonest else None,
        warned=ticket.warned,
        created_at=ticket.created_at,
    )


def step_view(step: TicketStep) -> StepView:
    names = [name for name in StepView.model_fields if name != "by"]
    return StepView(**{name: getattr(step, name) for name in names}, by=step.name)


def offer_view(offer: Offer) -> OfferView:
    needs = [NeedView(field=need.field, instead=need.instead, only_for=need.only_for) for need in offer.needs]
    return OfferView(move=offer.move, to=offer.to, needs=needs, overrides=offer.overrides)


async def _contact(session: AsyncSession, ticket: Ticket) -> ClientContact:
    visitor = await session.get_one(Visitor, ticket.visitor_id)
    return ClientContact(
        id=visitor.id,
        name=visitor.name,
        email=visitor.email or None,
        phone=visitor.phone,
        rfc=visitor.rfc,
        rfc_warning=check_rfc(visitor.rfc).warning if visitor.rfc else None,
    )


async def _links(session: AsyncSession, ticket: Ticket) -> list[LinkView]:
    query = select(TicketLink).where(or_(TicketLink.ticket_id == ticket.id, TicketLink.other_id == ticket.id))
    links = list(await session.exec(query.order_by(col(TicketLink.id))))
    found = []
    for link in links:
        back = link.other_id == ticket.id
        other = await session.get_one(Ticket, link.ticket_id if back else link.other_id)
        found.append(LinkView(kind=link.kind, back=back, ticket=other.id, folio=other.folio))
    return found
