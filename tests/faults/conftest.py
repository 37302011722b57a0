"""What is there to be broken: three servers for all tests that break them, and a busy desk on each database."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests import servers
from tests.faults.clusters import Cluster, open_cluster
from tests.faults.desks import Desk, open_busy_desk, open_server
from tests.faults.rounds import ITEM_WITHIN, ROUNDS, SEED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole servers are started here, some in the middle of an item."""
    for item in items:
        if item.path.parent.name == "faults":
            item.add_marker(pytest.mark.timeout(ITEM_WITHIN))


@pytest.fixture(autouse=True)
def seed() -> None:
    """Printed with a failure; the same choices are made again with SEED in the environment."""
    print(f"SEED={SEED} ROUNDS={ROUNDS}")  # noqa: T201 -- pytest shows it


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[servers.RedisServer]:
    with servers.redis_server() as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_cluster(
    postgres_server: servers.PostgresServer, migrated_postgres: str, shared_redis: servers.RedisServer
) -> AsyncIterator[Cluster]:
    with postgres_server.database(migrated_postgres) as url:
        async with open_cluster(url, postgres_server, shared_redis) as opened:
            yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def cluster(shared_cluster: Cluster) -> AsyncIterator[Cluster]:
    """Three servers in good order, and in good order again afterwards."""
    await shared_cluster.mend()
    await shared_cluster.healthy()
    yield shared_cluster
    await shared_cluster.mend()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(cluster: Cluster) -> AsyncIterator[Desk]:
    """A busy desk on the three."""
    async with open_busy_desk(cluster.db, cluster.servers) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def single(database_url: str) -> AsyncIterator[Desk]:
    """A busy desk on one server, on each database."""
    async with open_server(database_url) as (db, server), open_busy_desk(db, [server], chats=1) as opened:
        yield opened
