"""What a client sees: the parts of snapshots and events. An event carries the whole changed part, so that
applying it to an old snapshot gives what a fresh snapshot would say."""

from typing import Literal

from chatserver.process.severity import Severity
from chatserver.protocol.base import Instant, Wire
from chatserver.types import AgentState, Channel, ConversationState, Disposition, Role, SenderKind, TicketState

Params = dict[str, str | int]


class Reason(Wire):
    """Why routing decided so: a key of the locales (`routing.…`) and what to fill in."""

    code: str
    params: Params = {}


class Availability(Wire):
    """Whether a portal's desk answers now. `message_first`: open, but the message form is the better offer."""

    open: bool
    message_first: bool
    closes_at: Instant | None
    reopens_at: Instant | None
    zone: str


class PortalCard(Wire):
    """What the widget needs of its portal. `topics` are the subjects a client can choose from (keys of the locales or
    plain words)."""

    name: str
    locale: str
    accent: str
    topics: list[str]
    privacy_version: str
    privacy_url: str | None
    availability: Availability


class Wait(Wire):
    """The expected wait, an honest range in seconds."""

    low: int
    high: int


class TicketPublic(Wire):
    """What the client may know of the ticket their conversation became. A due time is None while its clock stands
    still."""

    folio: str
    state: TicketState
    severity: Severity
    provisional: bool
    level: int
    first_reply_due: Instant
    update_due: Instant | None
    resolution_due: Instant | None
    first_replied_at: Instant | None


class Sender(Wire):
    """Who wrote a message. The server sets both; nobody can call themselves an agent."""

    kind: SenderKind
    name: str


class MessageEntry(Wire):
    """One message of the thread. `client_message_id` lets the sender's other tabs know their own; `channel` is how it
    came to the thread."""

    kind: Literal["message"] = "message"
    seq: int
    at: Instant
    sender: Sender
    body: str
    client_message_id: str
    channel: Channel


Change = Literal[
    "queued",
    "offered",
    "answered",
    "returned",
    "message_offered",
    "asked",
    "extended",
    "transferred",
    "wrap_up",
    "resumed",
    "closed",
    "abandoned",
    "missed",
    "left_message",
    "escalated",
    "ticket",
]


class ChangeEntry(Wire):
    """One quiet line of the thread: what happened. `name` is the person it is about, `cause` the locale key of why."""

    kind: Literal["change"] = "change"
    seq: int
    at: Instant
    change: Change
    name: str | None = None
    cause: str | None = None


Entry = MessageEntry | ChangeEntry


class ConversationPublic(Wire):
    """A conversation as its client sees it. `visitor_seen`, `agent_seen`: the highest `seq` each side has read."""

    id: int
    state: ConversationState
    subject: str
    agent: str | None
    opened_at: Instant
    ended_at: Instant | None
    visitor_seen: int
    agent_seen: int
    message_offered: bool
    asked: bool
    ticket: TicketPublic | None


class ConversationSummary(Wire):
    """A line in the client's own list of conversations."""

    id: int
    state: ConversationState
    subject: str
    opened_at: Instant
    ended_at: Instant | None
    folio: str | None


class VisitorView(Wire):
    """The client. `phone` may be None; `rfc_warning` is a locale key when the RFC looks mistyped (never blocks)."""

    id: int
    name: str
    email: str
    rfc: str | None
    rfc_warning: str | None
    locale: str
    zone: str | None


class AgentView(Wire):
    """A member of staff. `load` counts offered, active and wrap-up conversations; `reason` is a locale key (why away);
    who has `left` is on the roster no more."""

    id: int
    name: str
    role: Role
    level: int
    teams: list[str]
    languages: list[str]
    capacity: int
    load: int
    state: AgentState
    reason: str | None
    since: Instant
    left: bool


class InboxItem(Wire):
    """A conversation that is an agent's: theirs to answer (`owner`), or still another's until they accept
    (`transfer`)."""

    conversation: int
    portal: int
    kind: Literal["owner", "transfer"]
    since: Instant


class NoteEntry(Wire):
    """A staff note. `after` is the public `seq` it was written after: staff sort by (`after`, public first, `seq`)."""

    seq: int
    after: int
    at: Instant
    author: str
    body: str


class FileView(Wire):
    """A file in a thread. `note` and `seq` are those of what it came with; `key` opens it at staff's door,
    `/files/{key}`. Only an `image`, which was drawn anew, is fit to be shown in a page."""

    id: int
    note: bool
    seq: int
    key: str
    name: str
    size: int
    image: bool


class TransferView(Wire):
    """A conversation under way from one agent to another: names, and the note that goes with it."""

    to: str
    by: str
    note: str


class Person(Wire):
    """A member of staff by id and name."""

    id: int
    name: str


Alert = Literal["none", "nudge", "supervisor"]


class ConversationStaff(Wire):
    """What only staff know of a conversation. `returned` counts how often it came back to the queue."""

    id: int
    portal: int
    state: ConversationState
    visitor: VisitorView
    page: str | None
    level: int
    team: str | None
    owner: Person | None
    transfer: TransferView | None
    reason: Reason | None
    alert: Alert
    returned: int
    extended: bool
    joined_at: Instant
    offered_at: Instant | None
    first_replied_at: Instant | None
    disposition: Disposition | None
    previous: int | None
    ticket_id: int | None


class DeskCounts(Wire):
    """Today's figures of one portal. `day` is the date (ISO) in the portal's zone."""

    day: str
    started: int
    answered: int
    closed: int
    escalated: int
    missed: int
    abandoned: int
    short: int
    offline: int


class DeskRow(Wire):
    """A conversation in the live queue; a row whose state is not open leaves the list."""

    id: int
    visitor: str
    subject: str
    language: str
    state: ConversationState
    joined_at: Instant
    since: Instant
    owner: Person | None
    reason: Reason | None
    returned: int
    level: int
    team: str | None
    alert: Alert


class TicketRow(Wire):
    """A ticket as a line of a list."""

    id: int
    folio: str
    conversation: int
    visitor: str
    summary: str
    severity: Severity
    provisional: bool
    level: int
    state: TicketState
    origin: Literal["escalated", "missed", "abandoned", "offline", "mail", "phone", "page", "follow_up"]
    first_reply_due: Instant
    first_replied_at: Instant | None
    resolution_due: Instant | None
    created_at: Instant
