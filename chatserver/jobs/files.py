"""Clearing the store: files of clients who were erased, and those that were sent and never attached to anything."""

from datetime import timedelta

import structlog

from chatserver.actions.files import delete_row, mark_removed
from chatserver.actions.unit import Context
from chatserver.files import Store
from chatserver.queries.files import list_loose

log = structlog.get_logger()


async def clear_files(context: Context, store: Store) -> int:
    """Remove the bytes of what is loose, then the rows. What fails is logged, and kept for the next round. Returns how
    many went; several processes may do it at once."""
    before = context.clock.now() - timedelta(hours=context.settings.files.orphan_hours)
    async with context.db.read() as session:
        loose = await list_loose(session, before)
    if not loose:
        return 0
    keys = await context.attempt(lambda unit: mark_removed(unit, loose))
    cleared = sum([await _clear(context, store, key) for key in keys])
    log.info("files.cleared", files=cleared)
    return cleared


async def _clear(context: Context, store: Store, key: str) -> bool:
    try:
        await store.remove(key)
    except Exception:
        log.exception("files.not_removed", key=key)
        return False
    await context.attempt(lambda unit: delete_row(unit, key))
    return True
