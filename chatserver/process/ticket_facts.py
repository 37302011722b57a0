"""What a decision about a ticket is given, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chatserver.process.severity import PROVISIONAL, Severity
from chatserver.process.ticket_names import CancelCause, Effect, Move, Notice, Task
from chatserver.process.ticket_waits import Stage, TicketWaits, stages_of
from chatserver.routing.hours import Calendar
from chatserver.types import Actor, AgentId, StaffActor, TicketId, TicketState, VisitorActor


class Kind(StrEnum):
    CLIENT = "client"
    SYSTEM = "system"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks for a move. That a client may touch this ticket at all was asked before."""

    kind: Kind
    id: AgentId | None = None
    level: int = 0
    supervises: bool = False


CLIENT = Party(Kind.CLIENT)
THE_SYSTEM = Party(Kind.SYSTEM)


def party_of(actor: Actor) -> Party:
    if isinstance(actor, StaffActor):
        return Party(Kind.STAFF, actor.id, actor.level, actor.supervises)
    return CLIENT if isinstance(actor, VisitorActor) else THE_SYSTEM


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff who is named in a move."""

    id: AgentId
    level: int


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in for a move; which fields a move needs is the guards' matter. Texts are cleaned already."""

    contact: str | None = None
    severity: Severity | None = None
    category: str | None = None
    summary: str | None = None
    rfc: str | None = None
    evidence: str | None = None
    solution: str | None = None
    message: str | None = None
    question: str | None = None
    sizing: str | None = None
    reason: str | None = None
    diagnosis: str | None = None
    owner: Person | None = None
    test_evidence: str | None = None
    release_from: datetime | None = None
    release_until: datetime | None = None
    version: str | None = None
    released_at: datetime | None = None
    no_deployment: bool = False
    new_date: datetime | None = None
    cause: CancelCause | None = None
    duplicate_of: TicketId | None = None
    follows: TicketId | None = None


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """Somebody wants to make a move at a time, with what they filled in."""

    move: Move
    by: Party
    at: datetime
    form: Form = Form()


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """A ticket as far as its moves need it. `state` None: there is none yet. `since`: when it came into its state.

    `last_owners`: who had it last at each level. `authors`: who made and who submitted the solution that is being
    validated. `returns`: how often level 2 gave it back. `reminded`: reminders of this wait that were dealt with.
    """

    state: TicketState | None
    since: datetime
    calendar: Calendar = field(repr=False)
    waits: TicketWaits = field(default=TicketWaits(), repr=False)
    id: TicketId | None = None
    from_chat: bool = False
    level: int = 1
    owner_id: AgentId | None = None
    severity: Severity = PROVISIONAL
    provisional: bool = True
    category: str | None = None
    rfc: str | None = None
    evidence: str | None = None
    return_state: TicketState | None = None
    last_owners: Mapping[int, AgentId] = field(default_factory=dict, hash=False)
    authors: frozenset[AgentId] = frozenset()
    returns: int = 0
    reopened: int = 0
    reminded: int = 0

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What the system does, and when, if the ticket stays as it is."""
        return stages_of(self.state, self.since, self.calendar, self.waits) if self.state else ()


@dataclass(frozen=True, slots=True)
class Transition:
    """A move that may be made: the ticket afterwards, what the client and level 1 are told, what the clocks do.

    `row` is the move's place in the table of the process. `overrides`: a supervisor acted as somebody else, for the
    reason in the form; it belongs on the audit trail. `opens_new`: a new ticket that follows this one is to be opened.
    """

    row: str
    move: Move
    before: TicketState | None
    after: TicketFacts
    notice: Notice | None
    task: Task | None
    effects: tuple[Effect, ...]
    overrides: bool
    opens_new: bool
