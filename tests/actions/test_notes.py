"""Notes are all in what a console starts from, so a conversation takes only so many; a refused one changes nothing."""

import pytest

from chatserver.actions import notes
from chatserver.types import ConversationState
from tests.world import World, fresh

pytestmark = pytest.mark.asyncio


async def note(world: World, conversation: int, body: str = "Nota", **fields: str) -> None:
    fields = {"client_message_id": fresh()} | fields
    await world.staff("ana", "add_note", conversation=conversation, body=body, **fields)


async def test_a_conversation_takes_so_many_notes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "NOTES", 2)
    conversation, other = await world.talk(), await world.talk("val")
    first = fresh()
    await note(world, conversation, client_message_id=first)
    await note(world, conversation)
    assert await world.refused(note(world, conversation)) == "too_many_notes"
    await note(world, conversation, client_message_id=first)  # a retry gets its first answer
    await note(world, other)


async def test_a_conversation_takes_so_many_characters_of_notes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "CHARACTERS", 10)
    conversation = await world.talk()
    await note(world, conversation, "12345ñ")
    assert await world.refused(note(world, conversation, "12345")) == "too_many_notes"
    await note(world, conversation, "1234")


@pytest.mark.parametrize("how", ["transfer", "return_to_queue"])
async def test_a_full_conversation_is_handed_on_without_a_note(
    world: World, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(notes, "NOTES", 0)
    conversation = await world.talk()
    await world.on_shift("ben")
    fields = {"conversation": conversation} | ({"agent": world.agents["ben"].id} if how == "transfer" else {})
    assert await world.refused(world.staff("ana", how, note="Mire esto", **fields)) == "too_many_notes"
    assert (await world.conversation(conversation)).state is ConversationState.ACTIVE
    await world.staff("ana", how, note="", **fields)
    assert (await world.conversation(conversation)).state is not ConversationState.ACTIVE
