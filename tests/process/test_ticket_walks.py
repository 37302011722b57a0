"""Random walks: whatever anybody asks for, only the table moves a ticket, and its ledger stays whole."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chatserver.errors import Refused
from chatserver.process.clocks import Promises, start_clocks, turn_clocks
from chatserver.process.severity import Severity
from chatserver.process.sla import DEFAULT_POLICY
from chatserver.process.ticket import CODES, decide_move, moves_for
from chatserver.process.ticket_facts import THE_SYSTEM, Form, Kind, MoveRequest, Party, Person, Transition
from chatserver.process.ticket_moves import BY_SOURCE, Target
from chatserver.process.ticket_names import CancelCause, Effect, Move
from chatserver.process.ticket_states import ASKING
from chatserver.types import AgentId, TicketId
from chatserver.types import TicketState as State
from tests.process.cast import DESK, FULL, NOW, PARTIES, filled, ticket

WALKS = 200
STEPS = 20
PROMISES = Promises(DEFAULT_POLICY, DESK)

CAME_BY = {
    State.WAITING_CLIENT: {Effect.SAID, Effect.PAUSE},
    State.RESOLVED: {Effect.SAID, Effect.STOP},
    State.CLOSED: {Effect.SAID, Effect.STOP},
    State.CANCELLED: {Effect.DROP},
}

parties = st.builds(Party, st.sampled_from(Kind), st.integers(1, 6).map(AgentId), st.integers(1, 3), st.booleans())
forms = st.builds(
    replace,
    st.just(FULL),
    severity=st.none() | st.sampled_from(Severity),
    reason=st.none() | st.just("Así conviene."),
    owner=st.none() | st.builds(Person, st.integers(1, 6).map(AgentId), st.integers(1, 3)),
    cause=st.none() | st.sampled_from(CancelCause),
    duplicate_of=st.none() | st.just(TicketId(4)),
    solution=st.none() | st.just("Ya timbra."),
    no_deployment=st.booleans(),
)


class Walk(RuleBasedStateMachine):
    """One ticket. `walker` is who tries most; everybody else moves it now and then, so that it gets somewhere."""

    walker: Party

    @initialize(state=st.sampled_from(State))
    def begin(self, state: State) -> None:
        """Anywhere: few walks from the beginning would get as far as a release."""
        self.facts, self.now = ticket(state), NOW
        began = start_clocks(PROMISES, self.facts.severity, NOW)
        self.clocks = turn_clocks(began, CAME_BY.get(state, set()), NOW, PROMISES)

    @rule(minutes=st.integers(0, 60 * 24 * 3))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(move=st.sampled_from(Move), form=forms)
    def the_walker_tries_anything(self, move: Move, form: Form) -> None:
        self.tries(self.walker, move, form)

    @rule(by=parties, move=st.sampled_from(Move), form=forms)
    def somebody_tries_anything(self, by: Party, move: Move, form: Form) -> None:
        self.tries(by, move, form)

    @rule(by=st.sampled_from([*PARTIES.values()]), pick=st.integers(0, 30))
    def somebody_takes_what_is_offered(self, by: Party, pick: int) -> None:
        """Every offered move succeeds once its form is filled in."""
        offers = [offer for offer in moves_for(self.facts, by, self.now) if offer.move is not Move.CANCEL or pick == 30]
        if offers:
            offer = offers[pick % len(offers)]
            form = replace(filled(self.facts, offer.move), reason="Así conviene.", released_at=self.now)
            made = decide_move(self.facts, MoveRequest(offer.move, by, self.now, form))
            assert (made.after.state, made.overrides) == (offer.to, offer.overrides)
            self.follow(made, by)

    @precondition(lambda self: self.facts.stages)
    @rule(which=st.integers(0, 2))
    def nothing_happens_until_the_system_does_something(self, which: int) -> None:
        when, move = self.facts.stages[which % len(self.facts.stages)]
        self.now = max(self.now, when)
        self.tries(THE_SYSTEM, move, FULL)

    @precondition(lambda self: self.facts.owner_id is not None)
    @rule()
    def its_owner_asks_the_client(self) -> None:
        self.tries(Party(Kind.STAFF, self.facts.owner_id, self.facts.level), Move.ASK_CLIENT, FULL)

    def tries(self, by: Party, move: Move, form: Form) -> None:
        offered = {offer.move for offer in moves_for(self.facts, by, self.now)}
        made = self.made(MoveRequest(move, by, self.now, form))
        if isinstance(made, Refused):
            assert made.code in CODES
            assert made.message
            assert move not in offered or made.field
        else:
            assert move in offered
            self.follow(made, by)

    def made(self, request: MoveRequest) -> Transition | Refused:
        try:
            return decide_move(self.facts, request)
        except Refused as refused:
            return refused

    def follow(self, made: Transition, by: Party) -> None:
        before, after = self.facts, made.after
        row = BY_SOURCE[before.state, made.move]
        assert after.state is (row.to if not isinstance(row.to, Target) else self.expected(row.to))
        assert before.state not in {State.CLOSED, State.CANCELLED} or after == before
        assert after.reopened - before.reopened == (before.state is State.RESOLVED and after.state is State.L1_WORKING)
        assert after.state is not State.RELEASED or made.move is not Move.RELEASE or by.level == 2
        assert made.overrides <= by.supervises
        assert by.kind is Kind.STAFF or Effect.SAID not in made.effects
        noted = self.clocks.breaches
        self.clocks = turn_clocks(self.clocks, made.effects, self.now, PROMISES, after.severity)
        assert noted <= self.clocks.breaches
        self.facts = after

    def expected(self, target: Target) -> State | None:
        return self.facts.state if target is Target.SAME else self.facts.return_state

    @invariant()
    def the_ledger_and_the_ticket_agree(self) -> None:
        facts, clocks = self.facts, self.clocks
        assert clocks.paused is (facts.state is State.WAITING_CLIENT)
        assert bool(clocks.resolved_at) is (facts.state in {State.RESOLVED, State.CLOSED})
        assert bool(clocks.dropped_at) is (facts.state is State.CANCELLED)
        assert clocks.severity is facts.severity
        assert clocks.update_due is None or not (clocks.stopped or clocks.paused)
        reopenings = [pause for pause in clocks.pauses if pause.end]
        assert len(reopenings) >= facts.reopened
        bounds = [bound for pause in clocks.pauses for bound in (pause.start, pause.end) if bound]
        assert bounds == sorted(bounds)

    @invariant()
    def a_return_state_is_kept_only_while_the_client_is_asked(self) -> None:
        assert (self.facts.return_state in ASKING) is (self.facts.state is State.WAITING_CLIENT)
        assert self.facts.since <= self.now


@pytest.mark.timeout(300)
@pytest.mark.parametrize("who", PARTIES)
def test_a_walk_of_two_hundred(who: str) -> None:
    class WalkOf(Walk):
        walker = PARTIES[who]

    run_state_machine_as_test(
        WalkOf,
        settings=settings(
            max_examples=WALKS, stateful_step_count=STEPS, suppress_health_check=[HealthCheck.too_slow], deadline=None
        ),
    )
