"""Ears on a bus, stopped at the end of the test; and the rule that a stopped bus leaves nothing running."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from chatserver.bus import Bus, link, publisher
from chatserver.bus import redis as redis_bus
from tests.bus.ears import Ear

PATIENCE = 30.0
"""Longer than a busy machine stalls."""


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


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No hint is given up and no line taken for dead because the machine stalled: what is lost by design when Redis is
    slow would be missed by a test that asks for all of it. Tests of a silent Redis keep the real time-outs."""
    for module, name in (
        (publisher, "TIMEOUT"),
        (redis_bus, "LAST_WORDS"),
        (redis_bus, "CONNECT_TIMEOUT"),
        (redis_bus, "SUBSCRIBE_DEADLINE"),
        (link, "PING_DEADLINE"),
    ):
        monkeypatch.setattr(module, name, PATIENCE)
