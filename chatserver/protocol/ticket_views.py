"""What staff see of a ticket: the whole of it, a line of its history, a row of a board."""

from chatserver.process.clocks import Clock, Standing
from chatserver.process.severity import Impact, Severity, Urgency
from chatserver.process.ticket_names import CancelCause, LinkKind, Move, Notice, StepKind, Task
from chatserver.protocol.base import Instant, Wire
from chatserver.protocol.views import Person
from chatserver.types import Channel, TicketState


class NextPromise(Wire):
    """The promise of a ticket that falls due first."""

    clock: Clock
    due: Instant


class ClockView(Wire):
    """One clock. `due` is None while it stands still; `standing` is the verdict as of the last turn or alarm."""

    clock: Clock
    due: Instant | None
    standing: Standing


class BreachView(Wire):
    """A promise that was not kept."""

    clock: Clock
    due: Instant


class PauseView(Wire):
    """A time in which the clocks stood still; `end` is None while it lasts."""

    start: Instant
    end: Instant | None


class LinkView(Wire):
    """Another ticket. `back`: the link was made from there, and is read the other way round."""

    kind: LinkKind
    back: bool
    ticket: int
    folio: str


class ClientContact(Wire):
    """How a client is reached. A caller may have no address; `rfc_warning` is a locale key."""

    id: int
    name: str
    email: str | None
    phone: str | None
    rfc: str | None
    rfc_warning: str | None


class TicketView(Wire):
    """A whole ticket. `warned`: the share in percent of a budget that is used up, where somebody was warned of it, else
    0. `proposed` is a severity that level 2 or 3 would rather have. `version` grows with every change that counts."""

    id: int
    folio: str
    version: int
    portal: int
    conversation: int
    channel: Channel
    origin: str
    client: ClientContact
    state: TicketState
    since: Instant
    return_state: TicketState | None
    severity: Severity
    provisional: bool
    proposed: Severity | None
    impact: Impact | None
    urgency: Urgency | None
    level: int
    owner: Person | None
    category: str | None
    summary: str
    rfc: str | None
    evidence: str | None
    evidence_files: list[int]
    external_cause: bool
    sizing: str | None
    diagnosis: str | None
    test_evidence: str | None
    solution: str | None
    release_from: Instant | None
    release_until: Instant | None
    release_version: str | None
    released_at: Instant | None
    no_deployment: bool
    planned_date: Instant | None
    cancel_cause: CancelCause | None
    returns: int
    reopened: int
    sla_start: Instant
    first_replied_at: Instant | None
    last_public_human_at: Instant | None
    resolved_at: Instant | None
    closed_at: Instant | None
    clocks: list[ClockView]
    pauses: list[PauseView]
    breaches: list[BreachView]
    warned: int
    links: list[LinkView]
    created_at: Instant


class StepView(Wire):
    """A line of a ticket's history, by `number`. `by` is empty for what happened by itself; `details` is what was
    filled in, by the names of the form's fields."""

    number: int
    at: Instant
    by: str
    kind: StepKind
    move: Move | None
    row: str | None
    before: TicketState | None
    after: TicketState
    overrides: bool
    reason: str | None
    notice: Notice | None
    task: Task | None
    details: dict[str, str | int | bool]


class BoardRow(Wire):
    """A ticket on a board. `next` is None while nothing is due."""

    id: int
    folio: str
    portal: int
    conversation: int
    visitor: str
    summary: str
    severity: Severity
    provisional: bool
    proposed: Severity | None
    level: int
    state: TicketState
    since: Instant
    owner: Person | None
    external_cause: bool
    next: NextPromise | None
    warned: int
    created_at: Instant


class NeedView(Wire):
    """A field that a move asks for. `instead`: another field that makes it unnecessary; `only_for`: the one cause it is
    for."""

    field: str
    instead: str | None
    only_for: CancelCause | None


class OfferView(Wire):
    """A move that this person may make now, once the fields it needs are filled in. `overrides`: as a supervisor, who
    must say why."""

    move: Move
    to: TicketState
    needs: list[NeedView]
    overrides: bool
