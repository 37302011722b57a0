"""A world a test, on each database."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.verify import Applier, applier
from tests.world import World, open_world


@pytest.fixture(scope="session")
def faces() -> Iterator[Applier]:
    with applier() as running:
        yield running


@pytest_asyncio.fixture
async def world(database_url: str, faces: Applier) -> AsyncIterator[World]:
    async with open_world(database_url, faces) as opened:
        yield opened
