"""What every test may ask for: a Redis, a fresh migrated database of each kind, a steady Hypothesis."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from hypothesis import settings

from tests import servers

if TYPE_CHECKING:
    from tests.verify import Applier
    from tests.world import World

# No deadline: the machines are shared. The blob reproduces a failure found elsewhere.
settings.register_profile("check", deadline=None, print_blob=True)
settings.register_profile("thorough", settings.get_profile("check"), max_examples=2000)
settings.load_profile("check")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[servers.RedisServer]:
    """The Redis that tests share; a test that stops or freezes one asks for `own_redis`."""
    with servers.redis_server() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: servers.RedisServer) -> str:
    """An empty Redis."""
    redis_server.command("FLUSHALL")
    return redis_server.url


@pytest.fixture
def own_redis() -> Iterator[servers.RedisServer]:
    """A Redis to break."""
    with servers.redis_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.PostgresServer]:
    with servers.postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to copy from."""
    path = tmp_path_factory.mktemp("migrated") / "chatserver.sqlite3"
    _upgrade(_sqlite_url(path))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: servers.PostgresServer) -> str:
    """The name of a database to copy from."""
    postgres_server.execute("CREATE DATABASE migrated")
    _upgrade(postgres_server.url("migrated"))
    return "migrated"


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    path = tmp_path / "chatserver.sqlite3"
    with closing(sqlite3.connect(migrated_sqlite)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
    return _sqlite_url(path)


@pytest.fixture
def postgresql_url(postgres_server: servers.PostgresServer, migrated_postgres: str) -> Iterator[str]:
    with postgres_server.database(migrated_postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, for the migrations themselves."""
    if request.param == "sqlite":
        yield _sqlite_url(tmp_path / "empty.sqlite3")
    else:
        server: servers.PostgresServer = request.getfixturevalue("postgres_server")
        with server.database() as url:
            yield url


@pytest.fixture(scope="session")
def faces() -> Iterator["Applier"]:
    """The browsers' own code for events."""
    with import_module("tests.verify").applier() as running:
        yield running


@pytest_asyncio.fixture
async def world(database_url: str, faces: "Applier") -> AsyncIterator["World"]:
    """A desk and its cast, on each database, where every action is checked for every audience."""
    async with import_module("tests.world").open_world(database_url, faces) as opened:
        yield opened


def _sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def _upgrade(url: str) -> None:
    """Migrate; imported only here, so that a test without a database does not wait for SQLAlchemy and alembic."""
    import_module("chatserver.migrations.runner").upgrade(url)
