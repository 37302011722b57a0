"""The life of a ticket as the process has it: every state, every move, everybody who may ask for it."""

from itertools import product

import pytest

from chatserver.errors import Refused
from chatserver.process.ticket import CODES, decide_move, find_row, moves_for
from chatserver.process.ticket_facts import CLIENT, THE_SYSTEM, Kind, Party, party_of
from chatserver.process.ticket_moves import BY_SOURCE, ROWS
from chatserver.process.ticket_names import Effect, Move, Notice, Task
from chatserver.process.ticket_states import ENDED, OPEN
from chatserver.types import SYSTEM, AgentId, PortalId, Role, StaffActor, VisitorActor, VisitorId
from chatserver.types import TicketState as State
from tests.process.cast import NOW, PARTIES, ask, filled, ticket
from tests.process.table import LEGAL

STATES = (None, *State)

WHEN = {
    Move.REMIND: ticket(State.WAITING_CLIENT).stages[0][0],
    Move.RESOLVE_UNANSWERED: ticket(State.WAITING_CLIENT).stages[2][0],
    Move.CLOSE: ticket(State.RESOLVED).stages[0][0],
}


@pytest.mark.parametrize(("state", "move", "who"), list(product(STATES, Move, PARTIES)))
def test_only_the_table_moves_a_ticket_and_only_for_those_it_names(state: State | None, move: Move, who: str) -> None:
    facts, by = ticket(state), PARTIES[who]
    request = ask(move, by, filled(facts, move), WHEN.get(move, NOW))
    to, allowed = LEGAL.get((state, move), (None, set()))
    if who in allowed:
        assert decide_move(facts, request).after.state is to
        return
    with pytest.raises(Refused) as refused:
        decide_move(facts, request)
    assert refused.value.code in ({"not_your_move", "not_owner"} if to else {"illegal_move"})
    assert move in refused.value.message
    assert move not in {offer.move for offer in moves_for(facts, by, request.at)}


def test_the_table_is_whole_and_no_row_hides_another() -> None:
    assert set(BY_SOURCE) == set(LEGAL)
    assert len(BY_SOURCE) == sum(len(row.sources) for row in ROWS)
    numbers = {row.number for row in ROWS}
    assert numbers == {str(number) for number in range(1, 28)} | {"1b", "25b"}
    assert {*OPEN, *ENDED} == set(State)


# What the client is told, what level 1 is told, and what the clocks do: of a person's move, then of another's.
SAID, STOP = Effect.SAID, Effect.STOP
FOLLOWS: dict[Move, tuple[Notice | None, Task | None, tuple[Effect, ...]]] = {
    Move.OPEN: (Notice.OPENED, None, (Effect.START, SAID)),
    Move.OPEN_FOR_L1: (Notice.CLASSIFIED, None, (Effect.START, SAID)),
    Move.OPEN_FOR_L2: (Notice.CLASSIFIED, None, (Effect.START, SAID)),
    Move.TAKE: (Notice.CLASSIFIED, None, (Effect.RECOMPUTE, SAID)),
    Move.SOLVE: (Notice.SOLUTION, None, (SAID, STOP)),
    Move.PASS_TO_L2: (Notice.PASSED_TO_L2, None, (SAID,)),
    Move.SIZE: (None, None, ()),
    Move.RETURN_TO_L1: (None, None, ()),
    Move.PASS_TO_L3: (Notice.PASSED_TO_L3, None, (SAID,)),
    Move.START_L3: (None, None, ()),
    Move.RETURN_TO_L2: (None, None, ()),
    Move.SUBMIT: (None, None, ()),
    Move.FAIL_VALIDATION: (None, None, ()),
    Move.VALIDATE: (Notice.VALIDATED, None, (SAID,)),
    Move.RELEASE: (None, Task.TELL_CLIENT, ()),
    Move.RELEASE_FAILED: (Notice.NEW_DATE, None, (SAID,)),
    Move.CONFIRM: (Notice.SOLUTION, None, (SAID, STOP)),
    Move.ASK_CLIENT: (Notice.QUESTION, None, (SAID, Effect.PAUSE)),
    Move.CLIENT_ANSWERED: (None, None, (Effect.RESUME,)),
    Move.REMIND: (Notice.REMINDER, None, ()),
    Move.RESOLVE_UNANSWERED: (Notice.UNANSWERED, None, (STOP,)),
    Move.REOPEN: (Notice.REOPENED, None, (Effect.REOPEN, SAID)),
    Move.CLOSE: (Notice.CLOSED, None, ()),
    Move.FOLLOW_UP: (Notice.FOLLOWED, None, ()),
    Move.CANCEL: (Notice.CANCELLED, None, (SAID, Effect.DROP)),
    Move.SET_SEVERITY: (Notice.SEVERITY_CHANGED, None, (Effect.RECOMPUTE, SAID)),
    Move.PROPOSE_SEVERITY: (None, Task.SEVERITY_PROPOSED, ()),
    Move.SET_OWNER: (None, None, ()),
    Move.PUT_BACK: (None, None, ()),
}


@pytest.mark.parametrize(("state", "move", "who"), [(*key, who) for key in LEGAL for who in sorted(LEGAL[key][1])])
def test_what_follows_from_a_move(state: State | None, move: Move, who: str) -> None:
    facts, by = ticket(state), PARTIES[who]
    made = decide_move(facts, ask(move, by, filled(facts, move), WHEN.get(move, NOW)))
    notice, task, effects = FOLLOWS[move]
    if made.row == "7":
        task = Task.SOLVED_BY_L2
    by_a_person = by.kind is Kind.STAFF
    assert (made.notice, made.task) == (notice, task)
    assert made.effects == tuple(each for each in effects if by_a_person or each is not SAID)
    assert made.opens_new is (move is Move.FOLLOW_UP)
    assert (made.row, made.before) == (find_row(state, move).number, state)


def test_parties_are_what_actors_are() -> None:
    staff = StaffActor(AgentId(3), "Sue", Role.ADMIN, 2, frozenset())
    assert party_of(staff) == Party(Kind.STAFF, AgentId(3), 2, supervises=True)
    assert party_of(VisitorActor(PortalId(1), "hash", VisitorId(1), "es-MX", None, None)) == CLIENT
    assert party_of(SYSTEM) == THE_SYSTEM


def test_codes_are_all_there_are() -> None:
    assert len(CODES) == 32
