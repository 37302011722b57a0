"""A real server a test, on each database."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.wire import Live, live_server
from tests.world import TUESDAY


@pytest_asyncio.fixture
async def live(database_url: str) -> AsyncIterator[Live]:
    async with live_server(database_url, TUESDAY) as running:
        yield running
