"""One statement for any number of keys, on each database."""

import pytest
from sqlmodel import select

from chatserver.models import Agent
from chatserver.queries.among import among
from tests.world import World

pytestmark = pytest.mark.asyncio


async def test_numbers_and_words_are_found_whatever_their_number(world: World) -> None:
    async with world.context.db.read() as session:
        for ids in ([], [1], [1, 2, 2, 4711], range(2, 1000)):
            found = await session.exec(select(Agent.id).where(among(Agent.id, ids)))
            assert set(found) == set(ids) & {1, 2, 3, 4}
        for logins in ([], ["ana@example.com"], ["ana@example.com", "\"'{},\\", "ben@example.com"]):
            named = await session.exec(select(Agent.login).where(among(Agent.login, logins)))
            assert set(named) == set(logins) & {"ana@example.com", "ben@example.com"}
