"""What all clients of a portal share: one query for a crowd, and nothing older than a second."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from chatserver.models import Portal
from chatserver.ws import front as module
from chatserver.ws.front import Fronts
from tests.world import World, open_world

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_world(database_url, None) as opened:
        yield opened


class Counted(Fronts):
    """Fronts that count how often they read."""

    reads = 0

    async def _read(self, key: str) -> module.Front | None:
        self.reads += 1
        return await super()._read(key)


async def change(world: World, **told: object) -> None:
    async with world.context.db.transaction() as transaction:
        portal = await transaction.session.get_one(Portal, world.portal.id)
        for name, value in told.items():
            setattr(portal, name, value)


async def test_a_crowd_shares_one_query(world: World) -> None:
    fronts = Counted(world.context)
    found = await asyncio.gather(*(fronts.get(world.portal.public_key) for _ in range(50)))
    assert (fronts.reads, len(set(map(id, found)))) == (1, 1)


async def test_one_who_hangs_up_takes_nothing_from_the_others(world: World) -> None:
    fronts = Counted(world.context)
    first, second = (asyncio.create_task(fronts.get(world.portal.public_key)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second is not None
    assert fronts.reads == 1


async def test_a_changed_portal_is_seen_within_a_second(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fronts, key = Counted(world.context), world.portal.public_key
    await fronts.get(key)
    await change(world, origins=["https://other.example.com"])
    monkeypatch.setattr(module, "KEPT", timedelta())  # a second later
    front = await fronts.get(key)
    assert front is not None
    assert front.origins == {"https://other.example.com"}


async def test_a_second_of_the_desk_counts_as_well(world: World) -> None:
    """A clock that was moved (by a test, or by its keeper) makes what was read before it old."""
    fronts, key = Counted(world.context), world.portal.public_key
    open_now = await fronts.get(key)
    world.clock.advance(hours=12)
    closed = await fronts.get(key)
    assert open_now is not None
    assert closed is not None
    assert (open_now.card.availability.open, closed.card.availability.open) == (True, False)


async def test_a_portal_out_of_use_is_gone_and_unknown_keys_leave_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fronts, key = Counted(world.context), world.portal.public_key
    await fronts.get(key)
    await change(world, disabled_at=world.clock.now())
    monkeypatch.setattr(module, "KEPT", timedelta())
    assert await fronts.get(key) is None
    assert [await fronts.get(f"unknown-{number}") for number in range(3)] == [None] * 3
    assert (fronts._kept, fronts._reading) == ({}, {})
