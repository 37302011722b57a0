"""Beginning and ending a shift, and what becomes of what an agent holds."""

import pytest

from chatserver.types import AgentState
from chatserver.types import ConversationState as State
from tests.looking import changes_of, clock, holders_of, loads_of, owner_of, state_of
from tests.world import World

pytestmark = pytest.mark.asyncio


async def test_a_shift_without_conversations_simply_ends(world: World) -> None:
    await world.on_shift("ana")
    await world.staff("ana", "set_state", state="offline")
    assert (await world.agent("ana")).state is AgentState.OFFLINE


async def test_ending_a_shift_with_open_conversations_asks_what_becomes_of_them(world: World) -> None:
    conversation = await world.talk()
    refusal = await world.refused(world.staff("ana", "set_state", state="offline"))
    assert refusal == "open_conversations"
    assert (await world.agent("ana")).state is AgentState.ONLINE
    assert await owner_of(world, conversation) == "ana"


async def test_returning_them_empties_the_agents_hands(world: World) -> None:
    active = await world.talk("vic")
    wrapped = await world.talk("val")
    await world.staff("ana", "end_conversation", conversation=wrapped)
    offered = await world.start("vera")
    await world.route()
    await world.staff("ana", "set_state", state="offline", conversations="return")
    assert [await state_of(world, each) for each in (active, wrapped, offered)] == [
        State.QUEUED,
        State.CLOSED,
        State.QUEUED,
    ]
    assert await loads_of(world, "ana") == (0,)
    assert (await changes_of(world, active))[-1] == "returned (cause.shift_ended)"
    assert (await changes_of(world, wrapped))[-1] == "closed (cause.unclassified)"


async def test_staying_with_them_takes_nothing_new(world: World) -> None:
    conversation = await world.talk()
    await world.staff("ana", "set_state", state="offline", conversations="stay")
    ana = await world.agent("ana")
    assert (ana.state, ana.state_reason) == (AgentState.AWAY, "away.finishing")
    assert await owner_of(world, conversation) == "ana"
    other = await world.start("val")
    await world.route()
    assert await owner_of(world, other) is None


async def test_the_shift_ends_with_the_last_conversation_one_stayed_for(world: World) -> None:
    first, last = await world.talk("vic"), await world.talk("val")
    await world.staff("ana", "set_state", state="offline", conversations="stay")
    await world.staff("ana", "dispose", conversation=first, disposition="resolved")
    assert (await world.agent("ana")).state is AgentState.AWAY
    await world.staff("ana", "dispose", conversation=last, disposition="resolved")
    ana = await world.agent("ana")
    assert (ana.state, ana.state_reason) == (AgentState.OFFLINE, None)


async def test_transferring_them_first_lets_the_shift_end(world: World) -> None:
    conversation = await world.talk()
    await world.on_shift("ben")
    await world.staff("ana", "transfer", conversation=conversation, agent=world.agents["ben"].id)
    await world.reply("ben", conversation)
    await world.staff("ana", "set_state", state="offline")
    assert await holders_of(world, conversation) == {"owner": "ben"}


async def test_after_closing_what_is_returned_is_a_ticket(world: World) -> None:
    world.clock.set(clock("18:59"))
    conversation = await world.talk()
    await world.until(clock("19:05"))
    await world.staff("ana", "set_state", state="offline", conversations="return")
    assert await state_of(world, conversation) is State.ESCALATED


async def test_somebody_away_is_offered_nothing_and_keeps_what_they_answered(world: World) -> None:
    conversation = await world.talk()
    await world.staff("ana", "set_state", state="away")
    other = await world.start("val")
    await world.route()
    assert (await owner_of(world, conversation), await owner_of(world, other)) == ("ana", None)


async def test_saying_again_that_one_is_available_does_not_begin_idleness_anew(world: World) -> None:
    await world.on_shift("ana")
    since = (await world.agent("ana")).idle_since
    await world.later(minutes=5)
    await world.staff("ana", "set_state", state="online")
    assert (await world.agent("ana")).idle_since == since


async def test_coming_back_forgets_misses_and_the_reason_for_being_away(world: World) -> None:
    await world.on_shift("ana")
    await world.start()
    await world.route()
    await world.until(clock("10:07"))
    assert (await world.agent("ana")).state_reason == "away.missed"
    await world.on_shift("ana")
    ana = await world.agent("ana")
    assert (ana.state, ana.state_reason, ana.misses) == (AgentState.ONLINE, None, 0)
