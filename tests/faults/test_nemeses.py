"""People talk on three servers while something breaks: nothing acknowledged is lost, nothing is there twice, everybody
hears the same, and nobody is sent away."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.faults.clusters import Cluster
from tests.faults.desks import GONE, Desk
from tests.faults.hints import spoil_hints
from tests.faults.rounds import LONG, chance, rounds

pytestmark = pytest.mark.asyncio(loop_scope="session")

RECONNECTING = 5.0
"""Seconds in which a server gives up a silent broker, and more than one new connection to it."""

Nemesis = Callable[[Cluster], Awaitable[None]]


async def kill_one(cluster: Cluster) -> None:
    """One of three, at any moment."""
    victim = chance.choice(cluster.servers)
    await asyncio.sleep(chance.random())
    await victim.kill()
    await asyncio.sleep(chance.random())
    await victim.start()


async def freeze_one(cluster: Cluster) -> None:
    """Longer than anybody may be away; then it goes on, and knows nothing of what happened."""
    victim = chance.choice(cluster.servers)
    victim.freeze()
    await asyncio.sleep(GONE + 1)
    victim.thaw()
    await asyncio.sleep(1)


async def terminate_one(cluster: Cluster) -> None:
    """It ends in good order under load, and says so first."""
    victim = chance.choice(cluster.servers)
    async with asyncio.timeout(12):
        await victim.terminate()
    await victim.start()


async def restart_all(cluster: Cluster) -> None:
    """A rolling restart."""
    for server in cluster.servers:
        await server.terminate()
        await server.start()


async def restart_redis(cluster: Cluster) -> None:
    await asyncio.to_thread(cluster.redis.restart)
    await cluster.healthy()


async def flush_redis(cluster: Cluster) -> None:
    assert cluster.redis.command("FLUSHALL") == b"+OK\r\n"
    await asyncio.sleep(0.5)


async def silence_redis(cluster: Cluster) -> None:
    """It accepts, and says nothing: that is noticed, and told."""
    cluster.to_redis.hold()
    async with asyncio.timeout(8):
        while (await cluster.servers[1].get("/readyz"))["bus"] != "degraded":
            await asyncio.sleep(0.1)
    await asyncio.sleep(RECONNECTING)
    cluster.to_redis.flow()
    await cluster.healthy()


async def spoil_redis(cluster: Cluster) -> None:
    """Half of all hints are lost, doubled, or late."""
    cluster.to_redis.rewriting = spoil_hints
    cluster.to_redis.cut()
    await asyncio.sleep(3)
    cluster.to_redis.mend()
    cluster.to_redis.cut()


async def slow_lines(cluster: Cluster) -> None:
    """Every answer late and in pieces, of Redis and of the first server's database."""
    for way in (cluster.to_redis, cluster.to_postgres):
        way.delay, way.slice = 0.005, 512
    await asyncio.sleep(2)
    for way in (cluster.to_redis, cluster.to_postgres):
        way.mend()


async def end_backends(cluster: Cluster) -> None:
    """PostgreSQL ends every connection, whatever it is in the middle of."""
    for _ in range(5):
        await asyncio.to_thread(
            cluster.postgres.execute,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'",
        )
        await asyncio.sleep(0.2)


async def cut_lines(cluster: Cluster) -> None:
    """The first server loses its database, and all of them Redis, in the middle of a word."""
    for _ in range(5):
        cluster.to_postgres.cut()
        cluster.to_redis.cut()
        await asyncio.sleep(0.2)


NEMESES = (
    kill_one,
    freeze_one,
    terminate_one,
    restart_all,
    restart_redis,
    flush_redis,
    silence_redis,
    spoil_redis,
    slow_lines,
    end_backends,
    cut_lines,
)


@pytest.mark.parametrize("nemesis", NEMESES, ids=lambda nemesis: nemesis.__name__)
async def test_promises_are_kept(cluster: Cluster, desk: Desk, nemesis: Nemesis) -> None:
    for _ in rounds(nemesis.__name__):
        async with desk.traffic():
            await nemesis(cluster)
    assert sum(observer.count("ok") for observer in desk.observers) > 20


async def test_promises_are_kept_whatever_breaks_in_a_row(cluster: Cluster, desk: Desk) -> None:
    """One thing in the short suite, three at a time in the long one."""
    for _ in rounds("several in a row"):
        async with desk.traffic():
            for nemesis in chance.sample(NEMESES, 3 if LONG else 1):
                await nemesis(cluster)
