"""Guarantee 1: nothing is said that is not stored, and what is refused or fails leaves nothing behind."""

import pytest
from sqlalchemy import event, text

from chatserver.actions.thread import add_message
from chatserver.actions.unit import Context
from chatserver.db import Database
from chatserver.models import Conversation
from chatserver.types import SenderKind
from tests.looking import everything
from tests.world import World, fresh, open_world

pytestmark = pytest.mark.asyncio


async def test_the_commit_comes_first(database_url: str) -> None:
    async with open_world(database_url, None) as world:
        order: list[str] = []
        settings = world.context.settings
        db = Database(settings.database_url, lambda _topic, _payload: order.append("said"), world.clock.now)
        event.listen(db._writer.sync_engine, "commit", lambda _connection: order.append("stored"))
        try:
            async with Context(db, world.clock, settings, poke=lambda: None).unit() as unit:
                for agent in (await unit.lock_agents([1, 2])).values():
                    unit.touch_agent(agent)
        finally:
            await db.close()
        assert order == ["stored", "said", "said"]


async def test_a_failure_leaves_nothing_stored_and_nothing_said(world: World) -> None:
    conversation = await world.talk()
    before = await everything(world)
    world.published.clear()

    async def fail() -> None:
        async with world.context.unit() as unit:
            row = await unit.session.get_one(Conversation, conversation, with_for_update=True)
            add_message(unit, row, SenderKind.AGENT, 1, "Ana", fresh(), "Hola")
            unit.line(row, "asked")
            await unit.tell()
            raise RuntimeError("broken on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        await fail()
    assert world.published == []
    assert await everything(world) == before


async def test_a_commit_that_fails_says_nothing(world: World) -> None:
    """The transaction is whole until the commit itself, and that is where the connection breaks."""
    conversation = await world.talk()
    world.published.clear()

    async def fail() -> None:
        async with world.context.unit() as unit:
            row = await unit.session.get_one(Conversation, conversation, with_for_update=True)
            unit.line(row, "asked")

            def refuse(_session: object) -> None:
                raise RuntimeError("broken on purpose")

            event.listen(unit.session.sync_session, "before_commit", refuse, once=True)

    with pytest.raises(RuntimeError, match="on purpose"):
        await fail()
    assert world.published == []


async def test_a_commit_is_on_disk(sqlite_url: str) -> None:
    """Power loss after a commit loses nothing of it. (Of PostgreSQL it is the operator's setting.)"""
    async with open_world(sqlite_url, None) as world, world.context.db.transaction() as transaction:
        connection = await transaction.session.connection()
        assert (await connection.execute(text("PRAGMA synchronous"))).scalar_one() == 2
