"""The row `offered` of process.md: an offer that is not taken up goes on, in front of everybody else."""

from datetime import timedelta

import pytest

from chatserver.models import Agent
from chatserver.types import AgentState
from chatserver.types import ConversationState as State
from tests.looking import changes_of, clock, loads_of, owner_of, state_of, ticket_of
from tests.world import World

pytestmark = pytest.mark.asyncio


async def offered(world: World, body: str | None = "Hola") -> int:
    """A conversation that Ana is offered at 10:00:00."""
    await world.on_shift("ana")
    conversation = await world.start(body=body)
    await world.route()
    assert await owner_of(world, conversation) == "ana"
    return conversation


async def test_the_first_human_reply_accepts_it(world: World) -> None:
    conversation = await offered(world)
    await world.until(clock("10:00:45"))
    await world.reply("ana", conversation)
    row = await world.conversation(conversation)
    assert (row.state, world.local(row.first_replied_at)) == (State.ACTIVE, "Tue 10 10:00:45")
    assert await changes_of(world, conversation) == ["queued", "offered", "answered"]


async def test_the_agent_is_nudged_and_then_the_supervisor_told(world: World) -> None:
    conversation = await offered(world)
    for time, alert in (("10:00:59", "none"), ("10:01:00", "nudge"), ("10:01:59", "nudge"), ("10:02:00", "supervisor")):
        await world.until(clock(time))
        row = await world.conversation(conversation)
        assert (time, row.state, row.alert) == (time, State.OFFERED, alert)


async def test_after_three_minutes_it_is_missed_and_not_offered_to_the_same_agent_at_once(world: World) -> None:
    conversation = await offered(world)
    await world.until(clock("10:02:59"))
    assert await owner_of(world, conversation) == "ana"
    await world.until(clock("10:03:00"))
    row = await world.conversation(conversation)
    assert (row.state, row.returned, row.agent_id, row.alert) == (State.QUEUED, 1, None, "none")
    assert row.reason is not None
    assert row.reason["code"] == "routing.waits.after_refusal"
    assert await changes_of(world, conversation) == ["queued", "offered", "returned (cause.missed)"]
    assert await loads_of(world, "ana") == (0,)
    await world.until(clock("10:03:59"))
    assert await owner_of(world, conversation) is None
    await world.until(clock("10:04:00"))
    assert await owner_of(world, conversation) == "ana"


async def test_two_misses_in_a_row_set_the_agent_away(world: World) -> None:
    await offered(world)
    await world.until(clock("10:06:59"))
    assert (await world.agent("ana")).state is AgentState.ONLINE
    await world.until(clock("10:07:00"))
    ana = await world.agent("ana")
    assert (ana.state, ana.state_reason, ana.load) == (AgentState.AWAY, "away.missed", 0)


async def test_an_answer_in_between_forgets_the_first_miss(world: World) -> None:
    conversation = await offered(world)
    await world.until(clock("10:05"))
    await world.reply("ana", conversation)
    assert (await world.agent("ana")).misses == 0


async def test_who_is_set_away_keeps_no_other_offer(world: World) -> None:
    """Three offers; the second miss sets Ana away, and the third offer, younger, goes on as well."""
    first = await offered(world)
    second = await world.start("val", body="Hola")
    await world.route()
    await world.until(clock("10:02:00"))
    third = await world.start("vera", body="Hola")
    await world.route()
    assert await owner_of(world, third) == "ana"
    await world.until(clock("10:03:00"))
    await world.later(seconds=1)
    assert (await world.agent("ana")).state is AgentState.AWAY
    assert [await state_of(world, each) for each in (first, second, third)] == [State.QUEUED] * 3
    assert await loads_of(world, "ana") == (0,)


async def test_who_missed_it_is_not_asked_again_while_somebody_else_could_take_it(world: World) -> None:
    conversation = await offered(world)
    await world.on_shift("ben")
    await world.until(clock("10:03:00"))
    assert await owner_of(world, conversation) == "ben"
    await world.until(clock("10:06:00"))
    assert await owner_of(world, conversation) == "ana"  # both have refused it, Ana more than a minute ago


async def test_somebody_else_who_is_full_is_waited_for(world: World) -> None:
    conversation = await offered(world)
    await world.on_shift("ben")
    await world.staff("sue", "set_capacity", agent=world.agents["ben"].id, capacity=0)
    await world.until(clock("10:05"))
    row = await world.conversation(conversation)
    assert row.state is State.QUEUED
    assert row.reason is not None
    assert row.reason["code"] == "routing.waits.others_full"
    await world.staff("sue", "set_capacity", agent=world.agents["ben"].id, capacity=1)
    await world.route()
    assert await owner_of(world, conversation) == "ben"


async def test_who_declines_it_is_passed_over(world: World) -> None:
    conversation = await offered(world)
    await world.on_shift("ben")
    await world.staff("ana", "decline_offer", conversation=conversation)
    row = await world.conversation(conversation)
    assert (row.state, row.returned) == (State.QUEUED, 1)
    await world.route()
    assert await owner_of(world, conversation) == "ben"
    assert await changes_of(world, conversation) == ["queued", "offered", "returned (cause.declined)", "offered"]


async def test_only_what_is_offered_can_be_declined(world: World) -> None:
    conversation = await world.talk()
    assert await world.refused(world.staff("ana", "decline_offer", conversation=conversation)) == "wrong_state"


async def test_who_steps_away_gives_offers_back_and_keeps_what_they_answered(world: World) -> None:
    answered = await world.talk("val")
    conversation = await offered(world)
    await world.staff("ana", "set_state", state="away")
    assert await state_of(world, conversation) is State.QUEUED
    assert await state_of(world, answered) is State.ACTIVE
    assert await loads_of(world, "ana") == (1,)
    assert (await changes_of(world, conversation))[-1] == "returned (cause.away)"


async def test_an_agent_gone_for_thirty_seconds_has_no_offers(world: World) -> None:
    conversation = await offered(world)
    await world.until(clock("10:00:10"))
    await world.leaves(agent="ana")
    await world.until(clock("10:00:39"))
    assert await owner_of(world, conversation) == "ana"
    await world.until(clock("10:00:40"))
    assert await state_of(world, conversation) is State.QUEUED
    ana = await world.agent("ana")
    assert (ana.state, ana.state_reason) == (AgentState.AWAY, "away.gone")


async def test_an_agent_who_is_back_in_time_keeps_the_offer(world: World) -> None:
    conversation = await offered(world)
    await world.leaves(agent="ana")
    await world.until(clock("10:00:29"))
    await world.here("ana")
    await world.until(clock("10:00:59"))
    assert await owner_of(world, conversation) == "ana"


@pytest.mark.parametrize("body", [None, "No puedo timbrar"])
async def test_a_client_gone_for_a_minute_has_abandoned_it(world: World, body: str | None) -> None:
    conversation = await offered(world, body)
    await world.until(clock("10:00:30"))
    await world.leaves(visitor="vic")
    await world.until(clock("10:01:29"))
    assert await state_of(world, conversation) is State.OFFERED
    await world.until(clock("10:01:30"))
    assert await state_of(world, conversation) is State.ABANDONED
    assert await loads_of(world, "ana") == (0,)
    assert (await world.agent("ana")).misses == 0
    if body is None:
        assert await world.ticket(conversation) is None
    else:
        ticket = await ticket_of(world, conversation)
        assert (ticket.origin, world.local(ticket.sla_start)) == ("abandoned", "Tue 10 10:00:00")


async def test_what_came_back_is_in_front_of_those_who_joined_before(world: World) -> None:
    earlier = await world.start("val")
    await world.until(clock("10:00:10"))
    conversation = await world.start("vic")
    await world.on_shift("sue")
    await world.staff("sue", "take_over", conversation=conversation)
    await world.staff("sue", "set_state", state="away")
    assert await state_of(world, conversation) is State.QUEUED
    await world.on_shift("ana")
    await world.staff("sue", "set_capacity", agent=world.agents["ana"].id, capacity=1)
    await world.route()
    assert await owner_of(world, conversation) == "ana"
    assert await state_of(world, earlier) is State.QUEUED


async def test_the_agent_who_last_answered_the_client_comes_first(world: World) -> None:
    conversation = await world.talk("vic", "ben")
    await world.staff("ben", "dispose", conversation=conversation, disposition="resolved")
    await world.on_shift("ana")
    await idle_for(world, "ana", timedelta(hours=5))
    again = await world.start("vic")
    other = await world.start("val")
    await world.route()
    assert (await owner_of(world, again), await owner_of(world, other)) == ("ben", "ana")


async def idle_for(world: World, name: str, how_long: timedelta) -> None:
    async with world.context.db.transaction() as transaction:
        agent = await transaction.session.get_one(Agent, world.agents[name].id)
        agent.idle_since = transaction.now - how_long
