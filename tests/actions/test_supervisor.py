"""What a supervisor may do, what binds them, and what a capacity means."""

import pytest

from chatserver.types import ConversationState as State
from tests.looking import changes_of, clock, holders_of, loads_of, owner_of, state_of, words_of
from tests.world import World

pytestmark = pytest.mark.asyncio


async def test_a_waiting_conversation_is_assigned_to_an_agent_of_their_choice(world: World) -> None:
    await world.on_shift("ana")
    await world.staff("sue", "set_capacity", agent=world.agents["ana"].id, capacity=0)
    conversation = await world.start()
    await world.on_shift("ben")
    await world.staff("sue", "assign", conversation=conversation, agent=world.agents["ben"].id)
    row = await world.conversation(conversation)
    assert (row.state, await owner_of(world, conversation)) == (State.OFFERED, "ben")
    assert row.reason == {"code": "routing.assigned.supervisor", "params": {"by": "Sue"}}


async def test_an_offer_is_assigned_to_somebody_else(world: World) -> None:
    await world.on_shift("ana")
    conversation = await world.start()
    await world.route()
    await world.on_shift("ben")
    await world.staff("sue", "assign", conversation=conversation, agent=world.agents["ben"].id)
    assert await holders_of(world, conversation) == {"owner": "ben"}
    assert await loads_of(world, "ana", "ben") == (0, 1)


async def test_an_answered_one_is_kept_by_its_owner_until_the_other_accepts(world: World) -> None:
    conversation = await world.talk()
    await world.on_shift("ben")
    await world.staff("sue", "assign", conversation=conversation, agent=world.agents["ben"].id)
    assert await holders_of(world, conversation) == {"owner": "ana", "transfer": "ben"}


async def test_a_capacity_binds_the_supervisor_until_they_raise_it(world: World) -> None:
    await world.on_shift("ana", "sue")
    ana, sue = world.agents["ana"].id, world.agents["sue"].id
    for agent in (ana, sue):
        await world.staff("sue", "set_capacity", agent=agent, capacity=0)
    conversation = await world.start()
    assert await world.refused(world.staff("sue", "assign", conversation=conversation, agent=ana)) == "no_room"
    assert await world.refused(world.staff("sue", "take_over", conversation=conversation)) == "no_room"
    assert await state_of(world, conversation) is State.QUEUED
    await world.staff("sue", "set_capacity", agent=ana, capacity=1)
    await world.staff("sue", "assign", conversation=conversation, agent=ana)
    assert await owner_of(world, conversation) == "ana"


async def test_a_supervisor_takes_a_conversation_for_themselves(world: World) -> None:
    conversation = await world.talk()
    await world.on_shift("sue")
    await world.staff("sue", "take_over", conversation=conversation)
    assert await holders_of(world, conversation) == {"owner": "sue"}
    assert await loads_of(world, "ana", "sue") == (0, 1)
    await world.reply("sue", conversation, "Yo sigo con usted")
    row = await world.conversation(conversation)
    assert (row.state, row.agent_id) == (State.ACTIVE, world.agents["sue"].id)
    assert world.local(row.first_replied_at) == "Tue 10 10:00:00"
    assert await world.refused(world.staff("sue", "take_over", conversation=conversation)) == "already_theirs"


async def test_a_supervisor_sends_it_back_to_the_front_of_the_queue_with_a_note(world: World) -> None:
    conversation = await world.talk()
    await world.staff("sue", "return_to_queue", conversation=conversation, note="Falta el RFC")
    row = await world.conversation(conversation)
    assert (row.state, row.returned, row.agent_id) == (State.QUEUED, 1, None)
    assert await words_of(world, conversation, notes=True) == ["Falta el RFC"]
    assert (await changes_of(world, conversation))[-1] == "returned (cause.given_back)"


async def test_who_gave_it_back_is_not_offered_it_at_once(world: World) -> None:
    conversation = await world.talk()
    await world.until(clock("10:01"))
    await world.staff("ana", "return_to_queue", conversation=conversation)
    await world.until(clock("10:01:59"))
    assert await owner_of(world, conversation) is None
    await world.until(clock("10:02:00"))
    assert await owner_of(world, conversation) == "ana"


async def test_nobody_ever_has_more_than_their_capacity(world: World) -> None:
    await world.on_shift("ana", "ben")
    conversations = [await world.start(f"visitor-{number}") for number in range(8)]
    assert await world.route() == 6
    assert await loads_of(world, "ana", "ben") == (3, 3)
    waiting = [each for each in conversations if await state_of(world, each) is State.QUEUED]
    assert waiting == conversations[6:]
    row = await world.conversation(waiting[0])
    assert row.reason == {"code": "routing.waits.all_full", "params": {"agents": 2, "places": 6}}


async def test_lowering_a_capacity_evicts_nobody(world: World) -> None:
    conversations = [await world.talk(token) for token in ("vic", "val")]
    await world.staff("sue", "set_capacity", agent=world.agents["ana"].id, capacity=1)
    assert [await owner_of(world, each) for each in conversations] == ["ana", "ana"]
    assert await loads_of(world, "ana") == (2,)
    await world.staff("ana", "dispose", conversation=conversations[0], disposition="resolved")
    other = await world.start("vera")
    await world.route()
    assert await owner_of(world, other) is None


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("assign", {"conversation": 1, "agent": 1}), ("take_over", {"conversation": 1}), ("set_capacity", {"agent": 1})],
)
async def test_an_agent_does_not_supervise(world: World, kind: str, fields: dict[str, int]) -> None:
    await world.talk()
    more = {"capacity": 9} if kind == "set_capacity" else {}
    assert await world.refused(world.staff("ben", kind, **fields | more)) == "not_allowed"
