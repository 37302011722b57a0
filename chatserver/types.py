"""The vocabulary that every part shares: ids that cannot be mixed up, who acts, who hears."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

AgentId = NewType("AgentId", int)
CalendarId = NewType("CalendarId", int)
ConversationId = NewType("ConversationId", int)
PortalId = NewType("PortalId", int)
TicketId = NewType("TicketId", int)
VisitorId = NewType("VisitorId", int)

Topic = NewType("Topic", str)
"""Who hears: `conversation:17`, `conversation:17:staff`, `visitor:5`, `agent:3`, `agents`, `desk:1`, `ticket:9`,
`board:1:l2`."""


class Role(StrEnum):
    """What a member of staff may do; each role can do what the one before it can."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class AgentState(StrEnum):
    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


class ConversationState(StrEnum):
    QUEUED = "queued"
    OFFERED = "offered"
    ACTIVE = "active"
    WRAP_UP = "wrap_up"
    CLOSED = "closed"
    ABANDONED = "abandoned"
    MISSED = "missed"
    OFFLINE = "offline"
    ESCALATED = "escalated"


OPEN_STATES = (
    ConversationState.QUEUED,
    ConversationState.OFFERED,
    ConversationState.ACTIVE,
    ConversationState.WRAP_UP,
)
"""The states in which a conversation is live chat; a visitor has at most one of these a portal."""

TICKET_STATES = (ConversationState.ESCALATED, ConversationState.MISSED, ConversationState.OFFLINE)
"""The ended states whose thread goes on in a ticket (an abandoned one too, when it had become a ticket)."""


class Disposition(StrEnum):
    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    SPAM = "spam"


class TicketState(StrEnum):
    NEW = "new"
    L1_WORKING = "l1_working"
    L2_QUEUED = "l2_queued"
    L2_WORKING = "l2_working"
    L3_QUEUED = "l3_queued"
    L3_WORKING = "l3_working"
    L3_VALIDATING = "l3_validating"
    RELEASE_PENDING = "release_pending"
    RELEASED = "released"
    WAITING_CLIENT = "waiting_client"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Channel(StrEnum):
    """How a client came with their request, or a message on its way: `page` is the client's own page of a ticket."""

    CHAT = "chat"
    MAIL = "mail"
    PHONE = "phone"
    PAGE = "page"


class SenderKind(StrEnum):
    VISITOR = "visitor"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class VisitorActor:
    """A client, known by the token of one portal. `id` is None until their first form was sent."""

    portal_id: PortalId
    token_hash: str
    id: VisitorId | None
    locale: str
    zone: str | None
    page: str | None

    @property
    def key(self) -> str:
        return f"visitor:{self.token_hash[:32]}"


@dataclass(frozen=True, slots=True)
class StaffActor:
    """A logged-in member of staff, as the database knows them at this command."""

    id: AgentId
    name: str
    role: Role
    level: int
    teams: frozenset[str]

    @property
    def key(self) -> str:
        return f"agent:{self.id}"

    @property
    def supervises(self) -> bool:
        return self.role is not Role.AGENT


@dataclass(frozen=True, slots=True)
class SystemActor:
    """A timer, a sweep or the command line."""

    name: str = "system"

    @property
    def key(self) -> str:
        return f"system:{self.name}"


SYSTEM = SystemActor()

Actor = VisitorActor | StaffActor | SystemActor


def conversation_topic(id: ConversationId) -> Topic:
    return Topic(f"conversation:{id}")


def staff_topic(id: ConversationId) -> Topic:
    return Topic(f"conversation:{id}:staff")


def visitor_topic(id: VisitorId) -> Topic:
    return Topic(f"visitor:{id}")


def agent_topic(id: AgentId) -> Topic:
    return Topic(f"agent:{id}")


def desk_topic(id: PortalId) -> Topic:
    return Topic(f"desk:{id}")


def ticket_topic(id: TicketId) -> Topic:
    return Topic(f"ticket:{id}")


def board_topic(id: PortalId, level: int) -> Topic:
    """The open tickets of a portal that are a level's to work on."""
    return Topic(f"board:{id}:l{level}")


AGENTS_TOPIC = Topic("agents")
"""The roster: every member of staff with state and load, one topic for all portals."""
