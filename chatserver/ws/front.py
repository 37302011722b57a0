"""What is the same for everybody who comes to a portal: read once for a crowd, and at most a second old."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from chatserver.actions.unit import Context
from chatserver.models import Portal
from chatserver.protocol.views import PortalCard
from chatserver.queries.desk import get_availability
from chatserver.queries.topics import get_epoch
from chatserver.types import PortalId

KEPT = timedelta(seconds=1)
"""So long a portal that was changed may still look as it did. Who a client is, and what is theirs, is never kept."""


@dataclass(frozen=True, slots=True)
class Front:
    """A portal as its clients see it."""

    id: PortalId
    origins: frozenset[str]
    card: PortalCard
    epoch: str
    at: datetime
    read_at: float


class Fronts:
    """The fronts of one process, by public key. A key that names no portal is not remembered: those are endless."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._kept: dict[str, Front] = {}
        self._reading: dict[str, asyncio.Task[Front | None]] = {}

    async def get(self, key: str) -> Front | None:
        """The front of a portal that is in use; None when there is none. Who comes while it is read waits for that."""
        kept = self._kept.get(key)
        if kept is not None and self._is_fresh(kept):
            return kept
        if key not in self._reading:
            task = self._reading[key] = asyncio.get_running_loop().create_task(self._read(key))
            task.add_done_callback(lambda _: self._reading.pop(key, None))
        return await asyncio.shield(self._reading[key])

    def _is_fresh(self, front: Front) -> bool:
        age = asyncio.get_running_loop().time() - front.read_at
        return age < KEPT.total_seconds() and abs(self._context.clock.now() - front.at) < KEPT

    async def _read(self, key: str) -> Front | None:
        context, read_at = self._context, asyncio.get_running_loop().time()
        now = context.clock.now()
        async with context.db.read() as session:
            query = select(Portal).where(Portal.public_key == key, col(Portal.disabled_at).is_(None))
            portal = (await session.exec(query)).one_or_none()
            if portal is None:
                self._kept.pop(key, None)
                return None
            card = PortalCard(
                name=portal.name,
                locale=portal.locale,
                accent=portal.accent,
                topics=portal.topics,
                privacy_version=portal.privacy_version,
                privacy_url=portal.privacy_url,
                availability=await get_availability(session, portal, now, context.settings.timers),
            )
            epoch = await get_epoch(session)
        front = Front(PortalId(portal.id), frozenset(portal.origins), card, epoch, now, read_at)
        self._kept[key] = front
        return front
