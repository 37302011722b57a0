"""`kill -9` of the server in the middle of a chat: nothing acknowledged is lost or doubled, nobody is sent away."""

import asyncio

import pytest

from chatserver.types import ConversationState
from tests.faults.chats import Chat, talk

pytestmark = pytest.mark.asyncio

DOWN = (0.2, 0.2, 5.0)
"""Seconds that the server stays away after each kill; the last is longer than anybody may be away."""

SETTLED = 6.0
"""Longer than renewals must run unbroken, and than anybody may be away after that."""


async def test_nothing_is_lost_doubled_or_thrown_out_by_a_kill(chat: Chat) -> None:
    stop = asyncio.Event()
    talking = [asyncio.create_task(talk(each, chat.conversation, stop)) for each in (chat.ana, chat.vic)]
    for down in DOWN:
        await asyncio.sleep(0.8)
        await chat.server.kill()
        await asyncio.sleep(down)
        await chat.server.start()
    await asyncio.sleep(2)
    stop.set()
    acknowledged = [ids for task in talking for ids in await task]
    await asyncio.sleep(SETTLED)
    row, messages = await chat.rows()
    stored = [message.client_message_id for message in messages]
    assert len(acknowledged) > 20
    assert len(stored) == len(set(stored))
    assert set(acknowledged) <= set(stored)
    assert (row.state, row.agent_id, row.returned) == (ConversationState.ACTIVE, chat.agent_id, 0)
    for talker in (chat.ana, chat.vic):
        assert talker.connected > len(DOWN)
        seqs = talker.seqs(chat.topic)
        assert seqs == list(range(seqs[0], row.seq + 1))
