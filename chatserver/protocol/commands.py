"""What a client may say. Two vocabularies: a visitor's cannot even express a member of staff's command."""

from typing import Annotated, Literal

from pydantic import Field

from chatserver.process.severity import Impact, Severity, Urgency
from chatserver.protocol.base import Address, ClientMessageId, Command, Id, Line, Seq, Text, TopicName, Wire
from chatserver.protocol.ticket_commands import TicketCommands
from chatserver.types import AgentState, Disposition


class VisitorHello(Command):
    """A visitor's first frame. `token` is what an earlier `Welcome` gave, if any; `page` is the page's address."""

    type: Literal["hello"]
    token: Annotated[str, Field(min_length=16, max_length=128)] | None = None
    locale: Annotated[str, Field(max_length=35)] | None = None
    zone: Annotated[str, Field(max_length=64)] | None = None
    page: Annotated[str, Field(max_length=2000)] | None = None


class StaffHello(Command):
    """The first frame of a console; who it is, the session cookie said."""

    type: Literal["hello"]


class Subscribe(Command):
    """Follow a topic. With `since` and `epoch` of what the client has, the answer is the missing tail when that is
    possible."""

    type: Literal["subscribe"]
    topic: TopicName
    since: Seq | None = None
    epoch: Annotated[str, Field(max_length=64)] | None = None


class Unsubscribe(Command):
    """Stop following a topic."""

    type: Literal["unsubscribe"]
    topic: TopicName


class Contact(Wire):
    """The short form before a conversation. `privacy_version` is the version of the notice that the client accepted."""

    name: Line
    email: Address
    subject: Line
    rfc: Annotated[str, Field(max_length=20)] | None = None
    privacy_version: Annotated[str, Field(min_length=1, max_length=40)]


class StartConversation(Command):
    """Join the queue; refused as `closed` when the desk is closed. `body`, if any, is the first message."""

    type: Literal["start_conversation"]
    contact: Contact
    client_message_id: ClientMessageId
    body: Text | None = None


class LeaveMessage(Command):
    """Leave a message instead of waiting: out of hours (with `contact`), or from the queue (with `conversation`). It
    becomes a ticket."""

    type: Literal["leave_message"]
    conversation: Id | None = None
    contact: Contact | None = None
    client_message_id: ClientMessageId
    body: Text


class SendMessage(Command):
    """Write in a conversation. A retry with the same `client_message_id` gets the first answer and stores nothing
    twice."""

    type: Literal["send_message"]
    conversation: Id
    client_message_id: ClientMessageId
    body: Text


class MarkSeen(Command):
    """Everything up to `seq` has been on a visible screen."""

    type: Literal["mark_seen"]
    conversation: Id
    seq: Seq


class Typing(Wire):
    """Ephemeral and unanswered: somebody is writing, or has stopped."""

    type: Literal["typing"]
    conversation: Id
    on: bool


class EndConversation(Command):
    """Leave a conversation: wrap-up while somebody answers it, out of the queue for a client who still waits."""

    type: Literal["end_conversation"]
    conversation: Id


class RateConversation(Command):
    """How the client was helped, from 1 to 5, when the chat has ended; for a day it may be changed. Refused as
    `not_over` or `rated`."""

    type: Literal["rate_conversation"]
    conversation: Id
    score: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, Field(max_length=1000)] = ""


class GetEarlier(Command):
    """Entries of a thread before `before`, newest last."""

    type: Literal["get_earlier"]
    conversation: Id
    before: Seq


class SetState(Command):
    """Start the shift, step away, end the shift. Going offline with open conversations is refused as
    `open_conversations`
    until `conversations` says what becomes of them: `return` them to the queue, or `stay` with them (away)."""

    type: Literal["set_state"]
    state: AgentState
    conversations: Literal["return", "stay"] | None = None


class DeclineOffer(Command):
    """Say no to an offered conversation; it goes on to somebody else."""

    type: Literal["decline_offer"]
    conversation: Id


class AddNote(Command):
    """A note that only staff see."""

    type: Literal["add_note"]
    conversation: Id
    client_message_id: ClientMessageId
    body: Text


class Transfer(Command):
    """Offer a conversation to another agent, or to whoever routing picks in a team or level. The owner keeps it until
    it is accepted."""

    type: Literal["transfer"]
    conversation: Id
    agent: Id | None = None
    team: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    level: Annotated[int, Field(ge=1, le=3)] | None = None
    note: Annotated[str, Field(max_length=1000)] = ""


class ReturnToQueue(Command):
    """Give a conversation back to the front of the queue."""

    type: Literal["return_to_queue"]
    conversation: Id
    note: Annotated[str, Field(max_length=1000)] = ""


class Dispose(Command):
    """End a conversation with a disposition: resolved or spam closes it, unresolved escalates it with a provisional
    S3."""

    type: Literal["dispose"]
    conversation: Id
    disposition: Disposition


class Escalate(Command):
    """Make a ticket of a conversation; its thread is the ticket's. `rfc` and `evidence` may be "none" in so many
    words. It is level 1's to do; a supervisor who is not of level 1 gives a `reason`."""

    type: Literal["escalate"]
    conversation: Id
    severity: Severity
    impact: Impact
    urgency: Urgency
    level: Annotated[int, Field(ge=1, le=2)]
    category: Line
    summary: Text
    rfc: Annotated[str, Field(min_length=1, max_length=20)]
    evidence: Annotated[str, Field(min_length=1, max_length=1000)]
    reason: Annotated[str, Field(min_length=1, max_length=1000)] | None = None


class Extend(Command):
    """Give a silent client more time (up to 20 minutes of silence) before wrap-up."""

    type: Literal["extend"]
    conversation: Id


class Assign(Command):
    """A supervisor offers a conversation to an agent who has room."""

    type: Literal["assign"]
    conversation: Id
    agent: Id


class TakeOver(Command):
    """A supervisor takes a conversation for themselves, at once."""

    type: Literal["take_over"]
    conversation: Id


class SetCapacity(Command):
    """A supervisor changes how many conversations an agent may hold; lowering it evicts nobody."""

    type: Literal["set_capacity"]
    agent: Id
    capacity: Annotated[int, Field(ge=0, le=50)]


Shared = Subscribe | Unsubscribe | SendMessage | MarkSeen | Typing | EndConversation | GetEarlier

VisitorCommand = Annotated[
    VisitorHello | Shared | StartConversation | LeaveMessage | RateConversation, Field(discriminator="type")
]

StaffCommand = Annotated[
    StaffHello
    | Shared
    | SetState
    | DeclineOffer
    | AddNote
    | Transfer
    | ReturnToQueue
    | Dispose
    | Escalate
    | Extend
    | Assign
    | TakeOver
    | SetCapacity
    | TicketCommands,
    Field(discriminator="type"),
]
