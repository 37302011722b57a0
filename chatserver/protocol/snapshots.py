"""What a client starts from: one snapshot a topic, stamped with the topic's head. `old snapshot + events = new
snapshot`."""

from typing import Annotated, Literal

from pydantic import Field

from chatserver.protocol.base import Wire
from chatserver.protocol.ticket_views import BoardRow, StepView, TicketView
from chatserver.protocol.views import (
    AgentView,
    ConversationPublic,
    ConversationStaff,
    ConversationSummary,
    DeskCounts,
    DeskRow,
    Entry,
    FileView,
    InboxItem,
    NoteEntry,
    TicketRow,
    VisitorView,
)

DESK_TICKETS = 20
"""How many of the newest tickets a desk shows."""


class ConversationSnapshot(Wire):
    """`conversation:N`. `earlier`: there are entries before these; ask with `get_earlier`."""

    kind: Literal["conversation"] = "conversation"
    conversation: ConversationPublic
    entries: list[Annotated[Entry, Field(discriminator="kind")]]
    earlier: bool


class ContextSnapshot(Wire):
    """`conversation:N:staff`. `files` are those of the whole thread and of its notes, the oldest first."""

    kind: Literal["context"] = "context"
    conversation: ConversationStaff
    notes: list[NoteEntry]
    files: list[FileView]


class VisitorSnapshot(Wire):
    """`visitor:N`: newest conversation first."""

    kind: Literal["visitor"] = "visitor"
    visitor: VisitorView
    conversations: list[ConversationSummary]


class InboxSnapshot(Wire):
    """`agent:N`: oldest first."""

    kind: Literal["inbox"] = "inbox"
    items: list[InboxItem]


class AgentsSnapshot(Wire):
    """`agents`: everybody who may log in, by id."""

    kind: Literal["agents"] = "agents"
    agents: list[AgentView]


class DeskSnapshot(Wire):
    """`desk:N`: open conversations by id, the newest tickets first."""

    kind: Literal["desk"] = "desk"
    rows: list[DeskRow]
    tickets: list[TicketRow]
    counts: DeskCounts


class TicketSnapshot(Wire):
    """`ticket:N`: the ticket, and its history, oldest first."""

    kind: Literal["ticket"] = "ticket"
    ticket: TicketView
    history: list[StepView]


class BoardSnapshot(Wire):
    """`board:N:lM`: the open tickets of portal N that are level M's to work on; what is to be kept first stands first,
    what stands still last. On the board of level 1, the formal contact of every client, are those of all levels."""

    kind: Literal["board"] = "board"
    rows: list[BoardRow]


Snapshot = Annotated[
    ConversationSnapshot
    | ContextSnapshot
    | VisitorSnapshot
    | InboxSnapshot
    | AgentsSnapshot
    | DeskSnapshot
    | TicketSnapshot
    | BoardSnapshot,
    Field(discriminator="kind"),
]
