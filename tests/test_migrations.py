"""The schema's history ends where the models are, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from chatserver.migrations.runner import is_current, upgrade_async
from chatserver.models import Table

pytestmark = pytest.mark.asyncio


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": False})
    return list(compare_metadata(context, Table.metadata))


async def test_migrations_make_the_tables_of_the_models(empty_database_url: str) -> None:
    engine = create_async_engine(empty_database_url)
    async with engine.connect() as connection:
        assert not await connection.run_sync(is_current)
    await upgrade_async(empty_database_url)
    await upgrade_async(empty_database_url)  # a second time there is nothing to do
    async with engine.connect() as connection:
        assert await connection.run_sync(is_current)
        assert await connection.run_sync(differences) == []
    await engine.dispose()
