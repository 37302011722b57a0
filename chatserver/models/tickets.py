"""Tickets: what they are, their clocks' ledger, their history, and the counter that numbers them. A ticket's thread is
its conversation's."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from chatserver.models.base import LONG, Table, UtcDateTime, words
from chatserver.process.clocks import Clock
from chatserver.process.severity import Impact, Severity, Urgency
from chatserver.process.ticket_names import CancelCause, LinkKind, Move, Notice, StepKind, Task
from chatserver.types import Channel, TicketState

_OPEN = text("state NOT IN ('resolved', 'closed', 'cancelled')")


class Ticket(Table, table=True):
    """Severity, level and state are separate. Due times are those promised by the versions of calendar and policy
    named here.

    `version` grows whenever the timers are armed anew: older ones are void. `last_owners` (by level, as text) and
    `authors` are ids of agents. `warned` is the share in percent of the budget that is used up, where somebody was
    warned of it, else 0. `proposed_severity` waits for level 1.
    """

    __table_args__ = (Index("ix_ticket_board", "portal_id", "level", sqlite_where=_OPEN, postgresql_where=_OPEN),)

    id: int = Field(default=None, primary_key=True)
    folio: str = Field(unique=True, max_length=24)
    portal_id: int = Field(foreign_key="portal.id", index=True)
    visitor_id: int = Field(foreign_key="visitor.id", index=True)
    conversation_id: int = Field(foreign_key="conversation.id", unique=True)
    channel: Channel = Field(default=Channel.CHAT, sa_type=words(Channel))
    origin: str = Field(max_length=12)
    state: TicketState = Field(sa_type=words(TicketState))
    state_since: datetime = Field(sa_type=UtcDateTime)
    return_state: TicketState | None = Field(default=None, sa_type=words(TicketState))
    version: int = 0
    severity: Severity = Field(sa_type=words(Severity))
    proposed_severity: Severity | None = Field(default=None, sa_type=words(Severity))
    impact: Impact | None = Field(default=None, sa_type=words(Impact))
    urgency: Urgency | None = Field(default=None, sa_type=words(Urgency))
    provisional: bool
    level: int
    owner_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    last_owners: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    authors: list[int] = Field(default_factory=list, sa_type=JSON)
    category: str | None = Field(default=None, max_length=200)
    summary: str
    rfc: str | None = Field(default=None, max_length=20)
    evidence: str | None = None
    evidence_files: list[int] = Field(default_factory=list, sa_type=JSON)
    external_cause: bool = False
    sizing: str | None = None
    diagnosis: str | None = None
    test_evidence: str | None = None
    solution: str | None = None
    release_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    release_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    release_version: str | None = Field(default=None, max_length=200)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    no_deployment: bool = False
    planned_date: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancel_cause: CancelCause | None = Field(default=None, sa_type=words(CancelCause))
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
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    returns: int = 0
    reopened: int = 0
    reminded: int = 0
    warned: int = 0
    follows_id: int | None = Field(default=None, foreign_key="ticket.id")
    created_at: datetime = Field(sa_type=UtcDateTime)


class TicketPause(Table, table=True):
    """A stretch in which the clocks stood still: the client was waited for (`ended_at` is None while they are), or the
    ticket was resolved and reopened later."""

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TicketBreach(Table, table=True):
    """A promise that was not kept. The same one is there once, whoever notices it."""

    __table_args__ = (UniqueConstraint("ticket_id", "clock", "due"),)

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    clock: Clock = Field(sa_type=words(Clock))
    due: datetime = Field(sa_type=UtcDateTime)
    noted_at: datetime = Field(sa_type=UtcDateTime)


class TicketWarning(Table, table=True):
    """Somebody was warned that so much of a budget is used up: once for each promise."""

    __table_args__ = (UniqueConstraint("ticket_id", "clock", "percent", "due"),)

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    clock: Clock = Field(sa_type=words(Clock))
    percent: int
    due: datetime = Field(sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)


class TicketLink(Table, table=True):
    """What one ticket has to do with another, seen from `ticket_id`: it duplicates, follows, or causes it."""

    __table_args__ = (UniqueConstraint("ticket_id", "kind", "other_id"),)

    id: int = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    kind: LinkKind = Field(sa_type=words(LinkKind))
    other_id: int = Field(foreign_key="ticket.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class TicketStep(Table, table=True):
    """One line of a ticket's history: who did what, from which state to which, and what they filled in for it.
    `overrides`: a supervisor acted as somebody else, for the reason given. `row` is the move's place in the process."""

    __table_args__ = (UniqueConstraint("ticket_id", "number"),)

    id: int = Field(default=None, primary_key=True, sa_type=LONG)
    ticket_id: int = Field(foreign_key="ticket.id")
    number: int
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(max_length=40)
    name: str = Field(max_length=200)
    kind: StepKind = Field(sa_type=words(StepKind))
    move: Move | None = Field(default=None, sa_type=words(Move))
    row: str | None = Field(default=None, max_length=4)
    before: TicketState | None = Field(default=None, sa_type=words(TicketState))
    after: TicketState = Field(sa_type=words(TicketState))
    overrides: bool = False
    reason: str | None = None
    notice: Notice | None = Field(default=None, sa_type=words(Notice))
    task: Task | None = Field(default=None, sa_type=words(Task))
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class FolioCounter(Table, table=True):
    """The last number given out in a year, a prefix."""

    prefix: str = Field(primary_key=True, max_length=8)
    year: int = Field(primary_key=True)
    number: int
