"""A conversation under way a test, on each database."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.faults.chats import Chat, open_chat


@pytest_asyncio.fixture
async def chat(database_url: str) -> AsyncIterator[Chat]:
    async with open_chat(database_url) as opened:
        yield opened
