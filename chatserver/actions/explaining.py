"""Telling why conversations wait, apart from the offers and a few in one transaction: an explanation can wait, and what
it holds meanwhile may be what somebody is just being offered."""

from collections.abc import Hashable
from functools import partial
from typing import Any

from sqlmodel import col, select

from chatserver.actions.unit import Context, Unit
from chatserver.actions.waiting import Waiting, list_waiting
from chatserver.models import Conversation, RoutingDecision, Visitor
from chatserver.queries.desk import IN_QUEUE, list_candidates
from chatserver.routing.passed import sum_up
from chatserver.routing.policy import Decision, Need, pick_agent

AT_ONCE = 5
"""So many are told of in one transaction: the next offer waits for no more than that."""

Changed = dict[int, tuple[Waiting, Decision]]


async def explain(context: Context) -> int:
    """Say anew why each of the first of the queue waits, where that is not what was said last. Returns how many."""
    changed = await _list_changed(context)
    ids = list(changed)
    for first in range(0, len(ids), AT_ONCE):
        some = {id: changed[id] for id in ids[first : first + AT_ONCE]}
        await context.attempt(partial(_store, changed=some))
    return len(changed)


async def _list_changed(context: Context) -> Changed:
    """Whom an agent could be found for is on the way to that agent, and needs no reason."""
    async with context.db.read() as session:
        now = context.clock.now()
        queue = await list_waiting(session)
        candidates = await list_candidates(session, now, context.settings.timers) if queue else []
    found: dict[Hashable, Decision] = {}
    changed: Changed = {}
    for waiting in queue:
        if waiting.kind not in found:
            found[waiting.kind] = pick_agent(waiting.need, candidates, now, context.settings.timers.reoffer_after)
        decision = found[waiting.kind]
        if decision.agent_id is None and waiting.reason != stored_reason(decision):
            changed[int(waiting.need.conversation_id)] = waiting, decision
    return changed


async def _store(unit: Unit, changed: Changed) -> None:
    """What is locked just now is being moved by somebody, and is passed by: it may not wait any more, and if it does,
    the next round tells. What another process has told meanwhile is not told again."""
    waiting = select(Conversation).where(IN_QUEUE, col(Conversation.id).in_(changed)).order_by(col(Conversation.id))
    rows = (await unit.session.exec(waiting.with_for_update(skip_locked=True))).all()
    clients = select(Visitor).where(col(Visitor.id).in_({row.visitor_id for row in rows}))
    unit.hold(await unit.session.exec(clients))
    for row in rows:
        need, decision = changed[row.id][0].need, changed[row.id][1]
        if row.reason != stored_reason(decision):
            row.reason = stored_reason(decision)
            unit.touch(row)
            record(unit, need, decision)


def record(unit: Unit, need: Need, decision: Decision) -> None:
    """Keep a decision, with its reason and with who was passed over: how many why, and who came nearest."""
    over = sum_up(decision.passed)
    nearest = [{"agent": passed.agent_id, "code": passed.code} for passed in over.nearest]
    unit.session.add(
        RoutingDecision(
            conversation_id=need.conversation_id,
            at=unit.now,
            agent_id=decision.agent_id,
            reason=stored_reason(decision),
            passed={"counts": dict(over.counts), "nearest": nearest},
        )
    )


def stored_reason(decision: Decision) -> dict[str, Any]:
    """A reason as it is kept. Seconds are left out of what is compared: a wait is not explained anew every second."""
    params = {name: value for name, value in decision.reason.params.items() if name != "seconds"}
    return {"code": decision.reason.code, "params": params}
