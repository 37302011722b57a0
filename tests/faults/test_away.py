"""What everybody stands on is away for longer: Redis from boot on, PostgreSQL for as long as a failover takes."""

import asyncio
import time

import pytest

from tests.awake import awake
from tests.faults.clusters import Cluster
from tests.faults.desks import Desk, open_busy_desk
from tests.faults.rounds import FROZEN, rounds
from tests.processes import ServerProcess
from tests.wire import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

SWEPT = 3.0
"""Seconds within which everybody hears what no hint was sent for: a sweep is due each second, and takes its time."""

MANY = 200
"""Said at once while nobody can store it."""

GROWTH = 32 << 20
"""Bytes that a server may grow by meanwhile."""


async def test_without_redis_from_boot_on_words_are_stored_and_heard(cluster: Cluster, desk: Desk) -> None:
    for _ in rounds("boot without redis"):
        cluster.to_redis.refuse()
        await cluster.servers[0].kill()
        await cluster.servers[0].start()
        said = await cluster.servers[0].get("/readyz")
        assert (said["database"], said["bus"]) == ("ok", "degraded")
        assert await cluster.servers[0].status("/readyz") == 200
        async with desk.traffic():
            for vic, ana in (desk.observers[:2], desk.observers[2:]):
                word = await vic.say("¿se oye?")
                with awake() as seconds:
                    await ana.talker.reach(f"conversation:{vic.conversation}", word.seq or 0)
                    assert seconds() < SWEPT
        cluster.to_redis.mend()
        await cluster.healthy()
        async with desk.traffic():
            await asyncio.sleep(0.5)


async def test_a_frozen_database_costs_no_socket_no_word_and_no_memory(cluster: Cluster) -> None:
    """As browsers do, these clients leave it to the server to find out whether the line is alive."""
    async with open_busy_desk(cluster.db, cluster.servers, patience=10 * FROZEN) as desk:
        for _ in rounds("frozen database"):
            await _freeze(cluster, desk)


async def _freeze(cluster: Cluster, desk: Desk) -> None:
    before = [server.memory() for server in cluster.servers]
    connected = [talker.connected for talker in desk.talkers]
    (vic, ana) = desk.observers[:2]
    cluster.postgres.freeze()
    since = time.monotonic()
    saying = [asyncio.create_task(ana.say(f"palabra {number}")) for number in range(MANY)]
    saying.append(asyncio.create_task(vic.say("¿hola?")))
    try:
        assert await asyncio.gather(*(_unready(server) for server in cluster.servers)) == [503] * len(cluster.servers)
        while time.monotonic() - since < FROZEN:
            await asyncio.sleep(0.2)
            assert not any(observer.said[-1].outcome == "ok" for observer in (vic, ana))
    finally:
        cluster.postgres.thaw()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*saying)
    async with desk.traffic():
        await asyncio.sleep(0.5)
    assert [talker.connected for talker in desk.talkers] == connected
    for server, memory in zip(cluster.servers, before, strict=True):
        assert server.memory() - memory < GROWTH
        assert await server.status("/readyz") == 200


async def _unready(server: ServerProcess) -> int | None:
    """Ask until it says that it is not ready."""
    with awake() as seconds:
        while (status := await server.status("/readyz")) == 200:
            assert seconds() < 6
            await asyncio.sleep(0.2)
    return status
