"""How time passes in a test's world: from one second at which something may be due to the next, never past one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.actions.waiting import REFUSING
from chatserver.models import Agent, Assignment, PresenceClock, Timer, Visitor
from chatserver.queries.logins import hash_token

if TYPE_CHECKING:
    from tests.world import World

SECOND = timedelta(seconds=1)


async def next_stop(world: "World", at: datetime) -> datetime:
    """The next second, at most `at`, at which something may be due or is due one second later."""
    now, timers = world.clock.now(), world.context.settings.timers
    away = col(Agent.id).not_in([world.agents[name].id for name in world.agents_here])
    left = col(Visitor.token_hash).not_in([hash_token(token) for token in world.visitors_here])
    async with world.context.db.read() as session:
        dues = await timers_due(session)
        dues += [seen_at + timers.agent_gone for seen_at in await session.exec(select(Agent.seen_at).where(away))]
        for seen_at in await session.exec(select(Visitor.seen_at).where(left)):
            dues += [seen_at + timers.visitor_gone, seen_at + timers.visitor_gone_active]
        dues += [refused_at + timers.reoffer_after for refused_at in await _refusals(session)]
    return next_of(dues, now, at)


async def timers_due(session: AsyncSession) -> list[datetime]:
    return list(await session.exec(select(Timer.due_at).where(col(Timer.done_at).is_(None))))


def next_of(dues: Iterable[datetime], now: datetime, at: datetime) -> datetime:
    """The first of these, or the second before it, that is still to come; at most `at`."""
    stops = [stop for due in dues for stop in (due - SECOND, due) if now < stop < at]
    return min(stops, default=at)


async def _refusals(session: AsyncSession) -> list[datetime]:
    query = select(Assignment.ended_at).where(col(Assignment.outcome).in_(REFUSING))
    return [ended_at for ended_at in await session.exec(query) if ended_at]


async def keep_present(world: "World") -> None:
    """Who is connected was renewed every few seconds up to now, without a break."""
    now = world.clock.now()
    visitors = [hash_token(token) for token in world.visitors_here]
    agents = [world.agents[name].id for name in world.agents_here]
    async with world.context.db.transaction() as transaction:
        session = transaction.session
        await session.exec(update(PresenceClock).values(beat_at=now))
        await session.exec(update(Visitor).where(col(Visitor.token_hash).in_(visitors)).values(seen_at=now))
        await session.exec(update(Agent).where(col(Agent.id).in_(agents)).values(seen_at=now))
