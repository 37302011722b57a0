"""Mail that was set aside, or could not be dealt with, and what a supervisor makes of it: a ticket, or nothing."""

from chatserver.actions.agents import must_supervise
from chatserver.actions.inbound import WITH_WORDS, open_from_mail
from chatserver.actions.unit import Unit
from chatserver.errors import Refused, not_found
from chatserver.models import InboundMail, MailState, Ticket
from chatserver.process.incoming import IncomingMail
from chatserver.types import StaffActor

SET_ASIDE, DISMISSED = "set_aside", "dismissed"


async def take_mail(unit: Unit, actor: StaffActor, id: int, mail: IncomingMail) -> Ticket:
    """Open a ticket from it, as if a person's mail had just been dealt with; its files are kept by the loop that does.
    One whose words are in a ticket already, and whose files could not be kept, is tried again. Raises `Refused`:
    not_allowed, not_found, mail_dealt_with, mail_forgotten, mail_without_sender."""
    must_supervise(actor)
    row = await _lock(unit, id)
    if not row.raw:
        raise Refused("mail_forgotten", "Its bytes are not kept any more.")
    if row.outcome not in WITH_WORDS:
        if not mail.sender:
            raise Refused("mail_without_sender", "It names nobody who could be answered.")
        row.kind, row.sender, row.message_id = mail.kind, mail.sender, mail.message_id
        row.outcome = (await open_from_mail(unit, row, mail)).outcome
    row.state, row.attempts, row.due_at, row.claimed_until = MailState.NEW, 0, unit.now, None
    ticket = await unit.session.get_one(Ticket, row.ticket_id)
    unit.audit(actor, "take_mail", f"mail:{id}", ticket=ticket.folio)
    return ticket


async def dismiss_mail(unit: Unit, actor: StaffActor, id: int) -> None:
    """Nothing is to be made of it. Raises `Refused`: not_allowed, not_found, mail_dealt_with."""
    must_supervise(actor)
    row = await _lock(unit, id)
    unit.audit(actor, "dismiss_mail", f"mail:{id}", outcome=row.outcome, state=row.state)
    if row.outcome not in WITH_WORDS:
        row.outcome = DISMISSED
    row.state, row.done_at, row.claimed_until = MailState.DONE, row.done_at or unit.now, None


async def _lock(unit: Unit, id: int) -> InboundMail:
    row = await unit.session.get(InboundMail, id, with_for_update=True)
    if row is None:
        raise not_found("mail")
    if row.outcome != SET_ASIDE and row.state is not MailState.FAILED:
        raise Refused("mail_dealt_with", "Somebody has dealt with it already.")
    return row
