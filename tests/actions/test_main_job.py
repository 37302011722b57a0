"""The main job in small steps, each checked for every audience."""

import pytest

from chatserver.types import ConversationState as State
from tests.world import World

pytestmark = pytest.mark.asyncio


async def test_a_client_is_answered_and_the_conversation_closed(world: World) -> None:
    await world.on_shift("ana")
    conversation = await world.start(body="No puedo timbrar")
    assert (await world.conversation(conversation)).state is State.QUEUED
    assert await world.route() == 1
    assert (await world.conversation(conversation)).state is State.OFFERED
    await world.reply("ana", conversation, "Buenos días, le ayudo")
    assert (await world.conversation(conversation)).state is State.ACTIVE
    await world.say("vic", conversation, "Gracias")
    await world.visitor("vic", "mark_seen", conversation=conversation, seq=5)
    await world.staff("ana", "dispose", conversation=conversation, disposition="resolved")
    row = await world.conversation(conversation)
    assert (row.state, row.disposition) == (State.CLOSED, "resolved")
    assert (await world.agent("ana")).load == 0
    assert await world.ticket(conversation) is None
    assert world.checks > 10
