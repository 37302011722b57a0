"""Killed at the worst moment: when the commit is done and nobody was told. Who asks again gets the one answer, and who
listens elsewhere hears it although no hint was sent."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.awake import awake
from tests.faults.clusters import Cluster
from tests.faults.desks import Desk
from tests.faults.observers import Observer, stored
from tests.faults.proxy import Pair, proxy
from tests.faults.rounds import rounds
from tests.processes import free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

SWEPT = 3.0
"""Seconds within which everybody hears what no hint was sent for: a sweep is due each second, and takes its time."""


def hold_after_commit(word: bytes, sent: asyncio.Event) -> Callable[[Pair, bytes], None]:
    """The statement that carries the word commits by itself, and its server is never told."""

    def asked(pair: Pair, data: bytes) -> None:
        if word in data:
            pair.open.clear()
            sent.set()

    return asked


async def test_killed_between_the_commit_and_the_hint_and_the_ack(cluster: Cluster, desk: Desk) -> None:
    """Neither acknowledged nor published, and yet stored: once, and heard by everybody within moments."""
    vic, ana = desk.observers[0], desk.observers[1]
    for number in rounds("kill before the hint"):
        sent, word = asyncio.Event(), f"la palabra {number}"
        tab = Observer(await desk.visitor(0, vic.talker.hello["token"]), vic.conversation)
        await tab.talker.follow(f"conversation:{vic.conversation}")
        desk.observers.append(tab)
        cluster.to_postgres.asked = hold_after_commit(word.encode(), sent)
        saying = asyncio.create_task(tab.say(word))
        async with asyncio.timeout(10):
            await sent.wait()
        await asyncio.sleep(0.3)
        assert not saying.done()
        assert [row.body for row in await stored(cluster.db, vic.conversation)].count(word) == 1
        await cluster.servers[0].kill()
        with awake() as seconds:
            await ana.talker.event(partial(_is_word, word))
            assert seconds() < SWEPT
        said = await saying
        assert said.outcome == "ok"
        rows = [row for row in await stored(cluster.db, vic.conversation) if row.body == word]
        assert [row.seq for row in rows] == [said.seq]
        cluster.to_postgres.mend()
        await cluster.servers[0].start()
    await desk.check()


async def test_killed_between_the_hint_and_the_ack(single: Desk) -> None:
    """On each database: everybody else has heard it, only who said it does not know."""
    vic, ana = single.observers
    (server,) = single.servers
    port = free_port()
    async with proxy(server.port, port) as way:
        url = f"ws://127.0.0.1:{port}{single.path}"
        for number in rounds("kill before the ack"):
            word = f"la palabra {number}"
            tab = Observer(await single.through(url, vic.talker.hello["token"]), vic.conversation)
            await tab.talker.follow(f"conversation:{vic.conversation}")
            single.observers.append(tab)
            for pair in way.pairs:
                pair.open.clear()
            saying = asyncio.create_task(tab.say(word))
            heard = await ana.talker.event(partial(_is_word, word))
            await server.kill()
            way.cut()
            await server.start()
            said = await saying
            assert (said.outcome, said.seq) == ("ok", heard["seq"])
            assert [row.body for row in await stored(single.db, vic.conversation)].count(word) == 1
        await single.check()


def _is_word(word: str, event: dict[str, Any]) -> bool:
    return bool(event.get("entry", {}).get("body") == word)
