"""Earlier contacts of somebody on the line: by number, address or RFC, in the portals that the reader serves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Agent, Conversation, PhoneCall, Ticket, Visitor
from chatserver.queries.access import list_portals
from chatserver.types import StaffActor, TicketState

MOST = 20
"""Of each kind, the newest."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody, in the forms in which it is stored."""

    number: str | None = None
    email: str | None = None
    rfc: str | None = None

    @property
    def known(self) -> bool:
        return bool(self.number or self.email or self.rfc)


@dataclass(frozen=True, slots=True)
class EarlierTicket:
    folio: str
    subject: str
    state: TicketState
    at: datetime
    name: str
    by: tuple[str, ...]
    """What it was found by: `number`, `email`, `rfc`. One of them alone is no proof of who it is."""


@dataclass(frozen=True, slots=True)
class EarlierCall:
    call: PhoneCall
    agent: str
    folio: str | None
    by: tuple[str, ...]


async def find_tickets(session: AsyncSession, actor: StaffActor, person: Person) -> list[EarlierTicket]:
    """Newest first."""
    columns = {"number": col(Visitor.phone), "email": func.lower(Visitor.email), "rfc": col(Visitor.rfc)}
    query = (
        select(Ticket, Visitor, Conversation.subject)
        .join(Visitor, col(Visitor.id) == col(Ticket.visitor_id))
        .join(Conversation, col(Conversation.id) == col(Ticket.conversation_id))
        .where(_any_of(columns, person), col(Visitor.erased_at).is_(None))
        .where(col(Ticket.portal_id).in_(await _portals(session, actor)))
        .order_by(col(Ticket.created_at).desc(), col(Ticket.id).desc())
        .limit(MOST)
    )
    return [
        EarlierTicket(
            ticket.folio,
            subject,
            ticket.state,
            ticket.sla_start,
            visitor.name,
            _by(person, visitor.phone, visitor.email, visitor.rfc),
        )
        for ticket, visitor, subject in await session.exec(query)
    ]


async def find_calls(session: AsyncSession, actor: StaffActor, person: Person) -> list[EarlierCall]:
    """Newest first."""
    columns = {"number": col(PhoneCall.number), "email": col(PhoneCall.email), "rfc": col(PhoneCall.rfc)}
    return await _calls(session, actor, _any_of(columns, person), person)


async def list_calls(session: AsyncSession, actor: StaffActor) -> list[EarlierCall]:
    """The last ones that anybody logged."""
    return await _calls(session, actor, col(PhoneCall.id) > 0, Person())


async def _calls(
    session: AsyncSession, actor: StaffActor, which: ColumnElement[bool], person: Person
) -> list[EarlierCall]:
    query = (
        select(PhoneCall, Agent.name, Ticket.folio)
        .join(Agent, col(Agent.id) == col(PhoneCall.agent_id))
        .outerjoin(Ticket, col(Ticket.id) == col(PhoneCall.ticket_id))
        .where(which, col(PhoneCall.portal_id).in_(await _portals(session, actor)))
        .order_by(col(PhoneCall.at).desc(), col(PhoneCall.id).desc())
        .limit(MOST)
    )
    return [
        EarlierCall(call, agent, folio, _by(person, call.number, call.email, call.rfc))
        for call, agent, folio in await session.exec(query)
    ]


def _any_of(columns: dict[str, Any], person: Person) -> ColumnElement[bool]:
    given = ((column, getattr(person, name)) for name, column in columns.items())
    return or_(*(column == value for column, value in given if value))


def _by(person: Person, number: str | None, email: str | None, rfc: str | None) -> tuple[str, ...]:
    same: Iterable[tuple[str, bool]] = (
        ("number", person.number is not None and person.number == number),
        ("email", person.email is not None and person.email == (email or "").lower()),
        ("rfc", person.rfc is not None and person.rfc == rfc),
    )
    return tuple(name for name, is_same in same if is_same)


async def _portals(session: AsyncSession, actor: StaffActor) -> list[int]:
    return [portal.id for portal in await list_portals(session, actor)]
