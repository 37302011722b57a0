"""Opens a visitor's and an agent's socket for every conversation, a bounded number at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.link import Link, open_link
from bench.load import Speaker
from bench.subjects import Up
from bench.wires import SIDES, Side

AT_ONCE = 50


@asynccontextmanager
async def pairs(up: Up, conversations: int) -> AsyncIterator[list[Speaker]]:
    """All visitors, then all agents, greeted; their sockets are closed when the block ends."""
    places = asyncio.Semaphore(AT_ONCE)
    links: list[Link] = []

    async def join(conversation: int, side: Side) -> Speaker:
        async with places:
            link = await open_link(up.wire.door(up.port(side), conversation, side))
            links.append(link)
            await up.wire.greet(link, conversation, side)
            return Speaker(link, up.wire.message(conversation))

    try:
        yield await asyncio.gather(
            *(join(conversation, side) for side in SIDES for conversation in range(1, conversations + 1))
        )
    finally:
        for link in links:
            link.close()
