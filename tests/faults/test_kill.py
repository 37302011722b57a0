"""`kill -9` of the only server in the middle of a chat: nothing acknowledged is lost, nobody is sent away."""

import asyncio

import pytest

from tests.faults.desks import SINGLE_GONE, Desk
from tests.faults.rounds import rounds

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOWN = 0.2
AWAY = SINGLE_GONE + 1
"""Seconds that the server stays away after a kill; now and then for longer than anybody may be away."""

SETTLED = 1.5 * SINGLE_GONE
"""Longer than renewals must run unbroken, and than anybody may be away after that."""


async def test_nothing_is_lost_doubled_or_thrown_out_by_a_kill(single: Desk) -> None:
    for _ in rounds("kill"):
        await _killed(single, DOWN)
    for _ in rounds("stay away for longer than anybody may"):
        await _killed(single, AWAY)
        await asyncio.sleep(SETTLED)
        await single.assert_nobody_was_sent_away()
    assert sum(observer.count("ok") for observer in single.observers) > 20


async def _killed(desk: Desk, down: float) -> None:
    (server,) = desk.servers
    async with desk.traffic():
        await server.kill()
        await asyncio.sleep(down)
        await server.start()
