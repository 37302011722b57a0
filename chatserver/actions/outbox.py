"""The outbox of mail: who sends which notice now, and what became of it. A claim expires, so a notice whose sender died
is sent by another; between a server's "taken" and our commit it may then leave twice, as one mail with one Message-ID.
"""

from datetime import timedelta

import structlog
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, or_, select

from chatserver.actions.mail_notes import note_on_mail
from chatserver.actions.unit import Context, Unit
from chatserver.mail_words import texts
from chatserver.models import Conversation, NoticeRow, NoticeState, Ticket
from chatserver.types import SYSTEM

log = structlog.get_logger()

GIVE_UP = timedelta(days=3)
"""How long a mail is tried before staff are told that it did not arrive."""


async def claim_notice(context: Context, claim: timedelta) -> NoticeRow | None:
    """The notice to send now, which nobody else gets within `claim`. A ticket's notices leave in their order."""

    async def take(unit: Unit) -> NoticeRow | None:
        earlier = aliased(NoticeRow)
        waits_for_another = exists().where(
            col(earlier.ticket_id) == col(NoticeRow.ticket_id),
            col(earlier.id) < col(NoticeRow.id),
            col(earlier.state) == NoticeState.QUEUED,
        )
        query = (
            select(NoticeRow)
            .where(
                NoticeRow.state == NoticeState.QUEUED,
                NoticeRow.due_at <= unit.now,
                or_(col(NoticeRow.claimed_until).is_(None), col(NoticeRow.claimed_until) <= unit.now),
                ~waits_for_another,
            )
            .order_by(col(NoticeRow.due_at), col(NoticeRow.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = (await unit.session.exec(query)).one_or_none()
        if row is not None:
            row.claimed_until = unit.now + claim
        return row

    return await context.attempt(take)


async def note_sent(context: Context, id: int) -> None:
    """A server has taken responsibility for it."""

    async def work(unit: Unit) -> None:
        row = await unit.session.get_one(NoticeRow, id, with_for_update=True)
        if row.state is NoticeState.QUEUED:
            row.state, row.sent_at, row.claimed_until = NoticeState.SENT, unit.now, None
            row.attempts += 1
            row.problem = None

    await context.attempt(work)


async def note_later(context: Context, id: int, problem: str, wait: timedelta) -> None:
    """It was not taken, or nobody knows: again after `wait`, for as long as `GIVE_UP`."""

    async def work(unit: Unit) -> None:
        row = await unit.session.get_one(NoticeRow, id)
        if unit.now - row.created_at >= GIVE_UP:
            await _fail(unit, id, NoticeState.GIVEN_UP, problem)
            return
        row = await unit.session.get_one(NoticeRow, id, with_for_update=True, populate_existing=True)
        if row.state is NoticeState.QUEUED:
            row.due_at, row.claimed_until = unit.now + wait, None
            row.attempts += 1
            row.problem = problem[:500]

    await context.attempt(work)


async def note_refused(context: Context, id: int, problem: str) -> None:
    """It will never be taken: staff read so in the ticket."""

    async def work(unit: Unit) -> None:
        await _fail(unit, id, NoticeState.REFUSED, problem)

    await context.attempt(work)


async def note_bounced(unit: Unit, row: NoticeRow, problem: str) -> None:
    """It came back."""
    await _fail(unit, row.id, NoticeState.BOUNCED, problem)


async def _fail(unit: Unit, id: int, state: NoticeState, problem: str) -> None:
    """The thread is locked before the notice, as everywhere: conversation, ticket, and then what is theirs."""
    row = await unit.session.get_one(NoticeRow, id)
    if row.ticket_id is None:
        await _fail_to_staff(unit, id, state, problem)
        return
    ticket = await unit.session.get_one(Ticket, row.ticket_id)
    session = unit.session
    conversation = await session.get_one(
        Conversation, ticket.conversation_id, with_for_update=True, populate_existing=True
    )
    row = await session.get_one(NoticeRow, id, with_for_update=True, populate_existing=True)
    if row.state not in (NoticeState.QUEUED, NoticeState.SENT):
        return
    row.state, row.claimed_until, row.problem = state, None, problem[:500]
    row.attempts += state is not NoticeState.BOUNCED
    told = {"notice": _name(row), "address": row.address, "problem": row.problem}
    await note_on_mail(unit, conversation, f"notice-{row.id}-{state}", state, **told)
    log.warning("mail.undelivered", notice=row.id, state=state)


async def _fail_to_staff(unit: Unit, id: int, state: NoticeState, problem: str) -> None:
    """A letter of no ticket has no thread to note it in: the audit trail has it, and the page of mail."""
    row = await unit.session.get_one(NoticeRow, id, with_for_update=True, populate_existing=True)
    if row.state in (NoticeState.QUEUED, NoticeState.SENT):
        row.state, row.claimed_until, row.problem = state, None, problem[:500]
        row.attempts += state is not NoticeState.BOUNCED
        unit.audit(SYSTEM, "letter_undelivered", f"notice:{id}", kind=row.kind, state=state, address=row.address)
        log.warning("mail.undelivered", notice=id, state=state)


def _name(row: NoticeRow) -> str:
    """What staff call it: the sentence that the mail begins with says it best, without what is filled in."""
    known = texts("es-MX")
    return known.get(f"process.notice.{row.kind}", known["mail.told.progress"])
