"""Telling a ticket's client by mail: a row in the transaction of what it tells, so that neither is ever without the
other. The way out is in `mail/`."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlmodel import col, func, select

from chatserver.actions.unit import Unit
from chatserver.models import Conversation, InboundMail, NoticeRow, Ticket, Visitor
from chatserver.process.notice_facts import AUTOMATIC, BY_ARRIVAL, NoticeFacts, words_for_client
from chatserver.process.severity import Severity
from chatserver.process.ticket_facts import Form
from chatserver.process.ticket_names import Notice
from chatserver.queries.calendars import get_calendar
from chatserver.tokens import Purpose, make_message_id, make_token
from chatserver.types import TicketId

log = structlog.get_logger()

PROGRESS: Literal["progress"] = "progress"
"""What a person writes to the client while the ticket goes on: the notice of no move."""

Kind = Notice | Literal["progress"]

ANSWERS = 5
LATELY = timedelta(hours=1)
"""So many arrivals of one address are answered in so long: whatever robot is at the other end, no loop comes of it."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What there is to say beyond the ticket's own row: what was filled in for the move, or a `text` for the client
    (of `PROGRESS`, or the question that a reminder repeats). `before`: the severity that was. `deadline`: until when
    an answer, or a reopening, is waited for. `other`: the ticket that this one follows, or is a duplicate of."""

    form: Form = field(default_factory=Form)
    text: str | None = None
    before: Severity | None = None
    deadline: datetime | None = None
    other: Ticket | None = None


NOTHING_MORE = Telling()


async def queue_notice(
    unit: Unit, ticket: Ticket, kind: Kind, key: str, telling: Telling = NOTHING_MORE
) -> NoticeRow | None:
    """Tell the ticket's client, in the unit's own transaction; call it when the ticket's row says what is true now.

    `key` (at most 64 characters) makes it once: the same ticket, kind and key a second time is the first notice.
    `FOLLOWED` is told of the new ticket. None: no mail leaves, for mail is off, or there is no address.
    """
    mail = unit.settings.mail
    if not mail.sends or mail.secret is None:
        return None
    known = await _earlier(unit, ticket, kind, key)
    visitor = await unit.session.get_one(Visitor, ticket.visitor_id)
    if known is not None or not visitor.email or visitor.erased_at:
        return known
    if kind in BY_ARRIVAL and await _answered_lately(unit, visitor.email) >= ANSWERS:
        log.warning("mail.not_answered", ticket=ticket.id, why="too many arrivals of one address")
        return None
    facts = await _facts(unit, ticket, kind, telling)
    token = make_token(mail.secret, Purpose.REPLY, TicketId(ticket.id), unit.now)
    row = NoticeRow(
        ticket_id=ticket.id,
        kind=kind,
        key=key,
        address=visitor.email,
        name=visitor.name,
        locale="en" if visitor.locale.startswith("en") else "es-MX",
        facts=facts.model_dump(mode="json"),
        automatic=kind in AUTOMATIC,
        message_id=make_message_id(f"{kind}-{secrets.token_hex(8)}", token, mail.own_domain),
        thread=await _thread(unit, ticket),
        due_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(row)
    await unit.flush()
    return row


async def _earlier(unit: Unit, ticket: Ticket, kind: Kind, key: str) -> NoticeRow | None:
    query = select(NoticeRow).where(NoticeRow.ticket_id == ticket.id, NoticeRow.kind == kind, NoticeRow.key == key)
    return (await unit.session.exec(query)).one_or_none()


async def _answered_lately(unit: Unit, address: str) -> int:
    count = select(func.count()).select_from(NoticeRow).where(NoticeRow.address == address)
    lately = count.where(col(NoticeRow.kind).in_(BY_ARRIVAL), col(NoticeRow.created_at) > unit.now - LATELY)
    return (await unit.session.exec(lately)).one()


async def _facts(unit: Unit, ticket: Ticket, kind: Kind, telling: Telling) -> NoticeFacts:
    form = telling.form
    conversation = await unit.session.get_one(Conversation, ticket.conversation_id)
    words = words_for_client(kind, form) if isinstance(kind, Notice) else None
    return NoticeFacts(
        folio=ticket.folio,
        subject=conversation.subject,
        state=ticket.state,
        severity=ticket.severity,
        provisional=ticket.provisional,
        zone=(await get_calendar(unit.session, ticket.calendar_version_id)).zone,
        first_reply_due=None if ticket.first_replied_at else ticket.first_reply_due,
        update_due=ticket.update_due,
        resolution_due=ticket.resolution_due,
        text=words or telling.text,
        severity_before=telling.before,
        deadline=telling.deadline,
        planned=form.new_date if kind is Notice.NEW_DATE else form.release_from,
        planned_until=form.release_until,
        cause=form.cause,
        other_folio=telling.other.folio if telling.other else None,
    )


async def _thread(unit: Unit, ticket: Ticket) -> list[str]:
    """The ids of all mails of the ticket, theirs and ours, oldest first."""
    theirs = select(InboundMail.received_at, InboundMail.message_id).where(InboundMail.ticket_id == ticket.id)
    ours = select(NoticeRow.created_at, NoticeRow.message_id).where(NoticeRow.ticket_id == ticket.id)
    both = [*(await unit.session.exec(theirs)), *(await unit.session.exec(ours))]
    return [id for _, id in sorted(both, key=lambda mail: mail[0]) if id]
