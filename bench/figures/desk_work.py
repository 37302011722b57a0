"""The desk itself at scale: giving a conversation to an agent, and telling supervisors of a change."""

import asyncio
import json
from collections.abc import Sequence
from itertools import count
from time import perf_counter
from typing import Any

from bench.desk import Crowd
from bench.figures.scene import Scene, say
from bench.link import Link, open_link
from bench.load import quantile
from bench.rows import Figure, Row, Target, compare, state
from bench.subjects import CHATSERVER, Up
from bench.wires import staff_door, visitor_door
from tests.world import CONTACT

AGENTS, MANY, FEW = 200, 10_000, 100
SUPERVISORS, WATCHED = 50, 1000
VISITORS, TURNS = 5, 10
"""So many clients join and leave so often in one run: within what one may say in a burst."""

ROUND = 20
"""Agents who get a place, one after another, in one run: all runs together less than the few who wait."""

SETTLE = 3.0
"""Seconds in which a desk that was just opened explains to itself who waits and why."""

_refs = count(1)


async def assigning(scene: Scene) -> Sequence[Row]:
    """From a supervisor's word that an agent has a place more, to the offer on that agent's screen."""
    few, _ = await _assigning(scene, FEW)
    many, slow = await _assigning(scene, scene.some(MANY))
    name = f"assigning with {scene.some(MANY):,} waiting, {AGENTS} agents"
    return [
        compare(f"{name}, p50", "ms", many, f"with {FEW} waiting", few, Target("<=", 2.0)),
        state(f"{name}, p99", "ms", slow, Target("<=", 50.0)),
    ]


async def watching(scene: Scene) -> Sequence[Row]:
    """A client joins the queue and leaves it again: what a change costs the server, and a supervisor."""
    alone, _ = await _watching(scene, 1)
    among, size = await _watching(scene, scene.some(WATCHED))
    name = f"one change of the queue, {SUPERVISORS} supervisors, {scene.some(WATCHED):,} waiting"
    return [
        compare(f"{name}: CPU", "ms", among, "with 1 waiting", alone, Target("<=", 2.0)),
        state(f"{name}: sent to a supervisor", "bytes", size, Target("<=", 1024)),
    ]


async def _assigning(scene: Scene, waiting: int) -> tuple[Figure, Figure]:
    """The median and the 99th percentile of each run."""
    middles, slow = [], []
    async with CHATSERVER.up(scene.stores, "postgresql", Crowd(0, waiting, AGENTS, 1)) as up:
        inboxes = [await _inbox(up, number) for number in range(1, AGENTS + 1)]
        supervisor = await open_link(staff_door(up.port("agent"), AGENTS + 1))
        await _ask(supervisor, "hello")
        await asyncio.sleep(SETTLE)
        rounds = iter(inboxes)
        for _ in range(scene.runs):
            waits = [await _offer(supervisor, *next(rounds)) for _ in range(ROUND)]
            middles.append(quantile(waits, 0.5) * 1e3)
            slow.append(quantile(waits, 0.99) * 1e3)
        for link in (supervisor, *(link for link, _ in inboxes)):
            link.close()
    say(f"  {waiting:,} waiting: {' '.join(f'{wait:.1f}' for wait in middles)} ms")
    return Figure(tuple(middles)), Figure(tuple(slow))


async def _inbox(up: Up, number: int) -> tuple[Link, int]:
    """An agent who follows their own topic, and their id."""
    link = await open_link(staff_door(up.port("agent"), number))
    welcome = await _ask(link, "hello")
    agent: int = welcome["agent"]["id"]
    await _ask(link, "subscribe", topic=f"agent:{agent}")
    return link, agent


async def _watcher(up: Up, number: int) -> Link:
    """A supervisor who follows the desk."""
    link = await open_link(staff_door(up.port("agent"), number))
    welcome = await _ask(link, "hello")
    await _ask(link, "subscribe", topic=welcome["desks"][0]["topic"])
    return link


async def _offer(supervisor: Link, link: Link, agent: int) -> float:
    begin = perf_counter()
    offered = asyncio.create_task(link.answer(b'"inbox_added"'))
    await _ask(supervisor, "set_capacity", agent=agent, capacity=1)
    await offered
    return perf_counter() - begin


async def _watching(scene: Scene, waiting: int) -> tuple[Figure, Figure]:
    """Milliseconds of the server's core a change, less what it does when nothing changes; bytes a supervisor."""
    costs, sizes = [], []
    async with CHATSERVER.up(scene.stores, "postgresql", Crowd(0, waiting, 0, SUPERVISORS)) as up:
        watchers = [await _watcher(up, number) for number in range(1, SUPERVISORS + 1)]
        await asyncio.sleep(SETTLE)
        for _ in range(scene.runs):
            visitors = [await _visitor(up) for _ in range(VISITORS)]
            cost, size = await _cost(up, visitors, watchers)
            costs.append(cost)
            sizes.append(size)
            for link in visitors:
                link.close()
        for link in watchers:
            link.close()
    say(f"  {waiting:,} waiting: {' '.join(f'{cost:.2f}' for cost in costs)} ms of the core a change")
    return Figure(tuple(costs)), Figure(tuple(sizes))


async def _visitor(up: Up) -> Link:
    link = await open_link(visitor_door(up.port("visitor")))
    await _ask(link, "hello")
    await _come_and_go(link)
    return link


async def _cost(up: Up, visitors: list[Link], watchers: list[Link]) -> tuple[float, float]:
    received = sum(link.received for link in watchers)
    cpu, begin = up.cpu(), perf_counter()
    for visitor in visitors * TURNS:
        await _come_and_go(visitor)
    cpu, took = up.cpu() - cpu, perf_counter() - begin
    received = sum(link.received for link in watchers) - received
    rest = up.cpu()
    await asyncio.sleep(took)
    rest = up.cpu() - rest
    changes = 2 * TURNS * len(visitors)
    return (cpu - rest) / changes * 1e3, received / changes / len(watchers)


async def _come_and_go(visitor: Link) -> None:
    """Two changes of the queue."""
    joined = await _ask(visitor, "start_conversation", contact=CONTACT, client_message_id=_ref())
    await _ask(visitor, "end_conversation", conversation=joined["conversation"])


async def _ask(link: Link, kind: str, **fields: object) -> dict[str, Any]:
    ref = _ref()
    answer: dict[str, Any] = json.loads(
        await link.ask(json.dumps({"type": kind, "ref": ref} | fields), f'"ref":"{ref}"'.encode())
    )
    assert answer["type"] != "refused", answer
    return answer


def _ref() -> str:
    return f"bench{next(_refs):08d}"
