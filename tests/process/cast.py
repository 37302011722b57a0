"""Who and what the tests of the process play with: a help desk in Monterrey, its people, and forms filled in whole."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from chatserver.process.severity import Severity
from chatserver.process.ticket_facts import CLIENT, THE_SYSTEM, Form, Kind, MoveRequest, Party, Person, TicketFacts
from chatserver.process.ticket_names import CancelCause, Move
from chatserver.process.ticket_states import level_of
from chatserver.routing.hours import CLOSED, Calendar, Interval
from chatserver.types import AgentId, TicketId, TicketState

DESK = Calendar("America/Monterrey", ((Interval(time(8), time(19)),),) * 5 + (CLOSED,) * 2, "MX")


def at(text: str) -> datetime:
    """A time in November 2026 in Monterrey, as in `13 18:40`."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZoneInfo("America/Monterrey"))


NOW = at("10 12:00")
HELP, OTHER_HELP, OPS, DEV, OTHER_DEV, SUE, SUE_OF_OPS = (AgentId(number) for number in range(1, 8))

ANA = Party(Kind.STAFF, HELP, 1)
BEN = Party(Kind.STAFF, OTHER_HELP, 1)
OLGA = Party(Kind.STAFF, OPS, 2)
DAN = Party(Kind.STAFF, DEV, 3)
EVA = Party(Kind.STAFF, OTHER_DEV, 3)
SUPERVISOR = Party(Kind.STAFF, SUE, 1, supervises=True)
SUPERVISOR_OF_OPS = Party(Kind.STAFF, SUE_OF_OPS, 2, supervises=True)
PARTIES = {
    "level 1": ANA,
    "level 2": OLGA,
    "level 3": DAN,
    "supervisor": SUPERVISOR,
    "client": CLIENT,
    "system": THE_SYSTEM,
}

FOLIO = TicketId(17)
OTHER_FOLIO = TicketId(4)

FULL = Form(
    contact="vic@example.com",
    category="timbrado",
    summary="No timbra.",
    rfc="none",
    evidence="none",
    solution="Ya timbra.",
    message="Ya quedó.",
    question="¿Desde cuándo?",
    sizing="2 h",
    reason="Así conviene.",
    diagnosis="El sello.",
    test_evidence="Pruebas 1 a 9.",
    release_from=at("12 20:00"),
    release_until=at("12 21:00"),
    version="4.2",
    released_at=at("10 11:59"),
    new_date=at("13 10:00"),
    cause=CancelCause.DUPLICATE,
    duplicate_of=OTHER_FOLIO,
)


def filled(facts: TicketFacts, move: Move) -> Form:
    """Everything that could be asked for, so that only what is wrong in a test is wrong."""
    severity = None if move is Move.OPEN else Severity.S2 if facts.severity is not Severity.S2 else Severity.S4
    level = 3 if move is Move.START_L3 else facts.level
    return replace(FULL, severity=severity, owner=Person(OTHER_DEV, level))


def ticket(state: TicketState | None, **changes: Any) -> TicketFacts:
    """A classified ticket in `state` since noon, that Ana has at level 1, Olga at level 2, Dan at level 3."""
    level = level_of(state) if state else 1
    return_state = TicketState.L2_WORKING if state is TicketState.WAITING_CLIENT else None
    level = 2 if return_state else level
    facts = TicketFacts(
        state=state,
        since=NOW,
        calendar=DESK,
        id=FOLIO if state else None,
        from_chat=True,
        level=level,
        owner_id={1: HELP, 2: OPS, 3: DEV}[level] if state else None,
        severity=Severity.S3,
        provisional=state in (None, TicketState.NEW),
        return_state=return_state,
        last_owners={1: HELP, 2: OPS, 3: DEV} if state else {},
    )
    return replace(facts, **changes)


def ask(move: Move, by: Party, form: Form = FULL, when: datetime = NOW) -> MoveRequest:
    return MoveRequest(move, by, when, form)
