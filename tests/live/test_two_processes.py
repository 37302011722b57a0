"""Two servers of one desk, on PostgreSQL with Redis between them: a client of the one and an agent of the other."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.servers import RedisServer
from tests.wire import Client, Live, live_server
from tests.world import TUESDAY, fresh

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def pair(postgresql_url: str, own_redis: RedisServer) -> AsyncIterator[tuple[Live, Live]]:
    async with (
        live_server(postgresql_url, TUESDAY, redis_url=own_redis.url) as one,
        live_server(postgresql_url, TUESDAY, beside=one, redis_url=own_redis.url) as other,
    ):
        yield one, other


async def test_a_message_crosses_from_one_server_to_the_other(pair: tuple[Live, Live]) -> None:
    one, other = pair
    ana, welcome = await other.staff("ana")
    await ana.follow(f"agent:{welcome['agent']['id']}")
    await ana.ask("set_state", state="online")
    vic, _ = await one.visitor()
    conversation = await one.start(vic, body="No puedo timbrar")
    await one.tick()
    await ana.event("inbox_added", item__conversation=conversation)
    await ana.follow(f"conversation:{conversation}")
    await ana.ask("send_message", conversation=conversation, client_message_id=fresh(), body="Le ayudo")
    await vic.event("message_sent", entry__body="Le ayudo")
    await vic.whisper("typing", conversation=conversation, on=True)
    await ana.event("typing_changed", by="visitor", on=True)


async def test_without_redis_the_table_brings_it(pair: tuple[Live, Live], own_redis: RedisServer) -> None:
    one, other = pair
    ana, welcome = await other.staff("ana")
    await ana.follow(f"agent:{welcome['agent']['id']}")
    await ana.ask("set_state", state="online")
    vic, _ = await one.visitor()
    conversation = await one.start(vic)
    own_redis.stop()
    await one.tick()
    await other.tick()
    await ana.event("inbox_added", item__conversation=conversation)
    await ana.follow(f"conversation:{conversation}")
    await ana.ask("send_message", conversation=conversation, client_message_id=fresh(), body="Le ayudo")
    await one.tick()
    await vic.event("message_sent", entry__body="Le ayudo")
    seqs = vic.durable(f"conversation:{conversation}")
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


async def test_a_client_with_a_tab_on_each_server_leaves_with_the_last_one(pair: tuple[Live, Live]) -> None:
    one, other = pair
    first, welcome = await one.visitor()
    conversation = await one.start(first)
    second, _ = await other.visitor(welcome["token"])
    await second.follow(f"conversation:{conversation}")
    sue, _ = await one.staff("sue")
    await sue.follow(f"conversation:{conversation}:staff")
    await first.leave()
    await one.noticed(first)
    await pass_time(pair)
    assert told(sue) == [True]
    await second.leave()
    await other.noticed(second)
    await pass_time(pair)
    await sue.event("presence_changed", conversation=conversation, present=False)
    assert told(sue) == [True, False]


async def pass_time(pair: tuple[Live, Live]) -> None:
    """Long enough for each server to have renewed its clients and to have looked who is not renewed."""
    for _ in range(3):
        pair[0].clock.advance(seconds=8)
        for live in pair:
            await live.service.ticker.presence()


def told(staff: Client) -> list[bool]:
    return [frame["present"] for frame in staff.frames if frame["type"] == "presence_changed"]
