"""Lines that go bad, and crowds: who does not read, who is not there any more, and everybody at once. Each hurts only
itself."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from chatserver.types import ConversationState
from tests.awake import awake
from tests.faults.clusters import Cluster
from tests.faults.crowd import Plan, crowd
from tests.faults.desks import SINGLE, Desk, open_busy_desk, open_desk, open_server, start
from tests.faults.lines import cable, followed, little_room
from tests.faults.rounds import CROWD, EVENTS, LONG, rounds
from tests.talkers import Talker
from tests.wire import live_server
from tests.world import TUESDAY, fresh

pytestmark = pytest.mark.asyncio(loop_scope="session")

PENS = 20
HURRY = 40
"""Things a second, at most, that a member of staff says through each of so many pens; fifty are allowed."""

LONG_WORD = '"' * 3900

GROWTH = 24 << 20
"""Bytes that a server may grow by for somebody who does not read: their queue, what is in the kernel is not ours."""

NOTICED = 35.0
"""Seconds until a dead line is noticed at the latest, and whose it was gone: two pings, a lease, and a sweep."""

EVERYBODY_BACK = 60.0 if LONG else 30.0
"""Seconds. How soon two thousand are back is measured where nothing else runs, by `make bench`."""


async def test_a_line_that_goes_bad_hurts_only_itself(cluster: Cluster, desk: Desk, sqlite_url: str) -> None:
    """Two ways at the same time, as both take their time."""
    await asyncio.gather(_half_open(sqlite_url), _never_read(cluster, desk))


async def _half_open(sqlite_url: str) -> None:
    """No FIN, no RST: only silence. The client who waits at the other end has left the queue."""
    with cable() as wire:
        env = SINGLE | {"CHATSERVER_HOST": "0.0.0.0"}
        async with open_server(sqlite_url, env) as (db, server), open_desk(db, [server]) as desk:
            vic = await desk.visitor()
            begun = await start(vic)
            topic, token = begun["topic"], vic.hello["token"]
            sock = await asyncio.to_thread(wire.connect, server.port)
            async with followed(sock, desk.path, desk.portal.origins[0], token, topic):
                await vic.end()
                assert (await desk.row(begun["conversation"])).state is ConversationState.QUEUED
                wire.unplug()
                with awake() as seconds:
                    while (await desk.row(begun["conversation"])).state is ConversationState.QUEUED:
                        assert seconds() < NOTICED
                        await asyncio.sleep(0.2)
            assert (await desk.row(begun["conversation"])).state is ConversationState.ABANDONED


async def _never_read(cluster: Cluster, desk: Desk) -> None:
    """All that is said goes to a client who reads nothing of it, and to the others as ever."""
    vic, ana = desk.observers[:2]
    server = cluster.servers[2]
    topic, token = f"conversation:{vic.conversation}", vic.talker.hello["token"]
    memory = server.memory()
    async with followed(little_room(server.port), desk.path, desk.portal.origins[0], token, topic) as deaf:
        pens = await asyncio.gather(*(desk.staff("ana", number) for number in range(PENS)))
        slowest = await _write_much(pens, vic.conversation)
        await deaf.ended(within=20)
    assert server.memory() - memory < GROWTH
    assert slowest < 5
    await ana.talker.reach(topic, (await desk.row(vic.conversation)).seq)


async def _write_much(pens: Sequence[Talker], conversation: int) -> float:
    """Returns the seconds that the slowest of all answers took."""
    slowest = 0.0
    with awake() as seconds:

        async def write(number: int) -> None:
            nonlocal slowest
            since = seconds()
            said = await pens[number % len(pens)].ask(
                "send_message", conversation=conversation, client_message_id=f"word-number-{number}", body=LONG_WORD
            )
            assert said["type"] == "message_stored", said
            slowest = max(slowest, seconds() - since)

        for first in range(0, EVENTS, 2 * PENS):
            at_least = asyncio.sleep(2 / HURRY)
            await asyncio.gather(*(write(number) for number in range(first, first + 2 * PENS)), at_least)
    return slowest


async def test_a_crowd_that_comes_back_at_once_is_let_in(cluster: Cluster) -> None:
    """Everybody was on the process that died; everybody resumes, and nobody waits long."""
    async with open_busy_desk(cluster.db, cluster.servers, chats=1, patience=EVERYBODY_BACK) as desk:
        vic, ana = desk.observers
        urls, origin, token = vic.talker.urls, vic.talker.origin, vic.talker.hello["token"]
        plan = Plan(CROWD, urls, origin, token, f"conversation:{vic.conversation}", EVERYBODY_BACK)
        async with crowd(plan) as everybody:
            for number in rounds("crowd"):
                victim = cluster.servers[number % len(cluster.servers)]  # they go from one to the next
                since = time.monotonic()
                await victim.kill()
                said = await ana.say("¿están todos?")
                returned = await everybody.reach(said.seq or 0, EVERYBODY_BACK - (time.monotonic() - since))
                assert returned > CROWD / 4, "whoever was on it must come back"
                assert number or returned == CROWD
                await victim.start()
        await desk.check()


async def test_whose_words_wait_for_us_is_not_taken_for_dead(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While commands wait for the database we do not read, pongs neither: their silence is ours."""
    monkeypatch.setattr("chatserver.serve.PING", 0.3)
    async with live_server(sqlite_url, TUESDAY) as live:
        vic, _ = await live.visitor()
        conversation = await live.start(vic, body="Hola")
        async with live.service.db.transaction():
            refs = [
                await vic.push("send_message", conversation=conversation, client_message_id=fresh(), body="¿hola?")
                for _ in range(3)
            ]
            await asyncio.sleep(1.5)
        for ref in refs:
            assert (await vic.until(partial(_answers, ref)))["type"] == "message_stored"
        assert vic.socket.close_code is None


def _answers(ref: str, frame: dict[str, Any]) -> bool:
    return frame.get("ref") == ref
