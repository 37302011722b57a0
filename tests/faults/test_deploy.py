"""A deploy: SIGTERM ends the server quietly, and clients hear when to come back."""

import asyncio
import signal

import pytest

from tests.awake import awake
from tests.faults.desks import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENDS_WITHIN = 12.0
"""Seconds: the grace for what is under way, and a little."""


async def test_a_terminated_server_says_when_to_come_back_and_ends_in_time(single: Desk) -> None:
    (server,) = single.servers
    async with single.traffic():
        with awake() as seconds:
            await server.terminate()
            assert seconds() < ENDS_WITHIN
        assert server.running.returncode == -signal.SIGTERM  # by the signal, after the goodbye
        for talker in single.talkers:
            (drain,) = [frame for frame in talker.heard if frame["type"] == "drain"]
            assert 0 <= drain["delay"] <= 3
            assert talker.close_codes[-1] == 1012
        await server.start()
        await asyncio.gather(*(observer.say("de vuelta") for observer in single.observers))
