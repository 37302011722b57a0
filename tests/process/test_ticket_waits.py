"""What the system does to a ticket by itself, to the minute, and what a client may still do until then."""

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from chatserver.errors import Refused
from chatserver.process.ticket import decide_move, moves_for
from chatserver.process.ticket_facts import CLIENT, THE_SYSTEM, Form, Person, TicketFacts
from chatserver.process.ticket_names import Move
from chatserver.process.ticket_waits import TicketWaits, WaitDue, decide_wait
from chatserver.types import TicketState as State
from tests.process.cast import ANA, OLGA, OPS, ask, at, ticket

INSTANT = timedelta.resolution
ASKED = at("13 10:00")
FIRST, AGAIN, GIVEN_UP, CLOSING = at("17 10:00"), at("18 10:00"), at("19 10:00"), at("26 10:00")


def waiting(reminded: int = 0) -> TicketFacts:
    return ticket(State.WAITING_CLIENT, since=ASKED, reminded=reminded)


def system(facts: TicketFacts, move: Move, when: datetime) -> TicketFacts:
    return decide_move(facts, ask(move, THE_SYSTEM, when=when)).after


def test_scenario_5_client_silent() -> None:
    facts = waiting()
    for when in (FIRST, AGAIN):
        assert decide_wait(facts.stages, facts.reminded, when).move is Move.REMIND
        facts = system(facts, Move.REMIND, when)
    assert decide_wait(facts.stages, facts.reminded, GIVEN_UP) == WaitDue(Move.RESOLVE_UNANSWERED, None)
    resolved = system(facts, Move.RESOLVE_UNANSWERED, GIVEN_UP)
    assert decide_wait(resolved.stages, 0, GIVEN_UP) == WaitDue(None, CLOSING)
    assert system(resolved, Move.CLOSE, CLOSING).state is State.CLOSED


def test_scenario_4_closes_by_itself() -> None:
    assert ticket(State.RESOLVED, since=at("17 13:25")).stages == ((at("24 13:25"), Move.CLOSE),)


@pytest.mark.parametrize(
    ("reminded", "now", "due"),
    [
        (0, FIRST - INSTANT, WaitDue(None, FIRST)),
        (0, FIRST, WaitDue(Move.REMIND, AGAIN)),
        (1, FIRST, WaitDue(None, AGAIN)),
        (1, AGAIN, WaitDue(Move.REMIND, GIVEN_UP)),
        (0, AGAIN, WaitDue(Move.REMIND, GIVEN_UP)),
        (2, AGAIN, WaitDue(None, GIVEN_UP)),
        (0, GIVEN_UP, WaitDue(Move.RESOLVE_UNANSWERED, None)),
        (2, CLOSING, WaitDue(Move.RESOLVE_UNANSWERED, None)),
    ],
)
def test_late_is_no_different_from_on_time_and_nothing_comes_twice(reminded: int, now: datetime, due: WaitDue) -> None:
    assert decide_wait(waiting().stages, reminded, now) == due


def test_two_reminders_that_are_late_are_one() -> None:
    reminded = system(waiting(), Move.REMIND, AGAIN)
    assert reminded.reminded == 2
    with pytest.raises(Refused) as refused:
        system(reminded, Move.REMIND, AGAIN)
    assert refused.value.code == "reminder_not_due"


def test_other_changes_leave_the_wait_as_it_is() -> None:
    owned = decide_move(waiting(), ask(Move.SET_OWNER, OLGA, Form(owner=Person(OPS, 2)), AGAIN)).after
    assert owned == waiting()
    answered = decide_move(waiting(1), ask(Move.CLIENT_ANSWERED, CLIENT, when=AGAIN)).after
    assert (answered.reminded, answered.since, answered.stages) == (0, AGAIN, ())
    assert decide_wait(answered.stages, 0, CLOSING) == WaitDue(None, None)


@pytest.mark.parametrize(
    ("facts", "move", "due", "code"),
    [
        (waiting(), Move.REMIND, FIRST, "reminder_not_due"),
        (waiting(), Move.RESOLVE_UNANSWERED, GIVEN_UP, "answer_not_due"),
        (ticket(State.RESOLVED, since=GIVEN_UP), Move.CLOSE, CLOSING, "closing_not_due"),
    ],
)
def test_the_system_does_nothing_too_early(facts: TicketFacts, move: Move, due: datetime, code: str) -> None:
    with pytest.raises(Refused) as refused:
        system(facts, move, due - INSTANT)
    assert refused.value.code == code
    assert move not in {offer.move for offer in moves_for(facts, THE_SYSTEM, due - INSTANT)}
    system(facts, move, due)


def test_a_client_closes_at_once_and_reopens_until_the_very_last_instant() -> None:
    resolved = ticket(State.RESOLVED, since=GIVEN_UP)
    assert decide_move(resolved, ask(Move.CLOSE, CLIENT, when=GIVEN_UP)).after.state is State.CLOSED
    for by in (CLIENT, ANA):
        assert decide_move(resolved, ask(Move.REOPEN, by, when=CLOSING)).after.reopened == 1
        with pytest.raises(Refused) as refused:
            decide_move(resolved, ask(Move.REOPEN, by, when=CLOSING + INSTANT))
        assert refused.value.code == "reopening_over"


def test_a_closed_ticket_is_followed_for_thirty_days() -> None:
    closed = ticket(State.CLOSED, since=CLOSING)
    last = CLOSING + timedelta(days=30)
    assert decide_move(closed, ask(Move.FOLLOW_UP, CLIENT, when=last)).opens_new
    with pytest.raises(Refused) as refused:
        decide_move(closed, ask(Move.FOLLOW_UP, CLIENT, when=last + INSTANT))
    assert refused.value.code == "following_over"


def test_the_waits_are_settings() -> None:
    quick = TicketWaits.model_validate({"remind_first": "1", "remind_again": 2, "resolve_unanswered": 2.5})
    facts = ticket(State.WAITING_CLIENT, since=ASKED, waits=quick)
    assert [when for when, _ in facts.stages] == [at("13 11:00"), at("13 12:00"), at("13 12:30")]


@pytest.mark.parametrize(
    "wrong", [{"remind_first": 22}, {"resolve_unanswered": 22}, {"remind_first": 0}, {"follow_days": 0}, {"close": 1}]
)
def test_impossible_waits_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        TicketWaits.model_validate(wrong)
