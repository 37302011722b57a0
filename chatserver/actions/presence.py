"""Being there: one column a person, renewed in batches, judged only while renewals have run without a break."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import and_, col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.actions.agents import lose_agent, lose_offers
from chatserver.actions.arrivals import unlocked
from chatserver.actions.conversations import leave, wrap_up
from chatserver.actions.unit import Context, Unit
from chatserver.models import Agent, Assignment, Conversation, PresenceClock, ServerProcess, Visitor
from chatserver.process.rules import Timers
from chatserver.queries.among import among
from chatserver.types import AgentId, AgentState, ConversationState, VisitorId

log = structlog.get_logger()

AWAY = (DBAPIError, OSError)
"""The database's own failures: those end the round, and the next one tries again."""

State = ConversationState
WAITING = (State.QUEUED, State.OFFERED)
ANSWERED = (State.OFFERED, State.ACTIVE)

MISSED_BEAT = 1.5
"""Renewals have had a break when the last one, of whichever process, is older than so many intervals."""


async def begin(context: Context, process_id: str) -> None:
    """A process starts. If no other is alive, nobody could be connected: the count of unbroken renewals begins anew.
    With SQLite there never is another, whatever a process that was killed has left behind."""
    timers = context.settings.timers
    async with context.db.transaction() as transaction:
        session, now = transaction.session, transaction.now
        alive = col(ServerProcess.beat_at) > now - timers.renew_presence * MISSED_BEAT
        others = (await session.exec(select(ServerProcess.id).where(alive))).first()
        if context.db.sqlite or others is None:
            (await session.get_one(PresenceClock, 1, with_for_update=True)).unbroken_since = now
        await _beat(session, process_id, now, timers)


async def renew(
    context: Context, process_id: str, visitors: Collection[VisitorId], agents: Collection[AgentId]
) -> None:
    """Everybody connected to this process is there now, and so is the process. One batch."""
    async with context.db.transaction() as transaction:
        session, now = transaction.session, transaction.now
        await _beat(session, process_id, now, context.settings.timers)
        if visitors:
            await session.exec(unlocked(visitors).values(seen_at=now))
        # Whose row is locked just now is in the middle of something and is skipped: a renewal waits for nobody.
        free = select(Agent.id).where(among(Agent.id, agents)).with_for_update(skip_locked=True)
        await session.exec(update(Agent).where(col(Agent.id).in_(free)).values(seen_at=now))


@dataclass(frozen=True, slots=True)
class Departure:
    """When somebody left this process, and whether another one is alive, which may still have them."""

    at: datetime
    others: bool


async def note_departures(context: Context, visitors: Sequence[VisitorId]) -> list[Departure]:
    """The last sockets of these clients here ended just now: the time that they are given counts from this moment."""
    async with context.db.transaction() as transaction:
        session, now = transaction.session, transaction.now
        await session.exec(unlocked(visitors).values(seen_at=now))
        beating = col(ServerProcess.beat_at) > now - context.settings.timers.renew_presence * MISSED_BEAT
        alive = (await session.exec(select(ServerProcess.id).where(beating).limit(2))).all()
        return [Departure(now, others=len(alive) > 1 and not context.db.sqlite)] * len(visitors)


async def note_agents(context: Context, agents: Sequence[AgentId]) -> list[None]:
    """These agents arrived or left just now: the time that they are given counts from this moment."""
    async with context.db.transaction() as transaction:
        session = transaction.session
        locked = select(Agent.id).where(among(Agent.id, agents)).order_by(col(Agent.id)).with_for_update()
        found = list(await session.exec(locked))
        await session.exec(update(Agent).where(among(Agent.id, found)).values(seen_at=transaction.now))
    return [None] * len(agents)


async def stop_beating(context: Context, process_id: str) -> None:
    """A process that ends says so, and is not counted as alive any more."""
    async with context.db.transaction() as transaction:
        row = await transaction.session.get(ServerProcess, process_id)
        if row is not None:
            await transaction.session.delete(row)


async def _beat(session: AsyncSession, process_id: str, now: datetime, timers: Timers) -> None:
    """Note this process as alive. After a break the count of unbroken renewals starts again."""
    clock = await session.get_one(PresenceClock, 1, with_for_update=True, populate_existing=True)
    if _is_broken(clock, now, timers):
        clock.unbroken_since = now
    clock.beat_at = now
    row = await session.get(ServerProcess, process_id)
    if row is None:
        session.add(ServerProcess(id=process_id, started_at=now, beat_at=now))
    else:
        row.beat_at = now


def _is_broken(clock: PresenceClock, now: datetime, timers: Timers) -> bool:
    return clock.beat_at < now - timers.renew_presence * MISSED_BEAT


async def judge_gone(context: Context) -> None:
    """Carry out what the process says of people who are gone. Nobody is judged before renewals ran long enough
    unbroken, and up to now: after an outage this may look before the first renewal."""
    await _pass_on_offers(context)
    timers = context.settings.timers
    async with context.db.read() as session:
        now = context.clock.now()
        clock = await session.get_one(PresenceClock, 1)
        if now - clock.unbroken_since < timers.unbroken_presence or _is_broken(clock, now, timers):
            return
        agents = await _gone_agents(session, now, timers)
        conversations = await _left_conversations(session, now, timers)
    for agent_id in agents:
        await _guarded(context, agent_id, lose_agent)
    for conversation_id in conversations:
        await _guarded(context, conversation_id, _judge_visitor)


async def _guarded(context: Context, id: int, judge: Callable[[Unit, int], Awaitable[None]]) -> None:
    """Each in a transaction of its own: what fails for one is logged and keeps nobody else waiting."""
    try:
        async with context.unit() as unit:
            await judge(unit, id)
    except AWAY:
        raise
    except Exception:
        log.exception("presence.judging_failed", judge=judge.__name__, id=id)


async def _gone_agents(session: AsyncSession, now: datetime, timers: Timers) -> list[int]:
    """Agents on shift, or with conversations to answer, who have not been seen for too long."""
    answering = select(Assignment.agent_id).join(Conversation, col(Conversation.id) == col(Assignment.conversation_id))
    answering = answering.where(col(Assignment.ended_at).is_(None), col(Conversation.state).in_(ANSWERED))
    needed = or_(Agent.state == AgentState.ONLINE, col(Agent.id).in_(answering))
    return list(await session.exec(select(Agent.id).where(needed, col(Agent.seen_at) <= now - timers.agent_gone)))


async def _pass_on_offers(context: Context) -> None:
    """Take back what is offered to somebody who is not online: set away for another miss, or gone just then."""
    query = (
        select(Assignment.agent_id)
        .join(Agent, col(Agent.id) == col(Assignment.agent_id))
        .where(
            col(Assignment.ended_at).is_(None), col(Assignment.accepted_at).is_(None), Agent.state != AgentState.ONLINE
        )
    )
    async with context.db.read() as session:
        agents = set(await session.exec(query))
    for agent_id in sorted(agents):
        await _guarded(context, agent_id, lose_offers)


async def _left_conversations(session: AsyncSession, now: datetime, timers: Timers) -> list[int]:
    gone = or_(
        and_(col(Conversation.state).in_(WAITING), col(Visitor.seen_at) <= now - timers.visitor_gone),
        and_(Conversation.state == State.ACTIVE, col(Visitor.seen_at) <= now - timers.visitor_gone_active),
    )
    query = select(Conversation.id).join(Visitor, col(Visitor.id) == col(Conversation.visitor_id)).where(gone)
    return list(await session.exec(query))


async def _judge_visitor(unit: Unit, conversation_id: int) -> None:
    """Look again under the lock: they may be back, or the conversation elsewhere."""
    query = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    row = (await unit.session.exec(query)).one()
    visitor = await unit.session.get_one(Visitor, row.visitor_id, populate_existing=True)
    away = unit.now - visitor.seen_at
    if row.state in WAITING and away >= unit.timers.visitor_gone:
        await leave(unit, row, "cause.client_gone")
    elif row.state is State.ACTIVE and away >= unit.timers.visitor_gone_active:
        await wrap_up(unit, row, "cause.client_gone")
