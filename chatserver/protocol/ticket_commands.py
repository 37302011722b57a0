"""What staff may say of a ticket. Every move of the process is one command: the table says who may make it when."""

from typing import Annotated, Literal

from pydantic import Field

from chatserver.process.severity import Impact, Severity, Urgency
from chatserver.process.ticket_names import CancelCause, LinkKind, Move
from chatserver.protocol.base import ClientMessageId, Command, Id, Instant, Line, Text, Wire


class TicketForm(Wire):
    """What is filled in for a move: those fields that it needs (`get_moves` says which). `rfc` and `evidence` may be
    "none" in so many words; `evidence_files` are ids of files of the ticket; `owner` and `duplicate_of` are ids."""

    severity: Severity | None = None
    impact: Impact | None = None
    urgency: Urgency | None = None
    category: Line | None = None
    summary: Text | None = None
    rfc: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    evidence: Text | None = None
    evidence_files: Annotated[list[Id], Field(max_length=20)] = []
    solution: Text | None = None
    message: Text | None = None
    question: Text | None = None
    sizing: Text | None = None
    reason: Text | None = None
    diagnosis: Text | None = None
    owner: Id | None = None
    test_evidence: Text | None = None
    release_from: Instant | None = None
    release_until: Instant | None = None
    version: Line | None = None
    released_at: Instant | None = None
    no_deployment: bool = False
    new_date: Instant | None = None
    cause: CancelCause | None = None
    duplicate_of: Id | None = None


class MoveTicket(Command):
    """Move a ticket; also ask its client (`ask_client`), set or propose a severity, and name an owner. What the process
    does not have for this state and person is refused by name."""

    type: Literal["move_ticket"]
    ticket: Id
    move: Move
    form: TicketForm = TicketForm()


class ClaimTicket(Command):
    """Take a ticket that nobody has, at one's own level; refused as `owner_taken` when somebody was quicker."""

    type: Literal["claim_ticket"]
    ticket: Id


class SayOnTicket(Command):
    """Write to the client of a ticket, which restarts the update clock; or (`note`) to staff only."""

    type: Literal["say_on_ticket"]
    ticket: Id
    client_message_id: ClientMessageId
    body: Text
    note: bool = False


class LinkTicket(Command):
    """Say what a ticket has to do with another: it duplicates, follows or causes it."""

    type: Literal["link_ticket"]
    ticket: Id
    link: LinkKind
    other: Id


class TagTicket(Command):
    """Note that the cause lies elsewhere (the tax authority's outage, for one). It pauses no clock."""

    type: Literal["tag_ticket"]
    ticket: Id
    external_cause: bool


class GetMoves(Command):
    """Ask which moves this person may make now, and what each one needs. Ask again when the ticket has changed."""

    type: Literal["get_moves"]
    ticket: Id


class FindTicket(Command):
    """Ask which ticket a folio is of."""

    type: Literal["find_ticket"]
    folio: Annotated[str, Field(pattern="^[A-Za-z]{2,4}-[0-9]{4}-[0-9]{6,9}$")]


TicketCommands = MoveTicket | ClaimTicket | SayOnTicket | LinkTicket | TagTicket | GetMoves | FindTicket
