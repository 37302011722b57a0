"""Ears on a bus, stopped at the end of the test; and the rule that a stopped bus leaves nothing running."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest_asyncio

from chatserver.bus import Bus
from tests.bus.ears import Ear


@pytest_asyncio.fixture
async def ear_on() -> AsyncIterator[Callable[[Bus], Ear]]:
    """Make an ear for a bus that the test starts."""
    ears: list[Ear] = []

    def make(bus: Bus) -> Ear:
        ears.append(Ear(bus))
        return ears[-1]

    yield make
    for ear in ears:
        await ear.bus.stop()
    assert asyncio.all_tasks() == {asyncio.current_task()}
