"""What an operator watches, read when it is asked for: queues, and timers that are late."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Conversation, Portal, Timer
from chatserver.types import ConversationState


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait at a portal, and since when the oldest does."""

    portal: str
    waiting: int
    oldest: datetime | None


async def list_queues(session: AsyncSession) -> list[Queue]:
    """Every live portal, also those where nobody waits."""
    waits = (col(Conversation.portal_id) == col(Portal.id)) & (col(Conversation.state) == ConversationState.QUEUED)
    query = (
        select(Portal.public_key, func.count(col(Conversation.id)), func.min(Conversation.queued_at))
        .outerjoin(Conversation, waits)
        .where(col(Portal.disabled_at).is_(None))
        .group_by(col(Portal.public_key))
    )
    return [Queue(portal, waiting, oldest) for portal, waiting, oldest in await session.exec(query)]


async def oldest_due(session: AsyncSession, now: datetime) -> datetime | None:
    """When the timer was due that should have run longest ago, None when none is late."""
    late = select(func.min(Timer.due_at)).where(col(Timer.done_at).is_(None), col(Timer.due_at) <= now)
    return (await session.exec(late)).one_or_none()
