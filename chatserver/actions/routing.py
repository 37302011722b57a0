"""Giving waiting conversations to agents. Any process may run it at any time: each offer is one transaction that looks
again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.actions.assignment import offer
from chatserver.actions.unit import Context, Unit
from chatserver.errors import Refused
from chatserver.models import Assignment, Conversation, RoutingDecision
from chatserver.queries.desk import list_candidates
from chatserver.routing.policy import Candidate, Decision, Need, pick_agent
from chatserver.types import AgentId, ConversationId, ConversationState

HEAD = 20
"""How many of the longest waiting of each kind (level, team, language) are looked at in one round."""

REFUSING = ("missed", "declined", "given_back", "silent")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A need and the reason that its wait was last explained by."""

    need: Need
    reason: dict[str, object] | None


async def route(context: Context) -> int:
    """Offer what can be offered now, the first in the queue first, and explain what cannot. Returns the offers made."""
    made = 0
    while True:
        async with context.db.read() as session:
            now = context.clock.now()
            queue = await _list_waiting(session)
            candidates = await list_candidates(session, now, context.settings.timers)
        offered = await _route_round(context, queue, candidates, now)
        made += offered
        if not offered:
            return made


async def _route_round(context: Context, queue: Sequence[Waiting], candidates: list[Candidate], now: datetime) -> int:
    """One look at the queue. After an offer the rest is decided again from fresh rows."""
    for waiting in queue:
        decision = pick_agent(waiting.need, candidates, now, context.settings.timers.reoffer_after)
        if decision.agent_id is not None:
            if await _offer(context, waiting.need, decision):
                return 1
        elif waiting.reason != stored_reason(decision):
            await _explain(context, waiting.need, decision)
    return 0


async def _offer(context: Context, need: Need, decision: Decision) -> bool:
    """Offer, unless the conversation or the agent's room is gone by now: then the next round decides again."""
    try:
        async with context.unit() as unit:
            row = await _still_waiting(unit, need)
            if row is None or decision.agent_id is None:
                return False
            await offer(unit, row, decision.agent_id, by="routing", reason=stored_reason(decision))
            _record(unit, need, decision)
            return True
    except Refused:
        return False


async def _explain(context: Context, need: Need, decision: Decision) -> None:
    async with context.unit() as unit:
        row = await _still_waiting(unit, need)
        if row is not None:
            row.reason = stored_reason(decision)
            unit.touch(row)
            _record(unit, need, decision)


async def _still_waiting(unit: Unit, need: Need) -> Conversation | None:
    query = select(Conversation).where(
        Conversation.id == need.conversation_id, Conversation.state == ConversationState.QUEUED
    )
    return (await unit.session.exec(query.with_for_update())).one_or_none()


def _record(unit: Unit, need: Need, decision: Decision) -> None:
    passed = [{"agent": passed.agent_id, "code": passed.code} for passed in decision.passed]
    unit.session.add(
        RoutingDecision(
            conversation_id=need.conversation_id,
            at=unit.now,
            agent_id=decision.agent_id,
            reason=stored_reason(decision),
            passed=passed,
        )
    )


def stored_reason(decision: Decision) -> dict[str, object]:
    """A reason as it is kept. Seconds are left out of what is compared: a wait is not explained anew every second."""
    params = {name: value for name, value in decision.reason.params.items() if name != "seconds"}
    return {"code": decision.reason.code, "params": params}


async def _list_waiting(session: AsyncSession) -> list[Waiting]:
    """The longest waiting of each kind, in the order of the queue."""
    came_back = col(Conversation.returned) > 0
    order = (came_back.desc(), col(Conversation.joined_at), col(Conversation.id))
    queued = select(Conversation).where(Conversation.state == ConversationState.QUEUED)
    kinds = await session.exec(
        select(Conversation.level, Conversation.team, Conversation.language)
        .where(Conversation.state == ConversationState.QUEUED)
        .distinct()
    )
    rows: list[Conversation] = []
    for level, team, language in kinds:
        kind = queued.where(Conversation.level == level, Conversation.language == language)
        kind = kind.where(Conversation.team == team if team else col(Conversation.team).is_(None))
        rows += await session.exec(kind.order_by(*order).limit(HEAD))
    rows.sort(key=lambda row: (row.returned == 0, row.joined_at, row.id))
    refused = await _list_refused(session, [row.id for row in rows])
    last = await _last_agents(session, [row.visitor_id for row in rows])
    return [Waiting(_need(row, refused[row.id], last.get(row.visitor_id)), row.reason) for row in rows]


def _need(row: Conversation, refused: dict[AgentId, datetime], last_agent: AgentId | None) -> Need:
    return Need(
        conversation_id=ConversationId(row.id),
        level=row.level,
        team=row.team,
        language=row.language,
        returned=row.returned > 0,
        joined_at=row.joined_at,
        last_agent_id=last_agent,
        refused=refused,
    )


async def _list_refused(session: AsyncSession, ids: list[int]) -> defaultdict[int, dict[AgentId, datetime]]:
    """Who missed, declined, gave back or fell silent in each conversation, and when last."""
    query = select(Assignment).where(col(Assignment.conversation_id).in_(ids), col(Assignment.outcome).in_(REFUSING))
    found: defaultdict[int, dict[AgentId, datetime]] = defaultdict(dict)
    for row in await session.exec(query.order_by(col(Assignment.ended_at))):
        if row.ended_at:
            found[row.conversation_id][AgentId(row.agent_id)] = row.ended_at
    return found


async def _last_agents(session: AsyncSession, visitor_ids: list[int]) -> dict[int, AgentId]:
    """The agent who last answered each of these clients."""
    query = (
        select(Conversation.visitor_id, Assignment.agent_id)
        .join(Conversation, col(Conversation.id) == col(Assignment.conversation_id))
        .where(col(Conversation.visitor_id).in_(visitor_ids), col(Assignment.accepted_at).is_not(None))
        .order_by(col(Assignment.accepted_at))
    )
    return {visitor: AgentId(agent) for visitor, agent in await session.exec(query)}
