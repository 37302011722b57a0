"""Many clients at once: what an idle one costs, and how long it takes when all of them come back."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from time import perf_counter

from bench.desk import Crowd, visitor_token
from bench.figures.scene import Scene, say
from bench.link import Door, Link, open_link
from bench.rows import Figure, Row, Target, compare, state
from bench.subjects import CHATSERVER, ECHO, Subject, Up
from bench.wires import visitor_door

IDLE, RETURNING = 5000, 2000
AT_ONCE = 100
SETTLE = 2.0
"""Seconds until a server's memory is what it will be."""

Greeting = Callable[[Link, int], Awaitable[None]]


async def memory(scene: Scene) -> Sequence[Row]:
    """Resident memory a connection: open widgets that have said hello and nothing else."""
    ours = await _memory(scene, CHATSERVER, lambda up: visitor_door(up.port("visitor")), _hello)
    theirs = await _memory(scene, ECHO, _echo_door, _echo)
    name = f"memory of an idle visitor connection, {scene.some(IDLE):,} of them"
    return [compare(name, "KB", ours, ECHO.name, theirs, Target("<=", 1.3))]


async def storm(scene: Scene) -> Sequence[Row]:
    """All at once: open, say hello with a token, resume a conversation; against opening and one echo."""
    resumed = Crowd(active=scene.some(RETURNING))
    ours, slowest = await _storms(scene, CHATSERVER, resumed, lambda up: visitor_door(up.port("visitor")), _resume)
    theirs, _ = await _storms(scene, ECHO, resumed, _echo_door, _echo)
    name = f"reconnect storm of {scene.some(RETURNING):,}"
    return [
        compare(name, "clients/s", ours, ECHO.name, theirs, Target(">=", 0.5)),
        state(f"{name}: the slowest client", "s", slowest, Target("<=", 30.0)),
    ]


async def _memory(scene: Scene, subject: Subject, door: Callable[[Up], Door], greet: Greeting) -> Figure:
    sizes = []
    for _ in range(scene.runs):
        async with subject.up(scene.stores, "postgresql", Crowd()) as up:
            warm = await _open(door(up), range(1, 11), greet)
            await asyncio.sleep(SETTLE)
            before = up.programs[0].memory()
            links = await _open(door(up), range(11, 11 + scene.some(IDLE)), greet)
            await asyncio.sleep(SETTLE)
            sizes.append((up.programs[0].memory() - before) / len(links) / 1024)
            _close(warm + links)
    say(f"  {subject.name}: {' '.join(f'{size:.1f}' for size in sizes)} KB a connection")
    return Figure(tuple(sizes))


async def _storms(
    scene: Scene, subject: Subject, crowd: Crowd, door: Callable[[Up], Door], greet: Greeting
) -> tuple[Figure, Figure]:
    rates, slowest, costs = [], [], []
    async with subject.up(scene.stores, "postgresql", crowd) as up:
        _close(await _open(door(up), range(1, 11), greet))
        for _ in range(scene.runs):
            begin, cpu = perf_counter(), up.cpu()
            links, waits = await _storm(door(up), crowd.active, greet)
            rates.append(crowd.active / (perf_counter() - begin))
            costs.append((up.cpu() - cpu) / crowd.active * 1e3)
            slowest.append(max(waits))
            _close(links)
            await asyncio.sleep(2 * SETTLE)
    note = f"{min(costs):.2f} ms of the server's core a client"
    say(f"  {subject.name}: {' '.join(f'{rate:,.0f}' for rate in rates)} clients a second; {note}")
    return Figure(tuple(rates), note), Figure(tuple(slowest))


async def _storm(door: Door, clients: int, greet: Greeting) -> tuple[list[Link], list[float]]:
    begin = perf_counter()

    async def come(number: int) -> tuple[Link, float]:
        link = await open_link(door)
        await greet(link, number)
        return link, perf_counter() - begin

    come_back = await asyncio.gather(*(come(number) for number in range(1, clients + 1)))
    return [link for link, _ in come_back], [wait for _, wait in come_back]


async def _open(door: Door, numbers: range, greet: Greeting) -> list[Link]:
    """A bounded number at a time."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Link:
        async with places:
            link = await open_link(door)
            await greet(link, number)
            return link

    return await asyncio.gather(*map(one, numbers))


def _close(links: list[Link]) -> None:
    for link in links:
        link.close()


def _echo_door(up: Up) -> Door:
    return up.wire.door(up.port("visitor"), 1, "visitor")


async def _hello(link: Link, _number: int) -> None:
    await link.ask(json.dumps({"type": "hello", "ref": "greeting"}), b'"welcome"')


async def _resume(link: Link, number: int) -> None:
    """As the widget does it: the token it kept, and where it was. Nothing was said since."""
    hello = {"type": "hello", "ref": "greeting", "token": visitor_token(number)}
    welcome = json.loads(await link.ask(json.dumps(hello), b'"welcome"'))
    topic = f"conversation:{number}"
    follow = {"type": "subscribe", "ref": "following", "topic": topic, "since": 0, "epoch": welcome["epoch"]}
    answer = await link.ask(json.dumps(follow), b'"following"')
    assert b'"snapshot":null' in answer, answer


async def _echo(link: Link, _number: int) -> None:
    await link.ask("hello", b"hello")
