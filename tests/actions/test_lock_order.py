"""Everybody locks in one order, whatever they ask for: a client before any conversation of theirs, agents by id. Two
orders would make a deadlock."""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from chatserver.actions.agents import lose_agent, lose_offers
from tests.world import World

pytestmark = pytest.mark.asyncio

LOCKING = re.compile(r"FROM (visitor|conversation|agent)\b.* FOR (?:NO KEY )?UPDATE", re.DOTALL)

Lock = tuple[str, list[int]]
"""A table, and the ids in it that were asked for by number."""


@contextmanager
def locks_of(world: World) -> Iterator[list[Lock]]:
    """The rows that are locked, as the database is asked for them."""
    engine: AsyncEngine = world.context.db._writer
    taken: list[Lock] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Iterable[object], *_: object) -> None:
        if found := LOCKING.search(statement):
            taken.append((found[1], sorted(each for each in parameters if isinstance(each, int))))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield taken
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


async def leaves_the_queue(world: World, conversation: int) -> None:
    await world.visitor("vic", "end_conversation", conversation=conversation)


async def begins_again(world: World, conversation: int) -> None:
    await world.visitor("vic", "end_conversation", conversation=conversation)
    await world.say("vic", conversation)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("act", [leaves_the_queue, begins_again])
async def test_a_client_is_locked_first(world: World, act: Callable[[World, int], Awaitable[None]]) -> None:
    conversation = await world.start()
    with locks_of(world) as taken:
        await act(world, conversation)
    tables = [table for table, _ in taken]
    assert tables[0] == "visitor"
    assert "conversation" in tables


async def steps_away(world: World) -> None:
    await world.staff("ben", "set_state", state="away")


async def ends_the_shift(world: World) -> None:
    await world.staff("ben", "set_state", state="offline", conversations="return")


async def is_gone(world: World) -> None:
    await world.leaves(agent="ben")
    world.clock.advance(seconds=31)
    await world.checked(lambda: world.context.attempt(lambda unit: lose_agent(unit, world.agents["ben"].id)))


async def loses_offers(world: World) -> None:
    await world.checked(lambda: world.context.attempt(lambda unit: lose_offers(unit, world.agents["ben"].id)))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("act", [steps_away, ends_the_shift, is_gone, loses_offers])
async def test_agents_are_locked_by_id_also_when_one_hands_over_to_another(
    world: World, act: Callable[[World], Awaitable[None]]
) -> None:
    """Ben has two conversations under way to Ana, whose id is lower, and Ana one to him."""
    assert world.agents["ana"].id < world.agents["ben"].id
    mine = [await world.talk(f"visitor-{number}", "ben") for number in range(2)]
    await world.staff("ben", "set_state", state="away")
    hers = await world.talk("vic", "ana")
    await world.staff("ben", "set_state", state="online")
    for conversation in mine:
        await world.staff("ben", "transfer", conversation=conversation, agent=world.agents["ana"].id)
    await world.staff("ana", "transfer", conversation=hers, agent=world.agents["ben"].id)
    with locks_of(world) as taken:
        await act(world)
    locked: set[int] = set()
    for ids in (ids for table, ids in taken if table == "agent"):
        new = set(ids) - locked
        assert all(id > max(locked, default=0) for id in new), taken
        locked |= new
    assert world.agents["ben"].id in locked
