"""Handing a conversation over: who has it keeps it until the other one has accepted."""

from typing import Any

import pytest

from chatserver.types import ConversationState as State
from tests.looking import changes_of, clock, describe, holders_of, loads_of, restrict, state_of, words_of
from tests.world import World

pytestmark = pytest.mark.asyncio


async def transferred(world: World, note: str = "") -> int:
    """Ana has answered it and offers it to Ben at 10:02:00."""
    conversation = await world.talk()
    await world.on_shift("ben")
    await world.until(clock("10:02"))
    await world.staff("ana", "transfer", conversation=conversation, agent=world.agents["ben"].id, note=note)
    return conversation


async def test_the_owner_keeps_it_until_it_is_accepted(world: World) -> None:
    conversation = await transferred(world, note="Es del certificado")
    assert await holders_of(world, conversation) == {"owner": "ana", "transfer": "ben"}
    assert (await state_of(world, conversation), await loads_of(world, "ana", "ben")) == (State.OFFERED, (1, 1))
    assert await words_of(world, conversation, notes=True) == ["Es del certificado"]
    await world.later(seconds=10)
    await world.reply("ana", conversation, "Le paso con mi compañero")
    assert await state_of(world, conversation) is State.OFFERED


async def test_the_first_reply_of_the_new_one_accepts_it(world: World) -> None:
    conversation = await transferred(world)
    await world.later(seconds=10)
    await world.reply("ben", conversation)
    row = await world.conversation(conversation)
    assert (row.state, row.agent_id) == (State.ACTIVE, world.agents["ben"].id)
    assert await holders_of(world, conversation) == {"owner": "ben"}
    assert await loads_of(world, "ana", "ben") == (0, 1)
    assert world.local(row.first_replied_at) == "Tue 10 10:00:00"
    assert (await changes_of(world, conversation))[-2:] == ["transferred", "answered"]


@pytest.mark.parametrize("how", ["declined", "missed", "away", "gone"])
async def test_one_that_is_not_accepted_goes_back_to_its_owner(world: World, how: str) -> None:
    conversation = await transferred(world)
    match how:
        case "declined":
            await world.staff("ben", "decline_offer", conversation=conversation)
        case "missed":
            await world.until(clock("10:04:59"))
            assert await holders_of(world, conversation) == {"owner": "ana", "transfer": "ben"}
            await world.until(clock("10:05:00"))
        case "away":
            await world.staff("ben", "set_state", state="away")
        case _:
            await world.leaves(agent="ben")
            await world.until(clock("10:02:30"))
    assert await holders_of(world, conversation) == {"owner": "ana"}
    assert (await state_of(world, conversation), await loads_of(world, "ana", "ben")) == (State.ACTIVE, (1, 0))
    assert (await changes_of(world, conversation))[-1] == f"returned (cause.{how})"


async def test_an_owner_who_is_gone_meanwhile_leaves_it_to_the_other_one(world: World) -> None:
    conversation = await transferred(world)
    await world.leaves(agent="ana")
    await world.until(clock("10:02:30"))
    assert await holders_of(world, conversation) == {"owner": "ben"}
    assert (await state_of(world, conversation), await loads_of(world, "ana", "ben")) == (State.OFFERED, (0, 1))
    await world.reply("ben", conversation)
    assert await state_of(world, conversation) is State.ACTIVE


async def test_when_both_drop_out_it_is_back_in_the_queue(world: World) -> None:
    conversation = await transferred(world)
    await world.leaves(agent="ana")
    await world.until(clock("10:02:30"))
    await world.staff("ben", "decline_offer", conversation=conversation)
    row = await world.conversation(conversation)
    assert (row.state, row.agent_id, row.returned) == (State.QUEUED, None, 1)


async def test_a_level_is_given_to_whom_routing_picks_there(world: World) -> None:
    conversation = await world.talk()
    await describe(world, "olly", level=2)
    await world.on_shift("olly", "ben")
    await world.staff("ana", "transfer", conversation=conversation, level=2)
    assert await holders_of(world, conversation) == {"owner": "ana", "transfer": "olly"}
    await world.reply("olly", conversation)
    assert (await world.conversation(conversation)).level == 2


async def test_a_level_that_does_not_take_it_does_not_have_it(world: World) -> None:
    conversation = await world.talk()
    await describe(world, "olly", level=2)
    await world.on_shift("olly")
    await world.staff("ana", "transfer", conversation=conversation, level=2)
    await world.staff("olly", "decline_offer", conversation=conversation)
    assert (await world.conversation(conversation)).level == 1


async def test_a_team_is_given_to_whom_routing_picks_there(world: World) -> None:
    conversation = await world.talk()
    await world.on_shift("olly", "ben")
    await world.staff("ana", "transfer", conversation=conversation, team="elsewhere")
    assert (await holders_of(world, conversation))["transfer"] == "olly"
    await world.staff("olly", "decline_offer", conversation=conversation)
    assert (await world.conversation(conversation)).team is None


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ({"level": 3}, "nobody_free"),
        ({"team": "nobody-works-here"}, "nobody_free"),
        ({"agent": 4711}, "no_such_agent"),
        ({"agent": "ana"}, "already_theirs"),
        ({"agent": "sue"}, "no_room"),  # not on shift
    ],
)
async def test_where_nobody_can_take_it_it_does_not_go(world: World, where: dict[str, Any], code: str) -> None:
    conversation = await world.talk()
    if (name := where.get("agent")) in world.agents:
        where = {"agent": world.agents[str(name)].id}
    assert await world.refused(world.staff("ana", "transfer", conversation=conversation, **where)) == code
    row = await world.conversation(conversation)
    assert (row.state, row.level, row.team) == (State.ACTIVE, 1, None)


async def test_it_is_not_offered_to_who_may_not_see_it(world: World) -> None:
    conversation = await world.talk()
    await world.on_shift("olly", "sue")
    await restrict(world, "help-desk")
    await describe(world, "ana", teams=["help-desk"])
    olly = world.agents["olly"].id
    assert await world.refused(world.staff("ana", "transfer", conversation=conversation, agent=olly)) == "no_room"
    assert await world.refused(world.staff("sue", "assign", conversation=conversation, agent=olly)) == "no_room"
    assert await holders_of(world, conversation) == {"owner": "ana"}


async def test_only_who_has_it_or_a_supervisor_hands_it_over(world: World) -> None:
    conversation = await transferred(world)
    await world.reply("ben", conversation)
    await world.on_shift("sue")
    sue, ana = world.agents["sue"].id, world.agents["ana"].id
    assert await world.refused(world.staff("ana", "transfer", conversation=conversation, agent=sue)) == "not_found"
    await world.staff("sue", "transfer", conversation=conversation, agent=ana)
    assert await holders_of(world, conversation) == {"owner": "ben", "transfer": "ana"}


async def test_a_hand_over_can_be_sent_elsewhere_before_it_is_accepted(world: World) -> None:
    conversation = await transferred(world)
    await world.on_shift("sue")
    await world.staff("sue", "assign", conversation=conversation, agent=world.agents["sue"].id)
    assert await holders_of(world, conversation) == {"owner": "ana", "transfer": "sue"}
    assert await loads_of(world, "ana", "ben", "sue") == (1, 0, 1)
