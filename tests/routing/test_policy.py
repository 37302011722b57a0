"""Who gets whom, read as the policy: a table of situations, then what must hold in any of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.routing.capacity import free_places, has_room
from chatserver.routing.policy import REASON_PARAMS, REASONS, Candidate, Decision, Need, order_queue, pick_agent
from chatserver.types import AgentId, AgentState, ConversationId

NOW = datetime(2026, 11, 10, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)

NEED = Need(ConversationId(1), 1, None, "es", False, NOW - 60 * SECOND)
ANA = Candidate(
    AgentId(1), "Ana", AgentState.ONLINE, True, 1, frozenset({"help"}), frozenset({"es"}), 4, 0, NOW - 90 * SECOND
)
BEN = replace(ANA, agent_id=AgentId(2), name="Ben", idle_since=NOW - 30 * SECOND)
EVE = replace(ANA, agent_id=AgentId(3), name="Eve", languages=frozenset({"es", "en"}))


def refused(*agents: Candidate, ago: int = 10) -> dict[AgentId, datetime]:
    return {each.agent_id: NOW - ago * SECOND for each in agents}


def code(decision: Decision) -> str:
    return decision.reason.code.removeprefix("routing.")


def passed(decision: Decision) -> dict[int, str]:
    return {each.agent_id: each.code.removeprefix("routing.passed.") for each in decision.passed}


EN = replace(NEED, language="en")
SALES = replace(NEED, team="sales")
AGAIN = replace(NEED, last_agent_id=BEN.agent_id)
AFTER_ANA = replace(NEED, refused=refused(ANA))
LONG_AFTER_ANA = replace(NEED, refused=refused(ANA, ago=60))

AWAY = replace(BEN, state=AgentState.AWAY)
OFF = replace(BEN, state=AgentState.OFFLINE)
GONE = replace(BEN, present=False)
FULL = replace(BEN, load=4)
BUSY = replace(BEN, load=3)
SELLER = replace(BEN, teams=frozenset({"sales"}))

SITUATIONS: list[tuple[Need, list[Candidate], int | None, str, dict[int, str]]] = [
    (NEED, [ANA], 1, "assigned.only_one", {}),
    (NEED, [ANA, AWAY], 1, "assigned.only_one", {2: "away"}),
    (NEED, [ANA, OFF], 1, "assigned.only_one", {2: "off_shift"}),
    (NEED, [ANA, GONE], 1, "assigned.only_one", {2: "gone"}),
    (NEED, [ANA, FULL], 1, "assigned.only_one", {2: "full"}),
    (NEED, [ANA, BUSY], 1, "assigned.least_loaded", {2: "busier"}),
    (NEED, [replace(ANA, load=1, capacity=2), replace(BEN, load=1)], 2, "assigned.least_loaded", {1: "busier"}),
    (NEED, [ANA, BEN], 1, "assigned.longest_idle", {2: "less_idle"}),
    (NEED, [EVE, ANA], 1, "assigned.tie", {3: "tie"}),
    (NEED, [], None, "waits.nobody_on_shift", {}),
    (NEED, [AWAY], None, "waits.nobody_on_shift", {2: "away"}),
    (NEED, [GONE], None, "waits.nobody_on_shift", {2: "gone"}),
    (NEED, [replace(ANA, load=5), replace(BEN, capacity=0)], None, "waits.all_full", {1: "full", 2: "full"}),
    # the client's last agent comes first, when there is room
    (AGAIN, [ANA, BUSY], 2, "assigned.last_agent", {1: "not_last_agent"}),
    (AGAIN, [BEN], 2, "assigned.last_agent", {}),
    (AGAIN, [ANA, FULL], 1, "assigned.only_one", {2: "full"}),
    # level and team are exact
    (replace(NEED, level=2), [ANA, replace(BEN, level=2)], 2, "assigned.only_one", {1: "level"}),
    (replace(NEED, level=3), [ANA], None, "waits.no_level", {1: "level"}),
    (SALES, [ANA, SELLER], 2, "assigned.only_one", {1: "team"}),
    (SALES, [ANA], None, "waits.no_team", {1: "team"}),
    # a speaker of the language is waited for; when there is none on shift, anybody answers
    (EN, [ANA, replace(EVE, load=3)], 3, "assigned.only_one", {1: "language"}),
    (EN, [ANA, replace(EVE, load=4)], None, "waits.all_full", {1: "language", 3: "full"}),
    (EN, [ANA, replace(EVE, present=False)], 1, "assigned.only_one_other_language", {3: "gone"}),
    (EN, [ANA, BEN], 1, "assigned.longest_idle_other_language", {2: "less_idle"}),
    # who refused it is passed over while anybody else is on shift, even full; alone, asked again after a minute
    (AFTER_ANA, [ANA, BUSY], 2, "assigned.only_one", {1: "refused"}),
    (LONG_AFTER_ANA, [ANA, FULL], None, "waits.others_full", {1: "refused", 2: "full"}),
    (AFTER_ANA, [ANA], None, "waits.after_refusal", {1: "refused"}),
    (AFTER_ANA, [ANA, GONE], None, "waits.after_refusal", {1: "refused", 2: "gone"}),
    (LONG_AFTER_ANA, [ANA], 1, "assigned.only_one", {}),
    (replace(AFTER_ANA, last_agent_id=ANA.agent_id), [ANA, BEN], 2, "assigned.only_one", {1: "refused"}),
]


@pytest.mark.parametrize(("need", "candidates", "chosen", "why", "others"), SITUATIONS)
def test_who_gets_it_and_why(
    need: Need, candidates: list[Candidate], chosen: int | None, why: str, others: dict[int, str]
) -> None:
    decision = pick_agent(need, candidates, NOW)
    assert (decision.agent_id, code(decision), passed(decision)) == (chosen, why, others)


@pytest.mark.parametrize(
    ("need", "candidates", "params"),
    [
        (NEED, [ANA], {"agent": "Ana"}),
        (NEED, [ANA, BEN], {"agent": "Ana", "idle_seconds": 90}),
        (NEED, [replace(ANA, load=1), BEN], {"agent": "Ben", "load": 0, "capacity": 4}),
        (replace(NEED, language="en"), [ANA], {"agent": "Ana", "language": "en"}),
        (replace(NEED, team="sales"), [ANA], {"team": "sales", "level": 1}),
        (NEED, [replace(ANA, load=4), replace(BEN, load=4)], {"agents": 2, "places": 8}),
        (replace(NEED, refused=refused(ANA)), [ANA], {"seconds": 50}),
        (replace(NEED, refused={ANA.agent_id: NOW - SECOND / 2}), [ANA], {"seconds": 60}),
    ],
)
def test_a_reason_carries_what_its_words_need(
    need: Need, candidates: list[Candidate], params: dict[str, str | int]
) -> None:
    assert pick_agent(need, candidates, NOW).reason.params == params


def test_a_wait_that_time_alone_ends_says_when_to_ask_again() -> None:
    need = replace(NEED, refused={**refused(ANA, ago=10), **refused(BEN, ago=30)})
    waits = pick_agent(need, [ANA, BEN], NOW)
    assert waits.again_at == NOW + 30 * SECOND
    assert pick_agent(need, [ANA, BEN], waits.again_at).agent_id == BEN.agent_id
    assert pick_agent(need, [ANA, BEN], waits.again_at - SECOND).agent_id is None


def test_a_wait_for_people_has_no_time() -> None:
    assert pick_agent(NEED, [replace(ANA, load=4)], NOW).again_at is None


def test_the_queue_takes_returned_ones_first_then_the_oldest() -> None:
    late = replace(NEED, conversation_id=ConversationId(2), joined_at=NOW)
    back = replace(late, conversation_id=ConversationId(3), returned=True)
    twin = replace(NEED, conversation_id=ConversationId(4))
    assert [each.conversation_id for each in order_queue([late, twin, back, NEED])] == [3, 1, 4, 2]


def test_a_capacity_lowered_under_the_load_leaves_no_room_and_no_debt() -> None:
    assert [has_room(load, 3) for load in (2, 3, 4)] == [True, False, False]
    assert [free_places(load, 3) for load in (2, 3, 4)] == [1, 0, 0]


instants = st.integers(-200, 10).map(lambda ago: NOW + ago * SECOND)
agent_ids = st.integers(1, 6).map(AgentId)
words = st.sampled_from(["es", "en", "nah"])
teams = st.sampled_from(["help", "sales"])

candidates = st.lists(
    st.builds(
        Candidate,
        agent_id=agent_ids,
        name=st.just("Somebody"),
        state=st.sampled_from(AgentState),
        present=st.booleans(),
        level=st.integers(1, 2),
        teams=st.frozensets(teams),
        languages=st.frozensets(words),
        capacity=st.integers(0, 4),
        load=st.integers(0, 5),
        idle_since=instants,
    ),
    unique_by=lambda each: each.agent_id,
)
needs = st.builds(
    Need,
    conversation_id=st.integers(1, 9).map(ConversationId),
    level=st.integers(1, 2),
    team=st.none() | teams,
    language=words,
    returned=st.booleans(),
    joined_at=instants,
    last_agent_id=st.none() | agent_ids,
    refused=st.dictionaries(agent_ids, instants, max_size=4),
)


@given(needs, candidates)
def test_nobody_gets_what_they_cannot_take(need: Need, drawn: list[Candidate]) -> None:
    decision = pick_agent(need, drawn, NOW)
    for each in drawn:
        if each.agent_id == decision.agent_id:
            assert each.state is AgentState.ONLINE
            assert each.present
            assert each.load < each.capacity
            assert each.level == need.level
            assert need.team is None or need.team in each.teams
            assert need.refused.get(each.agent_id, NOW - 60 * SECOND) <= NOW - 60 * SECOND


@given(needs, candidates)
def test_every_decision_is_explained_in_known_words(need: Need, drawn: list[Candidate]) -> None:
    decision = pick_agent(need, drawn, NOW)
    assert set(decision.reason.params) == REASON_PARAMS[decision.reason.code]
    assert {each.code for each in decision.passed} <= set(REASONS)
    told = [each.agent_id for each in decision.passed]
    assert told == sorted({each.agent_id for each in drawn} - {decision.agent_id})


@given(needs, candidates, st.randoms())
def test_the_order_of_the_input_does_not_matter(need: Need, drawn: list[Candidate], random: Random) -> None:
    shuffled = list(drawn)
    random.shuffle(shuffled)
    assert pick_agent(need, shuffled, NOW) == pick_agent(need, drawn, NOW)


@given(needs, candidates)
def test_it_waits_only_when_nobody_could_take_it(need: Need, drawn: list[Candidate]) -> None:
    decision = pick_agent(replace(need, refused={}), drawn, NOW)
    on_shift = [each for each in drawn if each.state is AgentState.ONLINE and each.present]
    matching = [each for each in on_shift if each.level == need.level and need.team in {None, *each.teams}]
    able = [each for each in matching if need.language in each.languages] or matching
    assert (decision.agent_id is None) == all(each.load >= each.capacity for each in able)


@given(needs, candidates)
def test_a_refusal_is_respected_while_others_could_take_it(need: Need, drawn: list[Candidate]) -> None:
    unasked = replace(need, refused={})
    on_shift = [
        each for each in drawn if code(pick_agent(unasked, [replace(each, load=0, capacity=1)], NOW))[:8] == "assigned"
    ]
    able = [each for each in on_shift if need.language in each.languages] or on_shift
    if any(each.agent_id not in need.refused for each in able):
        assert pick_agent(need, drawn, NOW).agent_id not in need.refused


@given(st.lists(needs, unique_by=lambda each: each.conversation_id), st.randoms())
def test_the_queue_is_in_one_order(drawn: list[Need], random: Random) -> None:
    shuffled = list(drawn)
    random.shuffle(shuffled)
    assert order_queue(shuffled) == order_queue(drawn)
