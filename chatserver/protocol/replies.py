"""The one answer to a command, sent after the commit."""

from typing import Annotated, Literal

from pydantic import Field

from chatserver.protocol.base import Instant, Wire
from chatserver.protocol.events import DurableFrame
from chatserver.protocol.snapshots import Snapshot
from chatserver.protocol.ticket_views import OfferView
from chatserver.protocol.views import AgentView, Entry, PortalCard, TicketPublic, VisitorView
from chatserver.types import TicketState


class Answer(Wire):
    ref: str


class VisitorWelcome(Answer):
    """To a visitor's `hello`. Keep `token` before anything else. `visitor` is None until a first form was sent;
    then `topic` is the topic to subscribe to."""

    type: Literal["welcome"] = "welcome"
    epoch: str
    token: str
    portal: PortalCard
    visitor: VisitorView | None
    topic: str | None


class DeskCard(Wire):
    """A desk that this member of staff sees. `teams` and `categories` are what transfer and escalation offer.
    `soon_wait`, `late_wait`: seconds in the queue from which a wait is nearly, and is, too long."""

    id: int
    name: str
    zone: str
    topic: str
    demo: bool
    teams: list[str]
    categories: list[str]
    soon_wait: int
    late_wait: int


class StaffWelcome(Answer):
    """To a console's `hello`: who it is and which topics to follow. The boards of its desks are there to be followed,
    too: those of its own level, or of every level for who supervises."""

    type: Literal["staff_welcome"] = "staff_welcome"
    epoch: str
    agent: AgentView
    desks: list[DeskCard]
    topics: list[str]
    boards: list[str]


class Subscribed(Answer):
    """The topic is followed. Either `snapshot` (start from it, at `head`), or `events`: the contiguous tail after
    `since`."""

    type: Literal["subscribed"] = "subscribed"
    topic: str
    epoch: str
    head: int
    snapshot: Snapshot | None
    events: list[DurableFrame]


class Done(Answer):
    """Carried out; what changed comes as events."""

    type: Literal["done"] = "done"


class ConversationStarted(Answer):
    """The conversation exists; subscribe to its topic. `message_seq` is where the first message was stored, if there
    was one."""

    type: Literal["conversation_started"] = "conversation_started"
    conversation: int
    topic: str
    visitor: VisitorView
    message_seq: int | None


class MessageStored(Answer):
    """The message is on disk, at `seq` of the conversation's topic."""

    type: Literal["message_stored"] = "message_stored"
    conversation: int
    client_message_id: str
    seq: int
    at: Instant


class TicketOpened(Answer):
    """The conversation became a ticket."""

    type: Literal["ticket_opened"] = "ticket_opened"
    conversation: int
    topic: str
    ticket: TicketPublic


class TicketMoved(Answer):
    """The ticket's state now, and the moves that this person may make next."""

    type: Literal["ticket_moved"] = "ticket_moved"
    ticket: int
    state: TicketState
    moves: list[OfferView]


class TicketFound(Answer):
    """The ticket that a folio is of, with what tells it from others."""

    type: Literal["ticket_found"] = "ticket_found"
    ticket: int
    folio: str
    visitor: str
    summary: str
    state: TicketState


class Earlier(Answer):
    """Entries before the asked `seq`, newest last; `earlier`: there are more."""

    type: Literal["earlier"] = "earlier"
    conversation: int
    entries: list[Annotated[Entry, Field(discriminator="kind")]]
    earlier: bool


class CommandRefused(Answer):
    """Not carried out, nothing changed. `code` is translated by the faces; `retry_after` in seconds."""

    type: Literal["refused"] = "refused"
    code: str
    message: str
    field: str | None = None
    retry_after: float | None = None


VISITOR_REPLIES = (
    VisitorWelcome,
    Subscribed,
    Done,
    ConversationStarted,
    MessageStored,
    TicketOpened,
    Earlier,
    CommandRefused,
)
STAFF_REPLIES = (
    StaffWelcome,
    Subscribed,
    Done,
    MessageStored,
    TicketOpened,
    TicketMoved,
    TicketFound,
    Earlier,
    CommandRefused,
)

Reply = (
    VisitorWelcome
    | StaffWelcome
    | Subscribed
    | Done
    | ConversationStarted
    | MessageStored
    | TicketOpened
    | TicketMoved
    | TicketFound
    | Earlier
    | CommandRefused
)
StoredReply = Annotated[Done | ConversationStarted | TicketOpened | TicketMoved, Field(discriminator="type")]
"""The replies that are kept for 24 h, so that a retry gets the first one (messages keep their own in their row)."""
