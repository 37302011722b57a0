"""Telling why conversations wait: all whose reason changed in one transaction, and after the offers."""

from collections.abc import Hashable
from typing import Any

from sqlmodel import col, select

from chatserver.actions.unit import Context, Unit
from chatserver.actions.waiting import IN_QUEUE, Waiting, list_waiting
from chatserver.models import Conversation, RoutingDecision, Visitor
from chatserver.queries.desk import list_candidates
from chatserver.routing.policy import Decision, Need, pick_agent


async def explain(context: Context) -> int:
    """Say anew why each of the first of the queue waits, where that is not what was said last. Returns how many."""
    changed = await _list_changed(context)
    if changed:
        await _store(context, changed)
    return len(changed)


async def _list_changed(context: Context) -> dict[int, tuple[Waiting, Decision]]:
    """Whom an agent could be found for is on the way to that agent, and needs no reason."""
    async with context.db.read() as session:
        now = context.clock.now()
        candidates = await list_candidates(session, now, context.settings.timers)
        queue = await list_waiting(session)
    found: dict[Hashable, Decision] = {}
    changed = {}
    for waiting in queue:
        if waiting.kind not in found:
            found[waiting.kind] = pick_agent(waiting.need, candidates, now, context.settings.timers.reoffer_after)
        decision = found[waiting.kind]
        if decision.agent_id is None and waiting.reason != stored_reason(decision):
            changed[int(waiting.need.conversation_id)] = waiting, decision
    return changed


async def _store(context: Context, changed: dict[int, tuple[Waiting, Decision]]) -> None:
    """What is locked just now is being moved by somebody, and is passed by: it may not wait any more, and if it does,
    the next round tells."""
    people: list[Visitor] = []  # held until all is told: the session then asks for none of them alone
    async with context.unit() as unit:
        waiting = select(Conversation).where(IN_QUEUE, col(Conversation.id).in_(changed)).order_by(col(Conversation.id))
        rows = (await unit.session.exec(waiting.with_for_update(skip_locked=True))).all()
        clients = select(Visitor).where(col(Visitor.id).in_({row.visitor_id for row in rows}))
        people += await unit.session.exec(clients)
        for row in rows:
            need, decision = changed[row.id][0].need, changed[row.id][1]
            row.reason = stored_reason(decision)
            unit.touch(row)
            record(unit, need, decision)


def record(unit: Unit, need: Need, decision: Decision) -> None:
    """Keep a decision, with its reason and with everybody who was passed over."""
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


def stored_reason(decision: Decision) -> dict[str, Any]:
    """A reason as it is kept. Seconds are left out of what is compared: a wait is not explained anew every second."""
    params = {name: value for name, value in decision.reason.params.items() if name != "seconds"}
    return {"code": decision.reason.code, "params": params}
