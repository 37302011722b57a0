"""A client is locked before any conversation of theirs, whatever they ask for: two orders would make a deadlock."""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.world import World

pytestmark = pytest.mark.asyncio

LOCKING = re.compile(r"FROM (visitor|conversation)\b.* FOR (?:NO KEY )?UPDATE", re.DOTALL)


@contextmanager
def locks_of(world: World) -> Iterator[list[str]]:
    """The tables that rows are locked in, as the database is asked for them."""
    engine: AsyncEngine = world.context.db._writer
    taken: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if found := LOCKING.search(statement):
            taken.append(found[1])

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
    assert taken[0] == "visitor"
    assert "conversation" in taken
