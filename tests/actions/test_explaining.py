"""Why conversations wait is said once for all of them, and only when it is news."""

from contextlib import AbstractAsyncContextManager

import pytest

from chatserver.db import Database, Transaction
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
