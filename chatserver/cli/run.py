"""How a command of the command line works on the database: the same actions, and nobody to tell.

A running server notices within a second: it reads the heads of its topics, and logins that were revoked.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from rich.console import Console

from chatserver.actions.unit import Context, Unit
from chatserver.clock import SystemClock
from chatserver.db import Database
from chatserver.serve import prepare
from chatserver.settings import Settings, load_settings
from chatserver.types import SystemActor

T = TypeVar("T")

OPERATOR = SystemActor("command-line")
out = Console(highlight=False, markup=False, soft_wrap=True)


@asynccontextmanager
async def context_of(settings: Settings) -> AsyncIterator[Context]:
    """What actions stand on, outside a server. Raises `ConfigurationError` when the schema is not this version's."""
    await prepare(settings)
    clock = SystemClock()
    db = Database(settings.database_url, lambda _topic, _payload: None, clock.now)
    try:
        yield Context(db, clock, settings, poke=lambda: None)
    finally:
        await db.close()


def act(work: Callable[[Unit], Awaitable[T]]) -> T:
    """One transaction, on the database that the settings name."""

    async def run() -> T:
        async with context_of(load_settings()) as context:
            return await context.attempt(work)

    return asyncio.run(run())
