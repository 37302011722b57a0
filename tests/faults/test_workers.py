"""Several workers on one port: a client and an agent who may be on different ones, and a worker that is killed."""

import asyncio
import os
import signal

import psutil
import pytest

from tests.faults.desks import QUICK, open_busy_desk, open_server
from tests.faults.rounds import LONG, chance, rounds
from tests.servers import RedisServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORKERS = 3


async def test_a_killed_worker_loses_nothing_while_the_others_go_on(
    postgresql_url: str, shared_redis: RedisServer
) -> None:
    shared = {"CHATSERVER_WORKERS": str(WORKERS), "CHATSERVER_REDIS_URL": shared_redis.url}
    shared["CHATSERVER_REDIS_PREFIX"] = "workers"
    async with (
        open_server(postgresql_url, QUICK | shared) as (db, server),
        open_busy_desk(db, [server], chats=1) as desk,
        desk.traffic(),
    ):
        for _ in (*rounds("kill a worker"), "and one more"):
            while not (workers := [each for each in psutil.Process(server.running.pid).children() if _serves(each)]):
                await asyncio.sleep(0.1)
            os.kill(chance.choice(workers).pid, signal.SIGKILL)
            await asyncio.sleep(chance.uniform(1, 3) if LONG else 1)


def _serves(process: psutil.Process) -> bool:
    """The parent also has a helper of multiprocessing's, and those that it has not buried yet."""
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False
