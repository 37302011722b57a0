"""The database driver itself, for the one path on which anything between it and us costs too much: messages.

Statements here have a fixed text, so that they are prepared once; how many rows they are about is in their arrays.
"""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")

RACES = ("40001", "40P01")
"""PostgreSQL's words for "the other one went first": serialization failure, deadlock."""

ATTEMPTS = 4

AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.InternalClientError,
)
"""What asyncpg raises when a connection is lost, or was ended by the server: by the last of them when its goodbye has
come and the end of the line has not."""


class DatabaseAway(OSError):
    """The connection was lost, or none could be had, while the driver was used directly. Nothing is known of what was
    under way: the same again must be safe."""


def is_away(error: BaseException | None) -> bool:
    """asyncpg refuses an argument by an InterfaceError as well, and that is a mistake of ours."""
    return isinstance(error, AWAY) and not isinstance(error, ValueError)


async def retried(transaction: Callable[[], Awaitable[T]]) -> T:
    """Carry out a whole transaction, and again when another one went first. Raises what the last attempt raised."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await transaction()
        except (DBAPIError, asyncpg.PostgresError) as error:
            if attempt == ATTEMPTS or not _lost_a_race(error):
                raise
            await asyncio.sleep(random.uniform(0, 0.02 * attempt))  # noqa: S311 -- only to part two racers
    raise AssertionError("unreachable")


def _lost_a_race(error: Exception) -> bool:
    """Whether another transaction went first and this one may simply be done again."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    races = isinstance(error, IntegrityError | asyncpg.IntegrityConstraintViolationError)
    return races or getattr(cause, "sqlstate", None) in RACES


@asynccontextmanager
async def postgres_connection(engine: AsyncEngine) -> AsyncIterator[Any]:
    """An asyncpg connection of the engine's pool; each statement on it commits by itself. Raises `DatabaseAway`, and
    SQLAlchemy's `TimeoutError` when the pool has none left."""
    borrowed = await engine.raw_connection()
    connection = borrowed.driver_connection
    try:
        yield connection
    except BaseException as error:
        if is_away(error):
            borrowed.invalidate()
            raise DatabaseAway(str(error)) from error
        if connection is None or connection.is_closed():
            borrowed.invalidate()
        raise
    finally:
        borrowed.close()


class SqliteThread:
    """A second connection of the one writer, in a thread of its own: a whole transaction is one visit to it."""

    def __init__(self, path: str, prepare: Callable[[sqlite3.Connection], None]) -> None:
        self._path = path
        self._prepare = prepare
        self._connection: sqlite3.Connection | None = None
        self._thread: ThreadPoolExecutor | None = None

    async def transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do the work between BEGIN and COMMIT. The caller holds the writer's turn. Raises SQLAlchemy's
        `OperationalError`, as the engine does, when the file is locked or the disk is full."""
        self._thread = self._thread or ThreadPoolExecutor(1, "sqlite-writer")
        visit = asyncio.get_running_loop().run_in_executor(self._thread, self._visit, work)
        try:
            return await asyncio.shield(visit)
        except asyncio.CancelledError:
            await asyncio.wait({visit})  # the turn ends when the visit does, not before
            raise

    async def dispose(self) -> None:
        """As an engine's: closing twice is no error, and who comes later opens it again."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.get_running_loop().run_in_executor(thread, self._hang_up)
            thread.shutdown()

    def _visit(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            connection = self._connection = self._connection or self._connect()
            connection.execute("BEGIN IMMEDIATE")
            try:
                done = work(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            raise OperationalError("(a batch of messages)", None, error) from error
        return done

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path)
        self._prepare(connection)
        return connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
