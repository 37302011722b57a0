"""Several workers on one port: a client and an agent who may be on different ones, and a worker that is killed."""

import asyncio
import os
import signal

import psutil
import pytest

from chatserver.types import ConversationState
from tests.faults.chats import open_chat, talk
from tests.servers import RedisServer

pytestmark = pytest.mark.asyncio

WORKERS = 3


async def test_a_killed_worker_loses_nothing_while_the_others_go_on(
    postgresql_url: str, own_redis: RedisServer
) -> None:
    shared = {"CHATSERVER_WORKERS": str(WORKERS), "CHATSERVER_REDIS_URL": own_redis.url}
    async with open_chat(postgresql_url, **shared) as chat:
        assert chat.server.process is not None
        stop = asyncio.Event()
        talking = [asyncio.create_task(talk(each, chat.conversation, stop)) for each in (chat.ana, chat.vic)]
        for _ in range(3):
            await asyncio.sleep(1)
            workers = [each for each in psutil.Process(chat.server.process.pid).children() if _serves(each)]
            os.kill(workers[0].pid, signal.SIGKILL)
        await asyncio.sleep(2)
        stop.set()
        acknowledged = [id for task in talking for id in await task]
        await asyncio.sleep(1)
        row, messages = await chat.rows()
        stored = [message.client_message_id for message in messages]
        assert len(acknowledged) > 50
        assert set(acknowledged) <= set(stored)
        assert len(stored) == len(set(stored))
        assert (row.state, row.agent_id, row.returned) == (ConversationState.ACTIVE, chat.agent_id, 0)
        for talker in (chat.ana, chat.vic):
            seqs = talker.seqs(chat.topic)
            assert seqs == list(range(seqs[0], row.seq + 1))


def _serves(process: psutil.Process) -> bool:
    """The parent also has a helper of multiprocessing's."""
    return "spawn_main" in " ".join(process.cmdline())
