"""PostgreSQL ends a connection at any moment, also between two statements: whoever used it is told the one thing."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from chatserver.db import Database
from chatserver.driver import DatabaseAway
from chatserver.types import Topic
from tests.servers import PostgresServer

pytestmark = pytest.mark.asyncio

GOODBYE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = '{}'"

TURNS = range(6)
"""Of the event loop between the goodbye and the next statement: it may be unread, read, or the line ended, too."""


@pytest.mark.parametrize("turns", TURNS)
async def test_a_transaction_whose_connection_was_ended(
    postgresql_url: str, postgres_server: PostgresServer, turns: int
) -> None:
    db = open_database(postgresql_url)
    with pytest.raises(DatabaseAway):
        await twice(db, postgres_server, goodbye(postgresql_url), turns)
    await twice(db, postgres_server, "SELECT 1", turns)  # the broken connection is not used again
    await db.close()


@pytest.mark.parametrize("turns", TURNS)
async def test_a_write_by_the_driver_whose_connection_was_ended(
    postgresql_url: str, postgres_server: PostgresServer, turns: int
) -> None:
    db = open_database(postgresql_url)
    with pytest.raises(DatabaseAway):
        await db.straight(Ended(postgres_server, goodbye(postgresql_url), turns), nothing)
    assert await db.straight(Ended(postgres_server, "SELECT 1", turns), nothing) == 1
    await db.close()


class Ended:
    """Two statements, and what happens in between."""

    def __init__(self, server: PostgresServer, between: str, turns: int) -> None:
        self._server, self._between, self._turns = server, between, turns

    async def on_postgres(self, connection: Any, now: datetime) -> int:  # noqa: ARG002 -- as `Work` has it
        await connection.fetchval("SELECT 1")
        self._server.execute(self._between)
        await passing(self._turns)
        found: int = await connection.fetchval("SELECT 1")
        return found

    def on_sqlite(self, connection: Any, now: datetime) -> int:  # noqa: ARG002
        raise AssertionError("this one is about PostgreSQL")


def open_database(url: str) -> Database:
    return Database(url, lambda topic, payload: None, lambda: datetime.now(UTC))


def nothing(_done: object, _now: datetime) -> Iterator[tuple[Topic, bytes]]:
    yield from ()


def goodbye(url: str) -> str:
    return GOODBYE.format(make_url(url).database)


async def twice(db: Database, server: PostgresServer, between: str, turns: int) -> None:
    """A statement, what happens in between, and the same again."""
    async with db.transaction() as transaction:
        connection = await transaction.session.connection()
        await connection.execute(text("SELECT 1"))
        server.execute(between)
        await passing(turns)
        await connection.execute(text("SELECT 1"))


async def passing(turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)
