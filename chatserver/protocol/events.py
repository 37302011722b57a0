"""What the server tells. Durable events have a topic and a contiguous `seq`; ephemeral ones have neither promise."""

from typing import Annotated, Literal

from pydantic import Field

from chatserver.protocol.base import Instant, Wire
from chatserver.protocol.ticket_views import BoardRow, StepView, TicketView
from chatserver.protocol.views import (
    AgentView,
    Availability,
    ChangeEntry,
    ConversationPublic,
    ConversationStaff,
    ConversationSummary,
    DeskCounts,
    DeskRow,
    FileView,
    InboxItem,
    MessageEntry,
    NoteEntry,
    TicketRow,
    VisitorView,
    Wait,
)


class DurableEvent(Wire):
    """An event of a topic: `seq` grows by one, the same for every observer."""

    topic: str
    seq: int


class MessageSent(DurableEvent):
    """`conversation:N`: a message was stored."""

    type: Literal["message_sent"] = "message_sent"
    entry: MessageEntry


class ConversationChanged(DurableEvent):
    """`conversation:N`: the conversation changed state, hands or ticket; `entry` is the line it leaves in the
    thread."""

    type: Literal["conversation_changed"] = "conversation_changed"
    entry: ChangeEntry
    conversation: ConversationPublic


class SeenMoved(DurableEvent):
    """`conversation:N`: one side has read up to `upto`."""

    type: Literal["seen_moved"] = "seen_moved"
    by: Literal["visitor", "agent"]
    upto: int


class NoteAdded(DurableEvent):
    """`conversation:N:staff`: a note was written."""

    type: Literal["note_added"] = "note_added"
    note: NoteEntry


class FileAttached(DurableEvent):
    """`conversation:N:staff`: a file came with a message or a note."""

    type: Literal["file_attached"] = "file_attached"
    file: FileView


class ContextChanged(DurableEvent):
    """`conversation:N:staff`: what only staff know of the conversation changed."""

    type: Literal["context_changed"] = "context_changed"
    conversation: ConversationStaff


class VisitorChanged(DurableEvent):
    """`visitor:N`: the client's own data changed."""

    type: Literal["visitor_changed"] = "visitor_changed"
    visitor: VisitorView


class VisitorConversationChanged(DurableEvent):
    """`visitor:N`: one of the client's conversations was opened or changed."""

    type: Literal["visitor_conversation_changed"] = "visitor_conversation_changed"
    conversation: ConversationSummary


class InboxAdded(DurableEvent):
    """`agent:N`: a conversation became the agent's (also when its kind changed)."""

    type: Literal["inbox_added"] = "inbox_added"
    item: InboxItem


class InboxRemoved(DurableEvent):
    """`agent:N`: a conversation is the agent's no more; `cause` is a locale key."""

    type: Literal["inbox_removed"] = "inbox_removed"
    conversation: int
    cause: str


class AgentChanged(DurableEvent):
    """`agents`: somebody's state, load, capacity or details changed."""

    type: Literal["agent_changed"] = "agent_changed"
    agent: AgentView


class DeskChanged(DurableEvent):
    """`desk:N`: a conversation moved, and today's figures with it."""

    type: Literal["desk_changed"] = "desk_changed"
    row: DeskRow
    counts: DeskCounts


class DeskTicketChanged(DurableEvent):
    """`desk:N`: a ticket was opened or changed."""

    type: Literal["desk_ticket_changed"] = "desk_ticket_changed"
    ticket: TicketRow


class TicketChanged(DurableEvent):
    """`ticket:N`: the ticket changed; `steps` are the lines that this added to its history."""

    type: Literal["ticket_changed"] = "ticket_changed"
    ticket: TicketView
    steps: list[StepView]


class BoardChanged(DurableEvent):
    """`board:N:lM`: a ticket came onto the board, changed, or (`on` is false) left it."""

    type: Literal["board_changed"] = "board_changed"
    row: BoardRow
    on: bool


class TypingChanged(Wire):
    """Ephemeral: one side is writing."""

    type: Literal["typing_changed"] = "typing_changed"
    conversation: int
    by: Literal["visitor", "agent"]
    on: bool


class PresenceChanged(Wire):
    """Ephemeral, to staff: whether the client is connected now."""

    type: Literal["presence_changed"] = "presence_changed"
    conversation: int
    present: bool


class QueuePosition(Wire):
    """Ephemeral, to a waiting client, at most every 5 s. `position` is None beyond 20 ("more than 20"); `wait` is None
    when unknown."""

    type: Literal["queue_position"] = "queue_position"
    conversation: int
    position: int | None
    wait: Wait | None


class AvailabilityChanged(Wire):
    """Ephemeral, to every visitor of a portal: it opened, closed, or offers the message form first."""

    type: Literal["availability_changed"] = "availability_changed"
    availability: Availability


class Heartbeat(Wire):
    """Every 20 s: the head of each topic the socket follows, so that even a lost last event is noticed."""

    type: Literal["heartbeat"] = "heartbeat"
    at: Instant
    heads: dict[str, int]


class Unsubscribed(Wire):
    """The socket no longer follows a topic: access to it ended."""

    type: Literal["unsubscribed"] = "unsubscribed"
    topic: str


class Drain(Wire):
    """The server is about to restart: reconnect after `delay` seconds, everything resumes."""

    type: Literal["drain"] = "drain"
    delay: float


Durable = (
    MessageSent
    | ConversationChanged
    | SeenMoved
    | NoteAdded
    | FileAttached
    | ContextChanged
    | VisitorChanged
    | VisitorConversationChanged
    | InboxAdded
    | InboxRemoved
    | AgentChanged
    | DeskChanged
    | DeskTicketChanged
    | TicketChanged
    | BoardChanged
)

Ephemeral = TypingChanged | PresenceChanged | QueuePosition | AvailabilityChanged | Heartbeat | Unsubscribed | Drain

DurableFrame = Annotated[Durable, Field(discriminator="type")]
EventFrame = Annotated[Durable | Ephemeral, Field(discriminator="type")]

VISITOR_EVENTS = (
    MessageSent,
    ConversationChanged,
    SeenMoved,
    VisitorChanged,
    VisitorConversationChanged,
    TypingChanged,
    QueuePosition,
    AvailabilityChanged,
    Heartbeat,
    Unsubscribed,
    Drain,
)
"""The only events that may ever be written to a visitor's socket."""
