"""The database: one way to read (a consistent snapshot) and one way to write (commit, then publish what was emitted).

The tables are the truth and the bus a hint, so nothing is published that is not committed.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import event, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.driver import DatabaseAway, SqliteThread, is_away, postgres_connection
from chatserver.models import EventRow, Table, TopicHead
from chatserver.protocol.codec import encode
from chatserver.protocol.events import Durable, MessageSent, NoteAdded
from chatserver.types import Topic

Publish = Callable[[Topic, bytes], None]
Numbered = Callable[[int], Awaitable[Durable]]
"""Makes an event from the number it is given; it runs under the topic's lock, so what it reads is in order too."""

Upsert = sqlite.Insert | postgresql.Insert

LOCK_WITHIN = 5.0
"""Seconds that SQLite waits for the lock of its file."""

TURN_WITHIN = 10.0
"""Seconds that a writer waits for its turn: a crowd of them is no failure yet."""

STORED_AS_MESSAGES = (MessageSent, NoteAdded)

T = TypeVar("T")
Done_co = TypeVar("Done_co", covariant=True)


class Work(Protocol[Done_co]):
    """What is done straight on the driver, in the words of either database: for messages, where everything between
    costs more than the work itself."""

    async def on_postgres(self, connection: Any, now: datetime) -> Done_co: ...

    def on_sqlite(self, connection: Any, now: datetime) -> Done_co: ...


def upsert(connection: AsyncConnection, table: type[Table]) -> Upsert:
    """An insert that can say what to do on a conflict: both databases can, each in its own dialect."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


class Transaction:
    """One write. Events of conversations are numbered by their row; all others here, last, in one order of locks."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self.session = session
        self.now = now
        self.published: list[tuple[Topic, bytes]] = []
        self._later: defaultdict[Topic, list[Numbered]] = defaultdict(list)
        self._rows: list[dict[str, Any]] = []

    def emit(self, event: Durable) -> None:
        """Say an event whose number was taken under its conversation's lock."""
        payload = encode(event)
        topic = Topic(event.topic)
        self.published.append((topic, payload.encode()))
        if not isinstance(event, STORED_AS_MESSAGES):
            self._rows.append(
                {"topic": topic, "seq": event.seq, "type": event.type, "at": self.now, "payload": payload}
            )

    def emit_next(self, topic: Topic, make: Numbered) -> None:
        """Say an event of a topic that is numbered when the transaction ends."""
        self._later[topic].append(make)

    async def settle(self) -> None:
        """Number what waits for a number and store all events. Desks and the roster come last: they are the busiest
        locks."""
        await self.session.flush()
        for topic in sorted(self._later, key=_lock_order):
            makers = self._later[topic]
            first = await self._take(topic, len(makers)) - len(makers) + 1
            for seq, make in enumerate(makers, first):
                self.emit(await make(seq))
        if self._rows:
            await (await self.session.connection()).execute(insert(EventRow), self._rows)

    async def _take(self, topic: Topic, count: int) -> int:
        connection = await self.session.connection()
        taking = (
            upsert(connection, TopicHead)
            .values(topic=topic, seq=count)
            .on_conflict_do_update(index_elements=["topic"], set_={"seq": TopicHead.seq + count})
            .returning(col(TopicHead.seq))
        )
        seq: int = (await connection.execute(taking)).scalar_one()
        return seq


LOCK_ORDER = ("visitor", "agent", "ticket", "board", "desk", "agents")


def _lock_order(topic: Topic) -> tuple[int, str]:
    return LOCK_ORDER.index(topic.partition(":")[0]), topic


class Database:
    """Owns the engines. SQLite has one writer behind a lock and readers beside it; PostgreSQL one pool for both.
    Parameters are hidden from errors, which are logged: they are what people wrote, and hashes of tokens."""

    def __init__(self, url: str, publish: Publish, now: Callable[[], datetime]) -> None:
        self.sqlite = url.startswith("sqlite")
        self._publish = publish
        self._now = now
        self._writer_lock = asyncio.Lock()
        self._writer, self._reader = _sqlite_engines(url) if self.sqlite else _postgres_engines(url)
        self._direct = SqliteThread(make_url(url).database or "", _set_up) if self.sqlite else _direct_engine(url)
        self._write_session = async_sessionmaker(self._writer, class_=AsyncSession, expire_on_commit=False)
        self._read_session = async_sessionmaker(self._reader, class_=AsyncSession, expire_on_commit=False)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A read-only view of one moment: all statements in it see the same data."""
        async with self._read_session() as session, session.begin():
            yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A write. What it emitted is published after the commit, and only then."""
        async with AsyncExitStack() as stack:
            if self.sqlite:
                await stack.enter_async_context(self._turn())
            session = await stack.enter_async_context(self._write_session())
            async with session.begin():
                transaction = Transaction(session, self._now())
                yield transaction
                await transaction.settle()
        self._publish_all(transaction.published)

    async def straight(self, work: Work[T], say: Callable[[T, datetime], Iterable[tuple[Topic, bytes]]]) -> T:
        """A write by the driver alone. What `say` makes of its outcome is published after the commit."""
        now = self._now()
        if isinstance(self._direct, SqliteThread):
            async with self._turn():
                done = await self._direct.transaction(lambda connection: work.on_sqlite(connection, now))
        else:
            async with postgres_connection(self._direct) as connection:
                done = await work.on_postgres(connection, now)
        self._publish_all(say(done, now))
        return done

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """The one writer's turn. Raises SQLAlchemy's TimeoutError, as a pool does, when it does not come in time: while
        somebody outside holds the file's lock, each of those before us waits for it as long as SQLite does."""
        try:
            async with asyncio.timeout(TURN_WITHIN):
                await self._writer_lock.acquire()
        except TimeoutError as error:
            raise PoolTimeout("the writer is busy") from error
        try:
            yield
        finally:
            self._writer_lock.release()

    def _publish_all(self, published: Iterable[tuple[Topic, bytes]]) -> None:
        for topic, payload in published:
            self._publish(topic, payload)

    async def close(self) -> None:
        await self._direct.dispose()
        await self._writer.dispose()
        await self._reader.dispose()


def _sqlite_engines(url: str) -> tuple[AsyncEngine, AsyncEngine]:
    writer = create_async_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    reader = create_async_engine(url, pool_size=4, max_overflow=0, hide_parameters=True)
    _prepare_sqlite(writer, "BEGIN IMMEDIATE")
    _prepare_sqlite(reader, "BEGIN")
    return writer, reader


def _prepare_sqlite(engine: AsyncEngine, begin: str) -> None:
    """Take the transaction into our own hands: the driver's own deferred BEGIN would let a read-then-write fail at
    once."""
    event.listen(engine.sync_engine, "connect", lambda connection, _record: _set_up(connection))
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(begin))


def _set_up(connection: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={LOCK_WITHIN * 1000:.0f}",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _postgres_engines(url: str) -> tuple[AsyncEngine, AsyncEngine]:
    writer = create_async_engine(url, pool_size=10, max_overflow=0, hide_parameters=True)
    event.listen(writer.sync_engine, "checkout", _refuse_closed)
    event.listen(writer.sync_engine, "handle_error", _tell_away)
    return writer, writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _direct_engine(url: str) -> AsyncEngine:
    """Connections for batches of messages: one for each of the writer's lanes, and one while another is replaced.
    Their few statements look rows up by key; planning that anew for each batch would cost more than doing it."""
    planned_once = {
        "plan_cache_mode": "force_generic_plan",
        "enable_seqscan": "off",
        "enable_hashjoin": "off",
        "enable_mergejoin": "off",
        "enable_material": "off",
        "jit": "off",
    }
    settings = {"server_settings": planned_once}
    engine = create_async_engine(url, pool_size=4, max_overflow=0, hide_parameters=True, connect_args=settings)
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(connection: Any, _record: object, _borrowed: object) -> None:
    """A connection that the server has closed is replaced before it is used: the socket says so, no ping is needed."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError("closed by the server")


def _tell_away(context: ExceptionContext) -> None:
    """Raises `DatabaseAway` for whatever the driver says when a connection is lost. SQLAlchemy asks the connection,
    which does not know when the server has said goodbye and the line has not ended yet: it would be used again."""
    if context.is_disconnect or is_away(context.original_exception.__cause__):
        context.is_disconnect = True
        raise DatabaseAway(str(context.original_exception)) from context.original_exception
