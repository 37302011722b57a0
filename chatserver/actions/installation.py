"""The installation itself: after a restore its clients may have seen events that the database has not."""

from uuid import uuid4

from chatserver.actions.unit import Unit
from chatserver.models import Installation
from chatserver.types import Actor


async def mark_restored(unit: Unit, actor: Actor) -> str:
    """Begin a new epoch: every client drops what it has and starts from a snapshot. Returns the epoch."""
    row = await unit.session.get_one(Installation, 1)
    row.db_epoch = uuid4().hex
    unit.audit(actor, "restored", "installation", epoch=row.db_epoch)
    return row.db_epoch
