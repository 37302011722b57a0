"""Durable messages a second: where the 99th percentile of acknowledgement and delivery passes 100 ms."""

from collections.abc import Sequence

from bench.desk import Crowd
from bench.figures.scene import Scene, say
from bench.knee import Search
from bench.pairs import pairs
from bench.rows import Figure, Row, Target, compare
from bench.subjects import CHANNELS, CHATSERVER, ORM, SOCKET_IO_SERVER, STRIPPED, Subject

CONVERSATIONS = 500
"""Enough that nobody hits a client's own limit (60 frames at once, 5 a second after that) before the server's."""

UNIT = "messages/s"

START = {CHATSERVER: 1500, SOCKET_IO_SERVER: 2500, STRIPPED: 4000, ORM: 600, CHANNELS: 400}
"""Where the search for each begins; it ends where it ends."""


async def on_postgres(scene: Scene) -> Sequence[Row]:
    ours = await knee(scene, CHATSERVER, "postgresql")
    asked = {SOCKET_IO_SERVER: 1.2, ORM: 4.5, CHANNELS: 5, STRIPPED: 0.65}
    return [
        compare("throughput, PostgreSQL", UNIT, ours, their.name, await knee(scene, their, "postgresql"), _least(bound))
        for their, bound in asked.items()
    ]


async def on_sqlite(scene: Scene) -> Sequence[Row]:
    ours = await knee(scene, CHATSERVER, "sqlite")
    asked = {SOCKET_IO_SERVER: 2, STRIPPED: 0.65}
    return [
        compare("throughput, SQLite", UNIT, ours, their.name, await knee(scene, their, "sqlite"), _least(bound))
        for their, bound in asked.items()
    ]


async def through_redis(scene: Scene) -> Sequence[Row]:
    """Visitors on one process, agents on another, both on the server's core."""
    ours = await knee(scene, CHATSERVER, "postgresql", processes=2)
    theirs = await knee(scene, SOCKET_IO_SERVER, "postgresql", processes=2)
    name = "throughput, two processes"
    return [compare(name, UNIT, ours, SOCKET_IO_SERVER.name, theirs, _least(1.1))]


async def knee(scene: Scene, subject: Subject, kind: str, processes: int = 1) -> Figure:
    """The knee, several times on one server; each search after the first begins near the last."""
    conversations = scene.some(CONVERSATIONS, least=300)
    async with (
        subject.up(scene.stores, kind, Crowd(active=conversations), processes) as up,
        pairs(up, conversations) as speakers,
    ):
        search = Search(up, speakers, scene.seconds)
        found = [await search.find(START[subject])]
        while len(found) < scene.runs:
            found.append(await search.find(found[-1].rate * 0.9))
    rates = tuple(each.rate for each in found)
    last = found[-1]
    used = (
        f"server {last.server:.0%} of its core, other core {last.rest:.0%}, of which the load client {last.client:.0%}"
    )
    note = f"{used}; {last.cost:.0f} us of the server's core a message"
    say(f"  {subject.name}, {kind}, {processes}: {' '.join(f'{rate:,.0f}' for rate in rates)} a second; {note}")
    return Figure(rates, note)


def _least(bound: float) -> Target:
    return Target(">=", bound)
