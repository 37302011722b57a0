"""What keeps the promises: events and topic heads, timers, first replies, presence, the audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from chatserver.models.base import LONG, Table, UtcDateTime

_NOT_DONE = text("done_at IS NULL")


class TopicHead(Table, table=True):
    """The last `seq` of a topic; conversations carry their own two."""

    topic: str = Field(primary_key=True, max_length=64)
    seq: int


class EventRow(Table, table=True):
    """A durable event that is not a message, as it was said. `change` marks those that leave a line in the thread."""

    topic: str = Field(primary_key=True, max_length=64)
    seq: int = Field(primary_key=True)
    type: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)
    payload: str


class Timer(Table, table=True):
    """Something to look at when `due_at` has come. `version` is the entity's when it was armed: a newer one voids
    it."""

    __table_args__ = (
        UniqueConstraint("kind", "entity_id", "version"),
        Index("ix_timer_due", "due_at", sqlite_where=_NOT_DONE, postgresql_where=_NOT_DONE),
    )

    id: int = Field(default=None, primary_key=True, sa_type=LONG)
    kind: str = Field(max_length=24)
    entity_id: int
    version: int
    due_at: datetime = Field(sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CommandReply(Table, table=True):
    """The first reply to a command, kept 24 h, so that a retry gets the same one."""

    actor: str = Field(primary_key=True, max_length=40)
    ref: str = Field(primary_key=True, max_length=64)
    body_hash: str = Field(max_length=64)
    reply: str
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class ServerProcess(Table, table=True):
    """A process that serves; alive while its beat is younger than the lease."""

    id: str = Field(primary_key=True, max_length=40)
    started_at: datetime = Field(sa_type=UtcDateTime)
    beat_at: datetime = Field(sa_type=UtcDateTime)


class PresenceClock(Table, table=True):
    """One row: since when renewals of presence have run without a break. Nobody is judged gone before it is old
    enough."""

    id: int = Field(primary_key=True)
    unbroken_since: datetime = Field(sa_type=UtcDateTime)
    beat_at: datetime = Field(sa_type=UtcDateTime)


class DeskDay(Table, table=True):
    """One portal's figures of one day (the date in the portal's zone), counted as things happen."""

    portal_id: int = Field(foreign_key="portal.id", primary_key=True)
    day: str = Field(primary_key=True, max_length=10)
    started: int = 0
    answered: int = 0
    closed: int = 0
    escalated: int = 0
    missed: int = 0
    abandoned: int = 0
    short: int = 0
    offline: int = 0


class AuditEntry(Table, table=True):
    """Who did what that somebody may have to answer for."""

    id: int = Field(default=None, primary_key=True, sa_type=LONG)
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(max_length=40)
    action: str = Field(max_length=40)
    entity: str = Field(max_length=60)
    details: dict[str, Any] = Field(sa_type=JSON)


class Installation(Table, table=True):
    """One row: `db_epoch` changes when the database was restored, and resets clients that are ahead of it. Without a
    `folio_prefix` nobody has decided on one, and it is the configured one."""

    id: int = Field(primary_key=True)
    db_epoch: str = Field(max_length=40)
    folio_prefix: str | None = Field(default=None, max_length=8)
