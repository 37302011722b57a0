"""Letters to staff, in the same outbox as the clients': a test, and the call to who is on duty."""

import secrets
from datetime import timedelta

import structlog
from sqlmodel import col, func, select

from chatserver.actions.administration import must_administer
from chatserver.actions.ticket_store import Held
from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.models import NoticeRow, Portal
from chatserver.process.duty import StaffFacts, StaffLetter, calls_for_duty
from chatserver.process.fields import normalise_email
from chatserver.process.severity import Severity
from chatserver.queries.calendars import current_policy
from chatserver.tokens import Purpose, make_message_id, make_token
from chatserver.types import SYSTEM, StaffActor, TicketId

log = structlog.get_logger()

MOST_TESTS = 10
"""In an hour, of all administrators together."""

NO_TICKET = TicketId(0)


async def queue_test_letter(unit: Unit, actor: StaffActor, address: str, locale: str, zone: str) -> NoticeRow:
    """Raises `Refused`: not_admin, mail_off, email_invalid, too_many_tests."""
    must_administer(actor)
    if not unit.settings.mail.sends:
        raise Refused("mail_off", "No server for outgoing mail is set.")
    if await _tests_lately(unit) >= MOST_TESTS:
        raise Refused("too_many_tests", "That was tried often enough; look at what became of the others.")
    row = _queue(unit, StaffLetter.TEST, normalise_email(address), locale, StaffFacts(zone=zone, by=actor.name))
    await unit.flush()
    unit.audit(actor, "send_test_letter", f"notice:{row.id}", address=row.address)
    return row


async def call_on_duty(unit: Unit, held: Held, before: Severity | None) -> None:
    """Tell who is on call of a ticket that has just become S1 while the desk is closed. A telephone is rung by nobody
    here: that there was no way to tell them is on the audit trail."""
    _, policy = await current_policy(unit.session)
    ticket, calendar = held.ticket, held.promises.calendar
    if not calls_for_duty(policy, calendar, ticket.severity, before, unit.now) or policy.on_call is None:
        return
    if not unit.settings.mail.sends or "@" not in policy.on_call:
        unit.audit(SYSTEM, "on_call_not_told", f"ticket:{ticket.id}", on_call=policy.on_call)
        log.warning("on_call.not_told", ticket=ticket.id)
        return
    portal = await unit.session.get_one(Portal, ticket.portal_id)
    facts = StaffFacts(
        zone=calendar.zone,
        folio=ticket.folio,
        portal=portal.name,
        first_reply_due=None if ticket.first_replied_at else ticket.first_reply_due,
        resolution_due=ticket.resolution_due,
    )
    _queue(unit, StaffLetter.ON_CALL, policy.on_call, portal.locale, facts)
    unit.audit(SYSTEM, "on_call_told", f"ticket:{ticket.id}", on_call=policy.on_call)


def _queue(unit: Unit, kind: StaffLetter, address: str, locale: str, facts: StaffFacts) -> NoticeRow:
    mail = unit.settings.mail
    if mail.secret is None:
        raise ValueError("mail is off")
    token = make_token(mail.secret, Purpose.REPLY, NO_TICKET, unit.now)
    row = NoticeRow(
        ticket_id=None,
        kind=kind,
        key=secrets.token_hex(8),
        address=address,
        name="",
        locale="en" if locale.startswith("en") else "es-MX",
        facts=facts.model_dump(mode="json"),
        automatic=True,
        message_id=make_message_id(f"{kind}-{secrets.token_hex(8)}", token, mail.own_domain),
        thread=[],
        due_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(row)
    return row


async def _tests_lately(unit: Unit) -> int:
    count = select(func.count()).select_from(NoticeRow).where(NoticeRow.kind == StaffLetter.TEST)
    return (await unit.session.exec(count.where(col(NoticeRow.created_at) > unit.now - timedelta(hours=1)))).one()
