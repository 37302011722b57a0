"""One time for all processes: that of the database they share. With SQLite there is one process, and the machine's."""

from datetime import UTC, datetime, timedelta

import structlog
from sqlmodel import func, select

from chatserver.clock import SystemClock
from chatserver.db import Database

log = structlog.get_logger()

TOLERATED = timedelta(seconds=1)
"""A difference that is not worth a jump; and so much may pass on the way to the database and back."""


async def keep_time(db: Database, clock: SystemClock) -> None:
    """Put our clock right, if it is wrong."""
    before = clock.now()
    told = datetime.now(UTC) if db.sqlite else await _ask(db)
    if not before - TOLERATED <= told <= clock.now() + TOLERATED:
        log.warning("clock.put_right", seconds=round((told - before).total_seconds(), 1))
        clock.follow(told)


async def _ask(db: Database) -> datetime:
    async with db.read() as session:
        told: datetime = (await session.exec(select(func.clock_timestamp()))).one()
        return told
