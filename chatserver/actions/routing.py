"""Giving waiting conversations to agents. Any process may run it at any time: each offer is one transaction that looks
again. Why the others wait is told apart from this (`explaining.py`), so that no offer waits for an explanation."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import select

from chatserver.actions.assignment import offer
from chatserver.actions.explaining import record, stored_reason
from chatserver.actions.unit import Context, Unit
from chatserver.actions.waiting import Waiting, list_waiting
from chatserver.errors import Refused
from chatserver.models import Conversation
from chatserver.queries.desk import list_candidates
from chatserver.routing.capacity import has_room
from chatserver.routing.policy import Candidate, Decision, Need, pick_agent
from chatserver.types import AgentState, ConversationState


async def route(context: Context) -> int:
    """Offer what can be offered now, the first in the queue first. Returns the offers made."""
    made = 0
    while True:
        async with context.db.read() as session:
            now = context.clock.now()
            candidates = await list_candidates(session, now, context.settings.timers)
            queue = await list_waiting(session) if _somebody_is_free(candidates) else []
        offered, candidates = await _route_round(context, queue, candidates, now)
        made += offered
        if not offered or not _somebody_is_free(candidates):
            return made


def _somebody_is_free(candidates: Iterable[Candidate]) -> bool:
    return any(
        each.state is AgentState.ONLINE and each.present and has_room(each.load, each.capacity) for each in candidates
    )


async def _route_round(
    context: Context, queue: Sequence[Waiting], candidates: list[Candidate], now: datetime
) -> tuple[int, list[Candidate]]:
    """One walk along the queue: the offers made, and the agents as they are after them. Each offer is counted into what
    the next is decided from; what somebody else has changed meanwhile, an offer that fails on it tells, and the rest is
    decided again from fresh rows."""
    made = 0
    hopeless: set[Hashable] = set()
    for waiting in queue:
        if waiting.kind in hopeless:
            continue
        decision = pick_agent(waiting.need, candidates, now, context.settings.timers.reoffer_after)
        if decision.agent_id is None:
            hopeless.add(waiting.kind)
        elif await _offer(context, waiting.need, decision):
            made += 1
            candidates = [_busier(each) if each.agent_id == decision.agent_id else each for each in candidates]
        elif made:
            break
    return made, candidates


def _busier(agent: Candidate) -> Candidate:
    return replace(agent, load=agent.load + 1)


async def _offer(context: Context, need: Need, decision: Decision) -> bool:
    """Offer, unless the conversation or the agent's room is gone by now: then the next round decides again."""

    async def work(unit: Unit) -> bool:
        row = await _still_waiting(unit, need)
        if row is None or decision.agent_id is None:
            return False
        await offer(unit, row, decision.agent_id, by="routing", reason=stored_reason(decision))
        record(unit, need, decision)
        return True

    try:
        return await context.attempt(work)
    except Refused:
        return False


async def _still_waiting(unit: Unit, need: Need) -> Conversation | None:
    query = select(Conversation).where(
        Conversation.id == need.conversation_id, Conversation.state == ConversationState.QUEUED
    )
    return (await unit.session.exec(query.with_for_update())).one_or_none()
