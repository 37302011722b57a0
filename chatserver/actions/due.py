"""What happens when a timer is due: claimed by one process, decided again from the rows, effect and `done_at` in one
commit."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlmodel import col, or_, select, update

from chatserver.actions import ticket_due
from chatserver.actions.agents import miss_offer
from chatserver.actions.conversations import expire_wrap_up, miss, wrap_up
from chatserver.actions.moves import facts_of
from chatserver.actions.returns import return_to_queue
from chatserver.actions.tickets import escalate_by_system
from chatserver.actions.unit import Context, Unit
from chatserver.models import Conversation, Timer
from chatserver.process.conversation import Act, TimerKind, decide_due
from chatserver.protocol.views import Alert
from chatserver.types import ConversationState

CLAIM = timedelta(seconds=30)
"""How long a claim keeps others away; whoever claimed and died loses it then."""

BATCH = 100


async def claim_due(context: Context, limit: int = BATCH) -> list[int]:
    """Claim timers that are due, earliest first. Two processes never hold the same one at a time."""
    async with context.db.transaction() as transaction:
        now = transaction.now
        free = or_(col(Timer.claimed_until).is_(None), col(Timer.claimed_until) <= now)
        due = select(Timer.id).where(col(Timer.done_at).is_(None), col(Timer.due_at) <= now, free)
        ids = list(
            await transaction.session.exec(
                due.order_by(col(Timer.due_at), col(Timer.id)).limit(limit).with_for_update(skip_locked=True)
            )
        )
        if ids:
            claim = update(Timer).where(col(Timer.id).in_(ids)).values(claimed_until=now + CLAIM)
            await transaction.session.exec(claim)
    return ids


async def run_timer(context: Context, timer_id: int) -> None:
    """Carry out one due timer; a timer of a state that is over does nothing."""
    await context.attempt(lambda unit: _run(unit, timer_id))


async def _run(unit: Unit, timer_id: int) -> None:
    timer = await unit.session.get_one(Timer, timer_id)
    if timer.kind in ticket_due.KINDS:
        await ticket_due.run_ticket_timer(unit, timer)
        return
    query = select(Conversation).where(Conversation.id == timer.entity_id).with_for_update()
    row = (await unit.session.exec(query)).one()
    timer = await unit.session.get_one(Timer, timer_id, with_for_update=True, populate_existing=True)
    if timer.done_at is not None or timer.due_at > unit.now:
        return
    if timer.version != row.version:
        timer.done_at = unit.now
        return
    due = decide_due(TimerKind(timer.kind), await facts_of(unit, row), unit.timers, unit.now)
    timer.claimed_until = None
    if due.again_at is None:
        timer.done_at = unit.now
    else:
        timer.due_at = due.again_at
    await EFFECTS[due.act](unit, row)


async def _nothing(_unit: Unit, _row: Conversation) -> None:
    return


async def _offer_message(unit: Unit, row: Conversation) -> None:
    if not row.message_offered:
        row.message_offered = True
        unit.line(row, "message_offered")


async def _miss(unit: Unit, row: Conversation) -> None:
    await miss(unit, row, "cause.nobody_came")


async def _nudge(unit: Unit, row: Conversation) -> None:
    _raise_alert(unit, row, "nudge")


async def _alert(unit: Unit, row: Conversation) -> None:
    _raise_alert(unit, row, "supervisor")


def _raise_alert(unit: Unit, row: Conversation, alert: Alert) -> None:
    if row.alert != alert:
        row.alert = alert
        unit.touch(row)


async def _return(unit: Unit, row: Conversation) -> None:
    if row.state is ConversationState.OFFERED:
        await miss_offer(unit, row)
    else:
        await return_to_queue(unit, row, "silent")


async def _ask(unit: Unit, row: Conversation) -> None:
    """Once for each time that the agent has spoken and the client has not."""
    if row.asked_at is None or (row.last_agent_at and row.asked_at < row.last_agent_at):
        row.asked_at = unit.now
        unit.line(row, "asked")


async def _wrap_up(unit: Unit, row: Conversation) -> None:
    await wrap_up(unit, row, "cause.client_silent")


async def _escalate(unit: Unit, row: Conversation) -> None:
    await escalate_by_system(unit, row, "cause.closing_time")


EFFECTS: dict[Act, Callable[[Unit, Conversation], Awaitable[None]]] = {
    Act.NOTHING: _nothing,
    Act.OFFER_MESSAGE: _offer_message,
    Act.MISS: _miss,
    Act.NUDGE: _nudge,
    Act.ALERT: _alert,
    Act.RETURN: _return,
    Act.ASK: _ask,
    Act.WRAP_UP: _wrap_up,
    Act.ESCALATE: _escalate,
    Act.EXPIRE: expire_wrap_up,
}
