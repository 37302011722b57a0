"""The least that a durable relay on our stack can do: group commit, acknowledge, deliver, and nothing else.

No identity, no access, no deduplication, no numbers, no limits. `BENCH_DATABASE` is a PostgreSQL host (the folder of
its socket) and database, or the path of a SQLite file.
"""

import asyncio
import json
import os
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiosqlite
import asyncpg
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from bench.yardsticks.rooms import others, serve_room

DATABASE = os.environ["BENCH_DATABASE"]
LARGEST = 200

Said = tuple[WebSocket, int, str, dict[str, Any]]


class Store(ABC):
    """Where messages go, many in one commit."""

    @abstractmethod
    async def open(self) -> None: ...

    @abstractmethod
    async def add(self, batch: list[Said]) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...


class Postgres(Store):
    """One statement a batch: `unnest` takes a column of values each."""

    _ADD = """INSERT INTO message (conversation, side, client_id, body)
              SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[])"""

    async def open(self) -> None:
        host, _, database = DATABASE.rpartition("/")
        self._connection = await asyncpg.connect(host=host, database=database, user="chatserver")
        await self._connection.execute(
            """CREATE TABLE message (id bigserial PRIMARY KEY, conversation int NOT NULL, side text NOT NULL,
               client_id text NOT NULL, body text NOT NULL, at timestamptz NOT NULL DEFAULT now())"""
        )
        self._add = await self._connection.prepare(self._ADD)

    async def add(self, batch: list[Said]) -> None:
        columns = zip(*[(number, side, said["id"], said["body"]) for _, number, side, said in batch], strict=True)
        await self._add.fetch(*map(list, columns))

    async def close(self) -> None:
        await self._connection.close()


class Sqlite(Store):
    """One transaction a batch, in WAL mode, with the disk waited for."""

    async def open(self) -> None:
        self._connection = await aiosqlite.connect(DATABASE, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            """CREATE TABLE message (id integer PRIMARY KEY, conversation int NOT NULL, side text NOT NULL,
               client_id text NOT NULL, body text NOT NULL, at text NOT NULL DEFAULT CURRENT_TIMESTAMP)""",
        ):
            await self._connection.execute(statement)

    async def add(self, batch: list[Said]) -> None:
        rows = [(number, side, said["id"], said["body"]) for _, number, side, said in batch]
        await self._connection.execute("BEGIN IMMEDIATE")
        await self._connection.executemany(
            "INSERT INTO message (conversation, side, client_id, body) VALUES (?, ?, ?, ?)", rows
        )
        await self._connection.execute("COMMIT")

    async def close(self) -> None:
        await self._connection.close()


class Writer:
    """Commits what gathered while the last commit was under way, then answers and delivers it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: deque[Said] = deque()
        self._wanted = asyncio.Event()

    def put(self, said: Said) -> None:
        self._queue.append(said)
        self._wanted.set()

    async def run(self) -> None:
        while True:
            await self._wanted.wait()
            batch = [self._queue.popleft() for _ in range(min(LARGEST, len(self._queue)))]
            if not self._queue:
                self._wanted.clear()
            await self._store.add(batch)
            for socket, conversation, _, said in batch:
                await socket.send_text(json.dumps({"type": "ack", "id": said["id"]}))
                delivered = json.dumps({"type": "message", "id": said["id"], "body": said["body"]})
                for other in others(socket, conversation):
                    await other.send_text(delivered)


store = Sqlite() if DATABASE.endswith(".sqlite3") else Postgres()
writer = Writer(store)


async def room(socket: WebSocket) -> None:
    await serve_room(socket, _heard)


async def _heard(socket: WebSocket, conversation: int, side: str, said: dict[str, Any]) -> None:
    writer.put((socket, conversation, side, said))


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    await store.open()
    writing = asyncio.create_task(writer.run())
    yield
    writing.cancel()
    await store.close()


app = Starlette(routes=[WebSocketRoute("/ws/{conversation:int}/{side}", room)], lifespan=lifespan)
