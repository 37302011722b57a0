"""The sender: one notice after the other, each claimed, written, handed over and noted, over one connection."""

import time
from collections.abc import Mapping
from datetime import timedelta

from chatserver.actions.outbox import claim_notice, note_later, note_refused, note_sent
from chatserver.actions.unit import Context
from chatserver.errors import Refused
from chatserver.mail.compose import Outgoing, compose
from chatserver.mail.letters import Desk, write_letter
from chatserver.mail.smtp import Batch, RefusedForGood, Sent, TryAgain, open_batch, wait_after
from chatserver.mail.staff_letters import write_to_staff
from chatserver.metrics import MAILS
from chatserver.models import NoticeRow
from chatserver.process.notice_facts import BY_ARRIVAL, NoticeFacts
from chatserver.queries.letter_words import get_own_words
from chatserver.settings import Settings
from chatserver.tokens import Purpose, make_token
from chatserver.types import TicketId

ROUND = 2.0
"""Seconds of a round: a process that ends waits for it, so that no mail is cut off halfway, and sent again."""


async def send_due(context: Context, within: float = ROUND) -> int:
    """Send what is due, for so many seconds. Returns how many mails a server took."""
    until = time.monotonic() + within
    account, sent = context.settings.mail, 0
    claim = timedelta(seconds=5 * account.timeout + 10)  # to connect and to hand over take at most four times as long
    async with open_batch(account) as batch:
        while time.monotonic() < until:
            row = await claim_notice(context, claim)
            if row is None:
                break
            sent += await _send(context, batch, row)
    return sent


async def _send(context: Context, batch: Batch, row: NoticeRow) -> bool:
    try:
        own = await _own_words(context, row)
        letter = compose(write(row, context.settings, own), context.settings.mail)
    except Refused as refusal:
        await note_refused(context, row.id, refusal.message)
        return False
    outcome = await batch.send(letter)
    MAILS.labels(type(outcome).__name__).inc()
    match outcome:
        case Sent():
            await note_sent(context, row.id)
        case TryAgain(reason):
            await note_later(context, row.id, reason, wait_after(row.attempts + 1))
        case RefusedForGood(reason):
            await note_refused(context, row.id, reason)
    return isinstance(outcome, Sent)


async def _own_words(context: Context, row: NoticeRow) -> dict[str, str]:
    """Read for each letter, so that every process says at once what was decided by any."""
    if row.ticket_id is None:
        return {}
    async with context.db.read() as session:
        return await get_own_words(session, row.kind, row.locale)


def write(row: NoticeRow, settings: Settings, own: Mapping[str, str] | None = None) -> Outgoing:
    """The mail of a notice: the same row makes the same mail, but for words that a newer version, or by now the desk
    itself (`own`), says otherwise."""
    account = settings.mail
    if row.ticket_id is None:
        return write_to_staff(row, settings)
    if account.secret is None:
        raise ValueError("mail is off")
    ticket_id = TicketId(row.ticket_id)
    page = make_token(account.secret, Purpose.PAGE, ticket_id, row.created_at)
    desk = Desk(account.name, f"{settings.base_url}/t/{page}", account.receives)
    letter = write_letter(row.kind, NoticeFacts.model_validate(row.facts), row.locale, row.name, desk, own)
    return Outgoing(
        to=row.address,
        to_name="" if row.kind in BY_ARRIVAL else row.name,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=row.message_id,
        at=row.created_at,
        automatic=row.automatic,
        reply_token=make_token(account.secret, Purpose.REPLY, ticket_id, row.created_at),
        locale=row.locale,
        in_reply_to=row.thread[-1] if row.thread else None,
        references=tuple(row.thread),
    )
