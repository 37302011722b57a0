"""Finding what is due, and clearing away what is no longer needed."""

from datetime import timedelta

import structlog
from sqlmodel import col, delete

from chatserver.actions.due import claim_due, run_timer
from chatserver.actions.unit import Context
from chatserver.metrics import TIMERS
from chatserver.models import CommandReply, EventRow, LoginSession, RoutingDecision, ServerProcess, Timer

log = structlog.get_logger()

REPLIES_KEPT = timedelta(hours=24)
DONE_KEPT = timedelta(days=7)
EVENTS_KEPT = timedelta(days=7)
DECISIONS_KEPT = timedelta(days=400)
LOGINS_KEPT = timedelta(days=90)


async def run_due(context: Context) -> int:
    """Carry out all timers that are due. One that fails is left to the end of its claim, and the others go on."""
    done = 0
    while ids := await claim_due(context):
        for timer_id in ids:
            try:
                await run_timer(context, timer_id)
                done += 1
                TIMERS.inc()
            except Exception:
                log.exception("timer.failed", timer=timer_id)
    return done


async def clear(context: Context) -> None:
    """Delete first replies after 24 h, done timers and dead processes after a week, logins unused for months."""
    async with context.db.transaction() as transaction:
        session, now = transaction.session, transaction.now
        await session.exec(delete(CommandReply).where(col(CommandReply.at) < now - REPLIES_KEPT))
        # The lines of a thread are kept with it; other events only as long as somebody may resume from them.
        seen = col(EventRow.type) != "conversation_changed"
        await session.exec(delete(EventRow).where(seen, col(EventRow.at) < now - EVENTS_KEPT))
        await session.exec(delete(RoutingDecision).where(col(RoutingDecision.at) < now - DECISIONS_KEPT))
        await session.exec(delete(Timer).where(col(Timer.done_at) < now - DONE_KEPT))
        await session.exec(delete(LoginSession).where(col(LoginSession.used_at) < now - LOGINS_KEPT))
        await session.exec(delete(ServerProcess).where(col(ServerProcess.beat_at) < now - DONE_KEPT))
