"""Tickets, and the counter that numbers them. A ticket's thread is its conversation's."""

from datetime import datetime

from sqlmodel import Field

from chatserver.models.base import Table, UtcDateTime, words
from chatserver.process.severity import Impact, Severity, Urgency
from chatserver.types import TicketState


class Ticket(Table, table=True):
    """Severity, level and state are separate. Due times are those promised by the versions of calendar and policy
    named here."""

    id: int = Field(default=None, primary_key=True)
    folio: str = Field(unique=True, max_length=24)
    portal_id: int = Field(foreign_key="portal.id", index=True)
    visitor_id: int = Field(foreign_key="visitor.id", index=True)
    conversation_id: int = Field(foreign_key="conversation.id", unique=True)
    origin: str = Field(max_length=12)
    state: TicketState = Field(sa_type=words(TicketState))
    return_state: TicketState | None = Field(default=None, sa_type=words(TicketState))
    severity: Severity = Field(sa_type=words(Severity))
    impact: Impact | None = Field(default=None, sa_type=words(Impact))
    urgency: Urgency | None = Field(default=None, sa_type=words(Urgency))
    provisional: bool
    level: int
    owner_id: int | None = Field(default=None, foreign_key="agent.id")
    category: str | None = Field(default=None, max_length=200)
    summary: str
    rfc: str | None = Field(default=None, max_length=20)
    evidence: str | None = None
    calendar_version_id: int = Field(foreign_key="calendar_version.id")
    policy_version_id: int = Field(foreign_key="policy_version.id")
    sla_start: datetime = Field(sa_type=UtcDateTime)
    first_reply_due: datetime = Field(sa_type=UtcDateTime)
    first_replied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    update_due: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_public_human_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolution_due: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reopened: int = 0
    follows_id: int | None = Field(default=None, foreign_key="ticket.id")
    created_at: datetime = Field(sa_type=UtcDateTime)


class TicketPause(Table, table=True):
    """A stretch in which a ticket waited for its client; `ended_at` is None while it does."""

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class FolioCounter(Table, table=True):
    """The last number given out in a year, a prefix."""

    prefix: str = Field(primary_key=True, max_length=8)
    year: int = Field(primary_key=True)
    number: int
