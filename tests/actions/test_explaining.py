"""Why conversations wait is said once for all of them, and only when it is news."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from chatserver.actions.explaining import explain
from chatserver.actions.routing import route
from chatserver.actions.waiting import list_waiting
from chatserver.db import Database, Transaction
from chatserver.models import RoutingDecision
from tests.world import World

pytestmark = pytest.mark.asyncio


async def test_why_all_wait_is_said_in_one_transaction_and_not_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversations = [await world.start(f"visitor-{number}") for number in range(5)]
    begun: list[Database] = []
    transaction = Database.transaction

    def counted(db: Database) -> AbstractAsyncContextManager[Transaction]:
        begun.append(db)
        return transaction(db)

    monkeypatch.setattr(Database, "transaction", counted)
    assert await world.route() == 0
    assert len(begun) == 1
    assert await world.route() == 0
    assert len(begun) == 1
    for conversation in conversations:
        assert (await world.conversation(conversation)).reason == {
            "code": "routing.waits.nobody_on_shift",
            "params": {},
        }


async def test_free_places_go_to_the_first_in_the_queue_and_the_rest_is_told_why_it_waits(world: World) -> None:
    conversations = [await world.start(f"visitor-{number}") for number in range(8)]
    await world.on_shift("ana", "ben")
    assert await world.route() == 6
    rows = [await world.conversation(conversation) for conversation in conversations]
    assert [row.state.value for row in rows] == ["offered"] * 6 + ["queued"] * 2
    assert [(await world.agent(name)).load for name in ("ana", "ben")] == [3, 3]
    assert {row.reason["code"] for row in rows[6:] if row.reason} == {"routing.waits.all_full"}


async def test_an_offer_waits_for_no_explanation(world: World) -> None:
    waiting = [await world.start(f"visitor-{number}") for number in range(4)]
    await world.on_shift("ana")
    assert await world.checked(lambda: route(world.context)) == 3
    assert (await world.conversation(waiting[3])).reason is None
    assert await world.checked(lambda: explain(world.context)) == 1
    assert await world.checked(lambda: explain(world.context)) == 0


async def test_what_another_process_has_told_meanwhile_is_not_told_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.start()
    transaction = Database.transaction

    async def meanwhile() -> None:
        monkeypatch.setattr(Database, "transaction", transaction)
        await explain(world.context)

    @asynccontextmanager
    async def late(db: Database) -> AsyncIterator[Transaction]:
        await meanwhile()
        async with transaction(db) as begun:
            yield begun

    monkeypatch.setattr(Database, "transaction", late)
    await world.checked(lambda: explain(world.context))
    assert len(await world.all(select(RoutingDecision))) == 1


async def test_a_decision_is_kept_with_counts_and_the_nearest(world: World) -> None:
    await world.on_shift("ana", "ben")
    await world.start()
    await world.route()
    [kept] = await world.all(select(RoutingDecision))
    assert kept.agent_id in (world.agents["ana"].id, world.agents["ben"].id)
    assert sum(kept.passed["counts"].values()) == len(world.agents) - 1
    assert kept.passed["nearest"][0]["code"] in ("routing.passed.tie", "routing.passed.less_idle")


async def test_the_first_in_line_are_found_at_the_front_of_an_index(world: World) -> None:
    await world.start()
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    engine = world.context.db._reader.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    async with world.context.db.read() as session:
        await list_waiting(session)
        event.remove(engine, "before_cursor_execute", note)
        [(heads, values)] = [(statement, values) for statement, values in asked if "UNION ALL" in statement]
        connection = await session.connection()
        if not world.context.db.sqlite:  # of few rows it would read all
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explained = "EXPLAIN QUERY PLAN" if world.context.db.sqlite else "EXPLAIN"
        plan = [str(row[-1]) for row in await connection.exec_driver_sql(f"{explained} {heads}", values)]
    assert sum("ix_conversation_line" in line for line in plan) >= 1, plan
    assert sum("->  Sort" in line or "TEMP B-TREE" in line for line in plan) <= 1, plan  # of those that came back
