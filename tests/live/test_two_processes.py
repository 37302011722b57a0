"""Two servers of one desk, on PostgreSQL with Redis between them: a client of the one and an agent of the other."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.servers import RedisServer
from tests.wire import Live, live_server
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
