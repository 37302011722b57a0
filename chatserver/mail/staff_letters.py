"""What stands in a letter to staff, and the mail that it becomes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from chatserver.mail.compose import Outgoing
from chatserver.mail.letters import Letter, render_letter
from chatserver.mail_words import texts
from chatserver.models import NoticeRow
from chatserver.process.duty import StaffFacts, StaffLetter
from chatserver.settings import Settings
from chatserver.tokens import Purpose, make_token
from chatserver.types import TicketId


def write_to_staff(row: NoticeRow, settings: Settings) -> Outgoing:
    """Whatever is answered to it is read as a new request: it carries no ticket."""
    account = settings.mail
    if account.secret is None:
        raise ValueError("mail is off")
    facts = StaffFacts.model_validate(row.facts)
    place = f"/tickets/{facts.folio}" if facts.folio else "/admin/mail"
    letter = write_staff_letter(row.kind, facts, row.locale, account.name, settings.base_url + place)
    return Outgoing(
        to=row.address,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=row.message_id,
        at=row.created_at,
        automatic=True,
        reply_token=make_token(account.secret, Purpose.REPLY, TicketId(0), row.created_at),
        locale=row.locale,
    )


def write_staff_letter(kind: str, facts: StaffFacts, locale: str, signature: str, link: str) -> Letter:
    words = texts(locale)
    about = {"folio": facts.folio, "by": facts.by}
    subject = words[f"mail.staff.{kind}.subject"].format(**about)
    context = {
        "locale": locale,
        "hello": words["mail.hello_nobody"],
        "told": words[f"mail.staff.{kind}.told"].format(**about),
        "words": [],
        "after": words[f"mail.staff.{kind}.after"],
        "lines": _lines(facts, words, locale) if kind == StaffLetter.ON_CALL else [],
        "zone": None,
        "link": link,
        "link_words": words[f"mail.staff.{kind}.link"],
        "reply": words["mail.staff.reply"],
        "signature": signature,
    }
    return render_letter(subject, context)


def _lines(facts: StaffFacts, words: dict[str, str], locale: str) -> list[tuple[str, str]]:
    def when(at: datetime | None) -> str | None:
        local = at.astimezone(ZoneInfo(facts.zone)) if at else None
        return format_datetime(local, words["mail.date"], locale=locale.replace("-", "_")) if local else None

    told = {
        "mail.folio": facts.folio,
        "mail.staff.portal": facts.portal,
        "mail.staff.first_reply": when(facts.first_reply_due),
        "mail.staff.resolution": when(facts.resolution_due),
    }
    return [(words[key], value) for key, value in told.items() if value]
