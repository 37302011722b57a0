"""Real servers to attack: one a test, or one a file for what leaves nothing behind."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.wire import Live, live_server
from tests.world import TUESDAY


@pytest_asyncio.fixture
async def live(sqlite_url: str) -> AsyncIterator[Live]:
    async with live_server(sqlite_url, TUESDAY) as running:
        yield running


@pytest_asyncio.fixture
async def live_postgresql(postgresql_url: str) -> AsyncIterator[Live]:
    """Where the database itself is strict, and where two transactions really run at the same time."""
    async with live_server(postgresql_url, TUESDAY) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    """A server for all tests of a file, which runs them in one loop."""
    path = tmp_path_factory.mktemp("standing") / "chatserver.sqlite3"
    shutil.copy(migrated_sqlite, path)
    async with live_server(f"sqlite+aiosqlite:///{path}", TUESDAY) as running:
        yield running
