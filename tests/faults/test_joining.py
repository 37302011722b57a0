"""What is said between reading a snapshot and following: it comes after the snapshot, once, and in order."""

import asyncio

import pytest

from chatserver.ws.channel import Channel
from tests.ws.sockets import connect, waiting

pytestmark = pytest.mark.asyncio


async def test_who_joins_hears_what_passed_meanwhile() -> None:
    channel = Channel(lambda: None, asyncio.create_task(asyncio.sleep(0)))
    await channel.confirmation
    _, first = connect()
    _, second = connect()
    channel.begin_joining(first)
    channel.join(first, 3)
    channel.begin_joining(second)
    for seq in (4, 5, 5, 6):
        channel.offer(seq, str(seq))
    channel.join(second, 4)
    channel.offer(7, "7")
    assert waiting(first) == [4, 5, 6, 7]
    assert waiting(second) == [5, 6, 7]
