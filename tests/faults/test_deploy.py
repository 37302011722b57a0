"""A deploy: SIGTERM ends the server quietly, and clients hear when to come back."""

import asyncio
import signal
import time

import pytest

from tests.faults.chats import Chat, say

pytestmark = pytest.mark.asyncio

ENDS_WITHIN = 8.0


async def test_a_terminated_server_says_when_to_come_back_and_ends_in_time(chat: Chat) -> None:
    begun = time.monotonic()
    await chat.server.terminate()
    assert time.monotonic() - begun < ENDS_WITHIN
    assert chat.server.process is not None
    assert chat.server.process.returncode == -signal.SIGTERM  # by the signal, after the goodbye
    for talker in (chat.ana, chat.vic):
        (drain,) = [frame for frame in talker.heard if frame["type"] == "drain"]
        assert 0 <= drain["delay"] <= 3
        assert talker.close_codes[-1] == 1012
    await chat.server.start()
    await asyncio.gather(*(say(talker, chat.conversation, "de vuelta") for talker in (chat.ana, chat.vic)))
    row, _ = await chat.rows()
    assert (row.agent_id, row.returned) == (chat.agent_id, 0)
