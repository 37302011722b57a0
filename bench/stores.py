"""The databases of a run: PostgreSQL that waits for its disk (`synchronous_commit=on`), SQLite files, and Redis."""

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.desk import Crowd, fill
from chatserver.migrations.runner import upgrade_async
from tests.servers import PostgresServer, RedisServer, postgres_server, redis_server


@dataclass
class Stores:
    """Private servers and a folder; every figure takes a database of its own."""

    postgres: PostgresServer
    redis: RedisServer
    folder: Path
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @contextmanager
    def empty(self, kind: str) -> Iterator[str]:
        """The URL of an empty database of this kind: `postgresql` or `sqlite`."""
        if kind == "sqlite":
            yield f"sqlite+aiosqlite:///{self.folder / f'{next(self._numbers)}.sqlite3'}"
            return
        with self.postgres.database() as url:
            yield url

    @asynccontextmanager
    async def desk(self, kind: str, crowd: Crowd) -> AsyncIterator[str]:
        """The URL of a database of chatserver's with a desk in it."""
        with self.empty(kind) as url:
            await upgrade_async(url)
            await fill(url, crowd)
            yield url

    @property
    def postgres_place(self) -> str:
        """The folder of PostgreSQL's socket, which every driver takes for a host."""
        return str(self.postgres.directory)


@contextmanager
def open_stores() -> Iterator[Stores]:
    with (
        postgres_server(durable=True) as postgres,
        redis_server() as redis,
        TemporaryDirectory(prefix="chatserver-bench-") as folder,
    ):
        yield Stores(postgres, redis, Path(folder))
