"""What a mail does: it joins the ticket whose signed token it carries, or opens one. Whoever wrote is nobody we know
before; what a machine wrote is answered by nothing."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlmodel import col, func, select

from chatserver.actions.mail_notes import note_on_mail
from chatserver.actions.outbox import note_bounced
from chatserver.actions.thread import add_message
from chatserver.actions.ticket_openings import Contact, Opening, open_ticket
from chatserver.actions.ticket_words import Saying, client_actor, say_on_ticket
from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.mail_words import texts
from chatserver.models import Conversation, InboundMail, MailState, Message, NoticeRow, Portal, Ticket, Visitor
from chatserver.process.fields import MAX_TEXT
from chatserver.process.incoming import Attachment, IncomingMail, MailKind, says_only_thanks
from chatserver.tokens import Purpose, read_token
from chatserver.types import SYSTEM, Channel, SenderKind, TicketId

log = structlog.stdlib.get_logger(__name__)

LATELY = timedelta(hours=1)
MOST_TICKETS = 20
MOST_MAILS = 60
"""Of one address in an hour: what is more is kept, and set aside."""

WITH_WORDS = ("opened", "joined", "followed")
"""What words of a person were taken for: their files go with them."""

NOTED = 500
"""Characters of an automatic reply that staff get to read."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """What was done: `outcome` is opened, joined, followed, noted, bounced, own, duplicate or set_aside (and dismissed,
    where somebody has looked and made nothing of it). `files`: what was too long to be said is kept as one."""

    outcome: str
    conversation: int | None = None
    visitor: int | None = None
    files: tuple[Attachment, ...] = ()


async def act_on_mail(unit: Unit, id: int, mail: IncomingMail) -> Dealt:
    """Do it, once: a mail that was acted on already only says what was done."""
    row = await unit.session.get_one(InboundMail, id, with_for_update=True, populate_existing=True)
    if row.outcome is not None:
        return await _done_before(unit, row, mail)
    row.kind, row.sender, row.message_id = mail.kind, mail.sender, mail.message_id
    dealt = await _take(unit, row, mail)
    row.outcome = dealt.outcome
    log.info("mail.dealt_with", mail=row.id, kind=mail.kind, outcome=dealt.outcome)
    return dealt


async def finish_mail(unit: Unit, id: int, *, forget: bool) -> None:
    """Nothing more is to be done. `forget` what it was: its bytes hold what must not be kept."""
    row = await unit.session.get_one(InboundMail, id, with_for_update=True, populate_existing=True)
    row.state, row.done_at, row.claimed_until = MailState.DONE, unit.now, None
    if forget:
        row.raw = b""


async def _take(unit: Unit, row: InboundMail, mail: IncomingMail) -> Dealt:
    match mail.kind:
        case MailKind.OWN:
            return Dealt("own")
        case MailKind.BOUNCE:
            return await _take_bounce(unit, row, mail)
        case MailKind.AUTO_REPLY:
            return await _take_note(unit, row, mail)
        case MailKind.PERSON:
            return await _take_words(unit, row, mail)


async def _take_words(unit: Unit, row: InboundMail, mail: IncomingMail) -> Dealt:
    if await _is_double(unit, row):
        return Dealt("duplicate")
    if await _count_lately(unit, row) >= MOST_MAILS:
        return Dealt("set_aside")
    ticket = await find_ticket(unit, mail)
    if ticket is not None:
        return await _join(unit, row, ticket, mail)
    if not mail.sender or await _count_lately(unit, row, "opened") >= MOST_TICKETS:
        return Dealt("set_aside")
    return await open_from_mail(unit, row, mail)


async def find_ticket(unit: Unit, mail: IncomingMail) -> Ticket | None:
    """The ticket that one of the mail's tokens was signed for."""
    secret = unit.settings.mail.secret
    if secret is None:
        return None
    for text in mail.tokens[:10]:
        try:
            token = read_token(secret, Purpose.REPLY, text)
        except Refused:
            continue
        ticket = await unit.session.get(Ticket, token.ticket_id)
        if ticket is not None and (await unit.session.get_one(Visitor, ticket.visitor_id)).erased_at is None:
            return ticket
    return None


async def _join(unit: Unit, row: InboundMail, ticket: Ticket, mail: IncomingMail) -> Dealt:
    body, files = await _fit(unit, mail.fresh or mail.text, ticket.portal_id)
    row.ticket_id = ticket.id
    reopens = not says_only_thanks(mail.fresh, unit.settings.mail.thanks)
    saying = Saying(body, f"mail-{row.id}", channel=Channel.MAIL, reopens=reopens)
    actor = await client_actor(unit, TicketId(ticket.id))
    said = await say_on_ticket(unit, actor, TicketId(ticket.id), saying)
    row.ticket_id = said.ticket.id
    thread = await unit.session.get_one(Conversation, said.ticket.conversation_id)
    client = await unit.session.get_one(Visitor, said.ticket.visitor_id)
    if mail.sender != client.email.lower():
        await note_on_mail(unit, thread, f"mail-{row.id}-sender", "other_sender", address=mail.sender or "?")
    await _say_what_is_missing(unit, row, thread, mail)
    return Dealt("followed" if said.opened else "joined", thread.id, client.id, files)


async def open_from_mail(unit: Unit, row: InboundMail, mail: IncomingMail) -> Dealt:
    """A request of somebody new: what an address says of its owner proves nothing."""
    portal = await _portal(unit)
    body, files = await _fit(unit, mail.text, portal.id if portal else None)
    locale = mail.locale or (portal.locale if portal else "es-MX")
    known = texts("en" if locale.startswith("en") else "es-MX")
    opening = Opening(
        channel=Channel.MAIL,
        subject=mail.subject or known["mail.no_subject"],
        body=body,
        contact=Contact(name=mail.name or mail.sender.partition("@")[0], email=mail.sender, locale=locale),
        at=row.received_at,
        client_message_id=f"mail-{row.id}",
        portal_id=portal.id if portal else None,
    )
    ticket = await open_ticket(unit, SYSTEM, opening)
    row.ticket_id = ticket.id
    await _answer_in_thread(unit, ticket, mail)
    thread = await unit.session.get_one(Conversation, ticket.conversation_id)
    await _say_what_is_missing(unit, row, thread, mail)
    return Dealt("opened", thread.id, ticket.visitor_id, files)


async def _answer_in_thread(unit: Unit, ticket: Ticket, mail: IncomingMail) -> None:
    """The confirmation was queued before the ticket knew its mail: it answers that mail."""
    if mail.message_id is not None:
        for notice in await unit.session.exec(select(NoticeRow).where(NoticeRow.ticket_id == ticket.id)):
            notice.thread = [mail.message_id, *notice.thread]


async def _take_bounce(unit: Unit, row: InboundMail, mail: IncomingMail) -> Dealt:
    """Only what names one of our mails by its whole id is believed: nobody else knows those."""
    query = select(NoticeRow).where(col(NoticeRow.message_id).in_(mail.returned))
    notice = (await unit.session.exec(query)).first()
    if notice is None:
        return Dealt("set_aside")
    row.ticket_id = notice.ticket_id
    await note_bounced(unit, notice, mail.problem)
    return Dealt("bounced")


async def _take_note(unit: Unit, row: InboundMail, mail: IncomingMail) -> Dealt:
    """What a machine answers moves nothing: it is a note for staff, where it belongs to a ticket."""
    ticket = await find_ticket(unit, mail)
    if ticket is None or await _is_double(unit, row) or await _count_lately(unit, row) >= MOST_MAILS:
        return Dealt("set_aside")
    row.ticket_id = ticket.id
    thread = await _lock_thread(unit, ticket.conversation_id)
    words = (mail.fresh or mail.subject)[:NOTED]
    await note_on_mail(unit, thread, f"mail-{row.id}", "auto_reply", address=mail.sender or "?", text=words)
    return Dealt("noted")


async def say_file(unit: Unit, dealt: Dealt, id: str, number: int, name: str) -> Message:
    """What a file goes with, once: the first with the words of the mail, every other with a line that is its name."""
    if dealt.conversation is None or dealt.visitor is None:
        raise ValueError("There is no thread that a file could go with.")
    row = await _lock_thread(unit, dealt.conversation)
    client = await unit.session.get_one(Visitor, dealt.visitor)
    said = id if number == 0 else f"{id}-{number}"
    query = select(Message).where(
        Message.conversation_id == row.id,
        Message.sender_kind == SenderKind.VISITOR,
        Message.sender_id == client.id,
        Message.client_message_id == said,
    )
    known = (await unit.session.exec(query)).one_or_none()
    if known is not None:
        return known
    line = add_message(unit, row, SenderKind.VISITOR, client.id, client.name, said, name)
    line.channel = Channel.MAIL
    return line


async def note_file_refused(unit: Unit, dealt: Dealt, id: str, name: str, code: str) -> None:
    """Staff read that there was a file, and why it is not there."""
    if dealt.conversation is None:
        return
    row = await _lock_thread(unit, dealt.conversation)
    known = texts((await unit.session.get_one(Portal, row.portal_id)).locale)
    why = known.get(f"refused.{code}", known["refused.unknown"])
    await note_on_mail(unit, row, f"{id}-refused", "file_refused", name=name, why=why)


async def _say_what_is_missing(unit: Unit, row: InboundMail, thread: Conversation, mail: IncomingMail) -> None:
    if row.cut:
        await note_on_mail(unit, thread, f"mail-{row.id}-cut", "cut")
    if mail.left_out:
        await note_on_mail(unit, thread, f"mail-{row.id}-left", "left_out", count=str(mail.left_out))


async def _done_before(unit: Unit, row: InboundMail, mail: IncomingMail) -> Dealt:
    ticket = await unit.session.get(Ticket, row.ticket_id) if row.ticket_id else None
    if ticket is None or row.outcome not in WITH_WORDS:
        return Dealt(row.outcome or "set_aside")
    text = mail.text if row.outcome == "opened" else mail.fresh or mail.text
    _, files = await _fit(unit, text, ticket.portal_id)
    return Dealt(row.outcome, ticket.conversation_id, ticket.visitor_id, files)


async def _fit(unit: Unit, text: str, portal_id: int | None) -> tuple[str, tuple[Attachment, ...]]:
    """The words for the thread; if there are too many, their beginning, and all of them as a file."""
    portal = await unit.session.get(Portal, portal_id) if portal_id else None
    known = texts(portal.locale if portal else "es-MX")
    if len(text) <= MAX_TEXT:
        return text or known["mail.no_text"], ()
    file = Attachment(known["mail.long_text"], "text/plain", text.encode())
    return text[: MAX_TEXT - 2].rstrip() + " …", (file,)


async def _portal(unit: Unit) -> Portal | None:
    """Whose tickets mail opens: the one that is set, else the first."""
    key = unit.settings.mail.portal
    query = select(Portal).where(col(Portal.disabled_at).is_(None)).order_by(col(Portal.id)).limit(1)
    named = (await unit.session.exec(query.where(Portal.public_key == key))).first() if key else None
    return named or (await unit.session.exec(query)).first()


async def _is_double(unit: Unit, row: InboundMail) -> bool:
    """The same mail by another way: to two of our addresses, or sent again by a server that was not sure."""
    if row.message_id is None:
        return False
    query = select(InboundMail.id).where(
        InboundMail.message_id == row.message_id,
        InboundMail.sender == row.sender,
        InboundMail.id != row.id,
        col(InboundMail.outcome).is_not(None),
    )
    return (await unit.session.exec(query.limit(1))).first() is not None


async def _count_lately(unit: Unit, row: InboundMail, outcome: str | None = None) -> int:
    query = select(func.count()).select_from(InboundMail).where(InboundMail.sender == row.sender)
    query = query.where(InboundMail.received_at > row.received_at - LATELY, InboundMail.id != row.id)
    if outcome is not None:
        query = query.where(InboundMail.outcome == outcome)
    return (await unit.session.exec(query)).one()


async def _lock_thread(unit: Unit, id: int) -> Conversation:
    return await unit.session.get_one(Conversation, id, with_for_update=True, populate_existing=True)
