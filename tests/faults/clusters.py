"""Three servers as on three hosts, on one PostgreSQL and one Redis; the lines between them can be spoiled."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from chatserver.db import Database
from tests.faults.desks import QUICK, outside
from tests.faults.proxy import Proxy, proxy
from tests.processes import ServerProcess, free_port
from tests.servers import PostgresServer, RedisServer

PROCESSES = 3
POSTGRES_SOCKET = ".s.PGSQL.5432"


@dataclass
class Cluster:
    """`to_redis` is everybody's line to Redis, `to_postgres` the first server's to the database."""

    db: Database
    servers: list[ServerProcess]
    postgres: PostgresServer
    redis: RedisServer
    to_postgres: Proxy
    to_redis: Proxy

    async def mend(self) -> None:
        """Whatever a test has broken works again, and every server with it."""
        for way in (self.to_postgres, self.to_redis):
            way.mend()
        self.postgres.thaw()
        await asyncio.gather(*(self._mend(server) for server in self.servers))

    async def healthy(self, within: float = 20) -> None:
        """Return when every server is ready and hears the others."""
        async with asyncio.timeout(within):
            for server in self.servers:
                while (await server.get("/readyz"))["bus"] != "ok":
                    await asyncio.sleep(0.05)

    async def _mend(self, server: ServerProcess) -> None:
        if server.running.poll() is None:
            server.thaw()
        else:
            await server.start()


@contextmanager
def _open_directory() -> Iterator[Path]:
    """Where everybody may go, PostgreSQL's user, too."""
    with tempfile.TemporaryDirectory(prefix="chatserver-lines-") as name:
        place = Path(name)
        place.chmod(0o755)
        yield place


@asynccontextmanager
async def open_cluster(url: str, postgres: PostgresServer, redis: RedisServer) -> AsyncIterator[Cluster]:
    async with AsyncExitStack() as stack:
        place = stack.enter_context(_open_directory())
        to_postgres = await stack.enter_async_context(
            proxy(postgres.directory / POSTGRES_SOCKET, place / POSTGRES_SOCKET)
        )
        to_redis = await stack.enter_async_context(proxy(redis.socket, place / "redis.sock"))
        shared = QUICK | {"CHATSERVER_REDIS_URL": f"unix://{place / 'redis.sock'}"}
        first = url.replace(str(postgres.directory), str(place))
        servers = [ServerProcess(first if n == 0 else url, free_port(), dict(shared)) for n in range(PROCESSES)]
        for server in servers:
            server.env["CHATSERVER_BASE_URL"] = servers[0].base
            stack.push_async_callback(server.kill)
        await asyncio.gather(*(server.start() for server in servers))
        db = outside(url)
        stack.push_async_callback(db.close)
        yield Cluster(db, servers, postgres, redis, to_postgres, to_redis)
