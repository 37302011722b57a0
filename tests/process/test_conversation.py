"""The life of a conversation as process.md has it: which moves exist, which waits a state has, what is due and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.process.conversation import (
    Act,
    Due,
    Facts,
    IllegalMove,
    Move,
    TimerKind,
    decide_due,
    decide_return,
    decide_unclassified,
    next_state,
    timers_of,
)
from chatserver.process.rules import Timers
from chatserver.types import OPEN_STATES
from chatserver.types import ConversationState as State

TIMERS = Timers()
T = datetime(2026, 11, 10, 16, 0, tzinfo=UTC)
CLOSING = T + timedelta(hours=9)

# Every legal pair, written down a second time, from the table of process.md.
LEGAL = {
    State.QUEUED: {Move.OFFER: State.OFFERED, Move.ABANDON: State.ABANDONED, Move.MISS: State.MISSED},
    State.OFFERED: {
        Move.ANSWER: State.ACTIVE,
        Move.OFFER: State.OFFERED,
        Move.KEEP: State.ACTIVE,
        Move.RETURN: State.QUEUED,
        Move.ABANDON: State.ABANDONED,
        Move.ESCALATE: State.ESCALATED,
    },
    State.ACTIVE: {
        Move.OFFER: State.OFFERED,
        Move.RETURN: State.QUEUED,
        Move.WRAP_UP: State.WRAP_UP,
        Move.ESCALATE: State.ESCALATED,
    },
    State.WRAP_UP: {Move.RESUME: State.ACTIVE, Move.CLOSE: State.CLOSED, Move.ESCALATE: State.ESCALATED},
}


def at(minutes: float) -> datetime:
    return T + timedelta(minutes=minutes)


def facts(
    state: State,
    *,
    visitor: float | None = None,
    agent: float | None = None,
    since: float = 0,
    closes: datetime | None = CLOSING,
    extended: bool = False,
) -> Facts:
    """A conversation in `state` since so many minutes after T; `visitor`, `agent`: when each last spoke."""
    return Facts(
        state=state,
        state_since=at(since),
        queued_at=at(since),
        closes_at=closes,
        last_visitor_at=None if visitor is None else at(visitor),
        last_agent_at=None if agent is None else at(agent),
        extended=extended,
    )


@pytest.mark.parametrize(("state", "move"), list(product(State, Move)))
def test_every_pair_of_state_and_move_is_legal_or_named(state: State, move: Move) -> None:
    legal = LEGAL.get(state, {}).get(move)
    if legal is not None:
        assert next_state(state, move) is legal
        return
    with pytest.raises(IllegalMove, match=rf"^A conversation that is {state.value} cannot {move.value}\.$") as caught:
        next_state(state, move)
    assert (caught.value.state, caught.value.move) == (state, move)


def test_an_ended_conversation_never_moves() -> None:
    assert set(LEGAL) == set(OPEN_STATES)


QUEUED, OFFERED, ACTIVE, WRAP_UP = State.QUEUED, State.OFFERED, State.ACTIVE, State.WRAP_UP


@pytest.mark.parametrize(
    ("now", "armed"),
    [
        (facts(QUEUED), {TimerKind.QUEUE: at(3)}),
        (facts(QUEUED, closes=at(2)), {TimerKind.QUEUE: at(2)}),
        (facts(QUEUED, closes=None), {TimerKind.QUEUE: at(3)}),
        (facts(OFFERED), {TimerKind.OFFER: at(1)}),
        (
            facts(ACTIVE),
            {
                TimerKind.AGENT_SILENT: at(3),
                TimerKind.VISITOR_SILENT: at(5),
                TimerKind.AFTER_HOURS: CLOSING + timedelta(minutes=30),
            },
        ),
        (facts(ACTIVE, closes=None), {TimerKind.AGENT_SILENT: at(3), TimerKind.VISITOR_SILENT: at(5)}),
        (
            facts(ACTIVE, since=10, visitor=2, agent=1, closes=None),
            {TimerKind.AGENT_SILENT: at(13), TimerKind.VISITOR_SILENT: at(15)},
        ),
        (facts(WRAP_UP), {TimerKind.WRAP_UP: at(2)}),
        *((facts(state), {}) for state in State if state not in OPEN_STATES),
    ],
)
def test_a_state_arms_its_timers(now: Facts, armed: dict[TimerKind, datetime]) -> None:
    assert dict(timers_of(now, TIMERS)) == armed


SECOND = 1 / 60


@pytest.mark.parametrize(
    ("minutes", "act", "again"),
    [
        (0, Act.NOTHING, 3),
        (3 - SECOND, Act.NOTHING, 3),
        (3, Act.OFFER_MESSAGE, 15),
        (15 - SECOND, Act.OFFER_MESSAGE, 15),
        (15, Act.MISS, None),
        (600, Act.MISS, None),
    ],
)
def test_a_waiting_client_is_offered_the_form_and_then_missed(minutes: float, act: Act, again: float | None) -> None:
    assert decide_due(TimerKind.QUEUE, facts(QUEUED), TIMERS, at(minutes)) == due(act, again)


@pytest.mark.parametrize(
    ("closes", "minutes", "act", "again"),
    [
        (2, 2 - SECOND, Act.NOTHING, 2),
        (2, 2, Act.MISS, None),
        (3, 3, Act.MISS, None),
        (8, 3, Act.OFFER_MESSAGE, 8),
        (8, 8, Act.MISS, None),
        (20, 3, Act.OFFER_MESSAGE, 15),
    ],
)
def test_closing_ends_the_wait(closes: float, minutes: float, act: Act, again: float | None) -> None:
    now = facts(QUEUED, closes=at(closes))
    assert decide_due(TimerKind.QUEUE, now, TIMERS, at(minutes)) == due(act, again)


@pytest.mark.parametrize(
    ("minutes", "act", "again"),
    [
        (1 - SECOND, Act.NOTHING, 1),
        (1, Act.NUDGE, 2),
        (2 - SECOND, Act.NUDGE, 2),
        (2, Act.ALERT, 3),
        (3 - SECOND, Act.ALERT, 3),
        (3, Act.RETURN, None),
        (90, Act.RETURN, None),
    ],
)
def test_an_offer_is_nudged_alerted_and_missed(minutes: float, act: Act, again: float | None) -> None:
    assert decide_due(TimerKind.OFFER, facts(OFFERED), TIMERS, at(minutes)) == due(act, again)


@pytest.mark.parametrize(
    ("minutes", "act", "again"),
    [
        (3 - SECOND, Act.NOTHING, 3),
        (3, Act.NUDGE, 5),
        (5 - SECOND, Act.NUDGE, 5),
        (5, Act.ALERT, 8),  # the agent may answer, and a new silence begin: look again before that could be over
        (8, Act.ALERT, 10),
        (10 - SECOND, Act.ALERT, 10),
        (10, Act.RETURN, None),
        (30, Act.RETURN, None),
    ],
)
def test_a_silent_agent_is_nudged_alerted_and_relieved(minutes: float, act: Act, again: float | None) -> None:
    now = facts(ACTIVE, visitor=0, since=-1)
    assert decide_due(TimerKind.AGENT_SILENT, now, TIMERS, at(minutes)) == due(act, again)


@pytest.mark.parametrize(
    ("extended", "minutes", "act", "again"),
    [
        (False, 5 - SECOND, Act.NOTHING, 5),
        (False, 5, Act.ASK, 10),
        (False, 10 - SECOND, Act.ASK, 10),
        (False, 10, Act.WRAP_UP, None),
        (True, 10, Act.ASK, 15),
        (True, 15, Act.ASK, 20),
        (True, 20 - SECOND, Act.ASK, 20),
        (True, 20, Act.WRAP_UP, None),
        (True, 45, Act.WRAP_UP, None),
    ],
)
def test_a_silent_client_is_asked_and_then_wrapped_up(
    extended: bool, minutes: float, act: Act, again: float | None
) -> None:
    now = facts(ACTIVE, agent=0, since=-1, extended=extended)
    assert decide_due(TimerKind.VISITOR_SILENT, now, TIMERS, at(minutes)) == due(act, again)


@pytest.mark.parametrize(
    ("kind", "visitor", "agent", "again"),
    [
        # Silence counts only while the other spoke last; otherwise the timer looks again after its shortest wait.
        (TimerKind.AGENT_SILENT, None, None, 33),
        (TimerKind.AGENT_SILENT, None, 1, 33),
        (TimerKind.AGENT_SILENT, 1, 2, 33),
        (TimerKind.AGENT_SILENT, 2, 2, 33),
        (TimerKind.VISITOR_SILENT, None, None, 35),
        (TimerKind.VISITOR_SILENT, 1, None, 35),
        (TimerKind.VISITOR_SILENT, 2, 1, 35),
    ],
)
def test_nobody_is_silent_while_it_is_not_their_turn(
    kind: TimerKind, visitor: float | None, agent: float | None, again: float
) -> None:
    now = facts(ACTIVE, visitor=visitor, agent=agent)
    assert decide_due(kind, now, TIMERS, at(30)) == due(Act.NOTHING, again)


def test_silence_counts_from_the_last_word_and_not_from_before_the_conversation_became_active() -> None:
    waited = facts(ACTIVE, visitor=-20, since=0)
    assert decide_due(TimerKind.AGENT_SILENT, waited, TIMERS, at(2)) == due(Act.NOTHING, 3)
    spoke = facts(ACTIVE, visitor=4, agent=1, since=0)
    assert decide_due(TimerKind.AGENT_SILENT, spoke, TIMERS, at(6)) == due(Act.NOTHING, 7)
    resumed = facts(ACTIVE, visitor=-2, agent=-1, since=0)
    assert decide_due(TimerKind.VISITOR_SILENT, resumed, TIMERS, at(4)) == due(Act.NOTHING, 5)


def test_after_hours_and_wrap_up_end_when_they_are_due() -> None:
    assert decide_due(TimerKind.AFTER_HOURS, facts(ACTIVE), TIMERS, CLOSING) == Due(Act.ESCALATE)
    assert decide_due(TimerKind.WRAP_UP, facts(WRAP_UP), TIMERS, at(2)) == Due(Act.EXPIRE)


def test_after_hours_waits_for_the_end_of_a_day_that_goes_on_after_a_break() -> None:
    on = replace(facts(ACTIVE), on_until=at(300))
    assert decide_due(TimerKind.AFTER_HOURS, on, TIMERS, at(90)) == due(Act.NOTHING, 330)


@pytest.mark.parametrize(
    ("visitor", "agent", "move"),
    [
        (None, 1, Move.CLOSE),
        (1, 2, Move.CLOSE),
        (2, 2, Move.CLOSE),
        (2, 1, Move.ESCALATE),
        (1, None, Move.ESCALATE),
        (None, None, Move.CLOSE),
    ],
)
def test_an_unclassified_wrap_up_closes_only_if_the_agent_had_the_last_word(
    visitor: float | None, agent: float | None, move: Move
) -> None:
    assert decide_unclassified(facts(WRAP_UP, visitor=visitor, agent=agent)) is move


def test_a_return_after_closing_is_an_escalation() -> None:
    assert decide_return(desk_open=True) is Move.RETURN
    assert decide_return(desk_open=False) is Move.ESCALATE


def test_the_waits_are_settings() -> None:
    quick = Timers.model_validate({"offer_nudge": 1, "offer_alert": 2, "offer_missed": 4})
    assert decide_due(TimerKind.OFFER, facts(OFFERED), quick, T + timedelta(seconds=3)) == Due(
        Act.ALERT, T + timedelta(seconds=4)
    )


MOMENTS = st.one_of(st.none(), st.integers(-3000, 3000).map(lambda seconds: at(seconds / 60)))


@given(
    state=st.sampled_from(OPEN_STATES),
    visitor=MOMENTS,
    agent=MOMENTS,
    closes=st.one_of(st.none(), st.integers(1, 30_000).map(lambda seconds: at(seconds / 60))),
    extended=st.booleans(),
    late=st.integers(0, 90_000),
)
def test_a_timer_ends_or_looks_again_later_and_never_asks_for_an_illegal_move(
    state: State,
    visitor: datetime | None,
    agent: datetime | None,
    closes: datetime | None,
    extended: bool,
    late: int,
) -> None:
    now = Facts(state, T, T, closes, visitor, agent, extended)
    moves = {Act.MISS: Move.MISS, Act.RETURN: Move.RETURN, Act.WRAP_UP: Move.WRAP_UP, Act.ESCALATE: Move.ESCALATE}
    for kind, due_at in timers_of(now, TIMERS):
        fired_at = due_at + timedelta(seconds=late)
        decided = decide_due(kind, now, TIMERS, fired_at)
        assert decided.again_at is None or decided.again_at > fired_at
        assert decided.again_at or decided.act is not Act.NOTHING
        if decided.act in moves:
            next_state(state, moves[decided.act])


def due(act: Act, again: float | None) -> Due:
    return Due(act, None if again is None else at(again))
