"""The life of a ticket: which moves somebody may make, and what follows from one. All of it is read from the table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chatserver.errors import Refused
from chatserver.process.severity import Severity
from chatserver.process.ticket_facts import Form, Kind, MoveRequest, Party, TicketFacts, Transition
from chatserver.process.ticket_guards import REASON, Need
from chatserver.process.ticket_moves import BY_SOURCE, ROWS, Owner, Row, Source, Target
from chatserver.process.ticket_names import CancelCause, Effect, Move, Notice
from chatserver.process.ticket_states import level_of
from chatserver.process.ticket_waits import reminders_passed
from chatserver.process.ticket_who import Leave
from chatserver.types import AgentId
from chatserver.types import TicketState as State

CODES = frozenset({"illegal_move", "not_your_move", "not_owner"} | {guard.code for row in ROWS for guard in row.guards})
"""Every code with which a move is refused."""


def decide_move(facts: TicketFacts, request: MoveRequest) -> Transition:
    """What follows from a move. Raises `Refused`: first for a move the state does not have, then for one that is not
    this person's, then for the first guard that does not hold, with the field that is missing."""
    row = find_row(facts.state, request.move)
    leave = row.who.leave(request.by, facts)
    if leave is Leave.NO:
        raise _not_theirs(row)
    if leave is Leave.OVERRIDE:
        REASON.refuse(facts, request)
    for guard in row.guards:
        guard.refuse(facts, request)
    notice = _notice(row, request.form)
    return Transition(
        row=row.number,
        move=row.move,
        before=facts.state,
        after=_after(row, facts, request),
        notice=notice,
        task=row.task,
        effects=_effects(row, notice, request.by),
        overrides=leave is Leave.OVERRIDE,
        opens_new=row.move is Move.FOLLOW_UP,
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that somebody may make now, once the fields it `needs` are filled in. `overrides`: as a supervisor."""

    move: Move
    to: State
    needs: tuple[Need, ...]
    overrides: bool


def moves_for(facts: TicketFacts, by: Party, at: datetime) -> tuple[Offer, ...]:
    """What a console offers, in the order of the table: what is not offered is refused, whatever is filled in."""
    rows = (row for row in ROWS if facts.state in row.sources)
    offers = (_offer(row, facts, MoveRequest(row.move, by, at)) for row in rows)
    return tuple(offer for offer in offers if offer)


def find_row(state: Source, move: Move) -> Row:
    try:
        return BY_SOURCE[state, move]
    except KeyError:
        known = f"A ticket that is {state}" if state else "A ticket that does not exist yet"
        raise Refused("illegal_move", f"{known} cannot {move}.") from None


def _offer(row: Row, facts: TicketFacts, request: MoveRequest) -> Offer | None:
    leave = row.who.leave(request.by, facts)
    in_the_way = (guard for guard in row.guards if not guard.needs and guard.check(facts, request))
    if leave is Leave.NO or any(in_the_way):
        return None
    asked = [need for guard in row.guards for need in guard.needed(facts)]
    if leave is Leave.OVERRIDE:
        asked += REASON.needs
    return Offer(row.move, _target(row, facts), tuple(dict.fromkeys(asked)), leave is Leave.OVERRIDE)


def _not_theirs(row: Row) -> Refused:
    code = "not_owner" if row.who.owner else "not_your_move"
    return Refused(code, f"Only these may {row.move}: {', '.join(row.who.names)}.")


def _target(row: Row, facts: TicketFacts) -> State:
    if isinstance(row.to, State):
        return row.to
    found = facts.state if row.to is Target.SAME else facts.return_state
    if found is None:
        raise ValueError(f"A ticket that is {facts.state} has no state to return to.")
    return found


def _notice(row: Row, form: Form) -> Notice | None:
    """Spam is not answered; a ticket that follows another was told of by that one."""
    silent = form.cause is CancelCause.SPAM if row.move is Move.CANCEL else form.follows is not None
    return None if silent else row.notice


def _effects(row: Row, notice: Notice | None, by: Party) -> tuple[Effect, ...]:
    """A notice of what a person decided is a person's word; one of a timer or an arrival is not."""
    said = {Effect.SAID} if notice and by.kind is Kind.STAFF else set()
    return tuple(effect for effect in Effect if effect in {*row.effects, *said})


def _after(row: Row, facts: TicketFacts, request: MoveRequest) -> TicketFacts:
    form, to = request.form, _target(row, facts)
    level, moved = level_of(to, facts.level), to is not facts.state
    severity, provisional = _severity(row, facts, form)
    asked = {need.field for guard in row.guards for need in guard.needs}
    return replace(
        facts,
        state=to,
        since=request.at if moved else facts.since,
        level=level,
        owner_id=_owner(row, facts, request, level),
        severity=severity,
        provisional=provisional,
        category=(form.category if "category" in asked else None) or facts.category,
        rfc=(form.rfc if "rfc" in asked else None) or facts.rfc,
        evidence=(form.evidence if "evidence" in asked else None) or facts.evidence,
        return_state=_return_state(row, facts, moved),
        last_owners=_last_owners(row, facts, request.by),
        authors=_authors(row, facts, request.by),
        returns=facts.returns + (row.move is Move.RETURN_TO_L1),
        reopened=facts.reopened + (row.move is Move.REOPEN),
        reminded=_reminded(row, facts, request.at, moved),
    )


def _return_state(row: Row, facts: TicketFacts, moved: bool) -> State | None:
    if row.move is Move.ASK_CLIENT:
        return facts.state
    return None if moved else facts.return_state


def _reminded(row: Row, facts: TicketFacts, at: datetime, moved: bool) -> int:
    if row.move is Move.REMIND:
        return reminders_passed(facts.stages, at)
    return 0 if moved else facts.reminded


def _severity(row: Row, facts: TicketFacts, form: Form) -> tuple[Severity, bool]:
    """The severity afterwards, and whether it is still provisional. Once it is classified only row 25 changes it."""
    if row.move is Move.OPEN or not {Effect.START, Effect.RECOMPUTE} & {*row.effects}:
        return facts.severity, facts.provisional
    free = facts.provisional or row.move is Move.SET_SEVERITY
    return (form.severity if free else None) or facts.severity, False


def _owner(row: Row, facts: TicketFacts, request: MoveRequest, level: int) -> AgentId | None:
    match row.owner:
        case Owner.KEEP:
            return facts.owner_id
        case Owner.ACTOR:
            return request.by.id
        case Owner.NAMED:
            return request.form.owner.id if request.form.owner else None
        case Owner.NOBODY:
            return None
        case Owner.FORMER:
            return facts.owner_id if level == facts.level else facts.last_owners.get(level)


def _last_owners(row: Row, facts: TicketFacts, by: Party) -> Mapping[int, AgentId]:
    """Whoever passes a chat straight to level 2 had it at level 1."""
    had_it = by.id if row.move is Move.OPEN_FOR_L2 else facts.owner_id
    return facts.last_owners if had_it is None else {**facts.last_owners, facts.level: had_it}


def _authors(row: Row, facts: TicketFacts, by: Party) -> frozenset[AgentId]:
    """Whoever made the solution and whoever submitted it; until it is submitted again they stay."""
    if row.move is not Move.SUBMIT:
        return facts.authors
    return frozenset(person for person in (by.id, facts.owner_id) if person is not None)
