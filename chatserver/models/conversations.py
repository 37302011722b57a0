"""Conversations, what is said in them, and who has them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from chatserver.models.base import LONG, Table, UtcDateTime, words
from chatserver.types import OPEN_STATES, Channel, ConversationState, Disposition, SenderKind

_OPEN = text(f"state IN ({', '.join(repr(state.value) for state in OPEN_STATES)})")
_QUEUED = text("state = 'queued'")
_LINE = ("level", "language", "team", "returned", "joined_at", "id")
_UNENDED = text("ended_at IS NULL")
_UNENDED_OWNER = text("ended_at IS NULL AND kind = 'owner'")
_UNENDED_TRANSFER = text("ended_at IS NULL AND kind = 'transfer'")


class Conversation(Table, table=True):
    """A thread of one client. `seq` and `staff_seq` are the heads of its two topics, taken under this row's lock.

    `version` grows with every change of state: timers armed for an older one are void. `started_at` is the moment of
    contact (`sla_start`), `joined_at` when it joined the queue, `queued_at` when it entered the queue this time.
    """

    __table_args__ = (
        Index("uq_conversation_open_visitor", "visitor_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_conversation_queue", "portal_id", "state", "returned", "joined_at", "id"),
        Index("ix_conversation_open", "state", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_conversation_line", *_LINE, sqlite_where=_QUEUED, postgresql_where=_QUEUED),
    )

    id: int = Field(default=None, primary_key=True)
    portal_id: int = Field(foreign_key="portal.id")
    visitor_id: int = Field(foreign_key="visitor.id", index=True)
    state: ConversationState = Field(sa_type=words(ConversationState))
    version: int = 0
    seq: int = 0
    staff_seq: int = 0
    subject: str = Field(max_length=200)
    language: str = Field(max_length=10)
    page: str | None = Field(default=None, max_length=2000)
    level: int = 1
    team: str | None = Field(default=None, max_length=40)
    agent_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    joined_at: datetime = Field(sa_type=UtcDateTime)
    queued_at: datetime = Field(sa_type=UtcDateTime)
    state_since: datetime = Field(sa_type=UtcDateTime)
    offered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_replied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_visitor_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_agent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unanswered_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    visitor_seen: int = 0
    agent_seen: int = 0
    returned: int = 0
    extended: bool = False
    message_offered: bool = False
    alert: str = Field(default="none", max_length=12)
    disposition: Disposition | None = Field(default=None, sa_type=words(Disposition))
    short: bool = False
    reason: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    calendar_version_id: int = Field(foreign_key="calendar_version.id")
    previous_id: int | None = Field(default=None, foreign_key="conversation.id")


class Message(Table, table=True):
    """What was said. A public message has its `seq` in `conversation:N`, a note its own in `conversation:N:staff` and,
    in `after`, the public seq it was written after. The unique key is what makes a retry harmless. `channel` is how it
    came; what is written in the chat or the console needs not say so."""

    __table_args__ = (
        UniqueConstraint("conversation_id", "sender_kind", "sender_id", "client_message_id"),
        UniqueConstraint("conversation_id", "note", "seq"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=LONG)
    conversation_id: int = Field(foreign_key="conversation.id")
    note: bool = False
    seq: int
    after: int
    sender_kind: SenderKind = Field(sa_type=words(SenderKind))
    sender_id: int
    sender_name: str = Field(max_length=200)
    client_message_id: str = Field(max_length=64)
    body: str
    channel: Channel = Field(
        default=Channel.CHAT, sa_type=words(Channel), sa_column_kwargs={"server_default": Channel.CHAT.value}
    )
    at: datetime = Field(sa_type=UtcDateTime)


class Assignment(Table, table=True):
    """Who has, or is offered, a conversation. `transfer` is an offer while the owner still has it.
    At most one of each kind is open a conversation, over any number of processes: two partial unique indexes."""

    __table_args__ = (
        Index(
            "uq_assignment_owner",
            "conversation_id",
            unique=True,
            sqlite_where=_UNENDED_OWNER,
            postgresql_where=_UNENDED_OWNER,
        ),
        Index(
            "uq_assignment_transfer",
            "conversation_id",
            unique=True,
            sqlite_where=_UNENDED_TRANSFER,
            postgresql_where=_UNENDED_TRANSFER,
        ),
        Index("ix_assignment_open", "agent_id", sqlite_where=_UNENDED, postgresql_where=_UNENDED),
        Index("ix_assignment_ended_at", "ended_at"),
    )

    id: int = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    agent_id: int = Field(foreign_key="agent.id")
    kind: str = Field(max_length=10)
    by: str = Field(max_length=80)
    reason: dict[str, Any] = Field(sa_type=JSON)
    note: str = ""
    offered_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = Field(default=None, max_length=20)


class RoutingDecision(Table, table=True):
    """Every decision of routing with its reason: who got a conversation, or why it waits. `passed`: how many others
    were passed over for which code (`counts`), and the few who came nearest (`nearest`)."""

    id: int = Field(default=None, primary_key=True, sa_type=LONG)
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    agent_id: int | None = Field(default=None, foreign_key="agent.id")
    reason: dict[str, Any] = Field(sa_type=JSON)
    passed: dict[str, Any] = Field(sa_type=JSON)
