"""The list of tickets: portals that the reader serves, filtered, a page at a time; and the next promise of each."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Agent, Ticket, Visitor
from chatserver.process.severity import Severity
from chatserver.queries.access import list_portals
from chatserver.queries.calendars import get_calendar
from chatserver.types import StaffActor, TicketState

PAGE = 25

ENDED = (TicketState.RESOLVED, TicketState.CLOSED, TicketState.CANCELLED)


class Order(StrEnum):
    DUE = "due"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """Which tickets, in which order. Without a state: all that are not ended."""

    state: TicketState | None = None
    level: int | None = None
    severity: Severity | None = None
    order: Order = Order.DUE
    page: int = 1


@dataclass(frozen=True, slots=True)
class Promise:
    """The promise that falls due first: `first_reply`, `update` or `resolution`."""

    kind: str
    due: datetime


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket with what a list shows of it; times are meant in the zone of its desk."""

    ticket: Ticket
    client: str
    owner: str | None
    promise: Promise | None
    zone: str


def next_promise(ticket: Ticket) -> Promise | None:
    """What has to happen next, and until when; nothing once the ticket is over."""
    if ticket.state in ENDED:
        return None
    dues = {
        "first_reply": ticket.first_reply_due if ticket.first_replied_at is None else None,
        "update": ticket.update_due,
        "resolution": ticket.resolution_due,
    }
    running = [Promise(kind, due) for kind, due in dues.items() if due is not None]
    return min(running, key=lambda promise: promise.due, default=None)


async def list_tickets(session: AsyncSession, actor: StaffActor, wanted: TicketFilter) -> tuple[list[TicketLine], int]:
    """One page, and how many there are in all."""
    portals = [portal.id for portal in await list_portals(session, actor)]
    which = [col(Ticket.portal_id).in_(portals), *_conditions(wanted)]
    total = (await session.exec(select(func.count()).select_from(Ticket).where(*which))).one()
    query = (
        select(Ticket, Visitor.name, Agent.name)
        .join(Visitor, col(Visitor.id) == col(Ticket.visitor_id))
        .outerjoin(Agent, col(Agent.id) == col(Ticket.owner_id))
        .where(*which)
        .order_by(*([_next_due()] if wanted.order is Order.DUE else []), col(Ticket.id).desc())
        .limit(PAGE)
        .offset(PAGE * (wanted.page - 1))
    )
    rows = (await session.exec(query)).all()
    return [await _line(session, *row) for row in rows], total


async def _line(session: AsyncSession, ticket: Ticket, client: str, owner: str | None) -> TicketLine:
    zone = (await get_calendar(session, ticket.calendar_version_id)).zone
    return TicketLine(ticket, client, owner, next_promise(ticket), zone)


def _conditions(wanted: TicketFilter) -> list[ColumnElement[bool]]:
    state = col(Ticket.state).not_in(ENDED) if wanted.state is None else col(Ticket.state) == wanted.state
    conditions: list[ColumnElement[bool]] = [state]
    if wanted.level is not None:
        conditions.append(col(Ticket.level) == wanted.level)
    if wanted.severity is not None:
        conditions.append(col(Ticket.severity) == wanted.severity)
    return conditions


NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def _next_due() -> ColumnElement[datetime]:
    """`next_promise` in SQL, without the least() that each database spells in its own way."""
    reply = case((col(Ticket.first_replied_at).is_(None), col(Ticket.first_reply_due)), else_=NEVER)
    update = func.coalesce(Ticket.update_due, NEVER)
    resolution = func.coalesce(Ticket.resolution_due, NEVER)
    soonest = case((update <= resolution, update), else_=resolution)
    return case((col(Ticket.state).in_(ENDED), NEVER), (reply <= soonest, reply), else_=soonest)
