"""A call is logged by level 1: it was settled on the line, becomes a ticket, or joins one that there is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select, update

from chatserver.actions.ticket_moves import make_move
from chatserver.actions.ticket_openings import Contact, Opening, open_ticket
from chatserver.actions.ticket_store import lock_ticket
from chatserver.actions.ticket_words import Saying, say_on_ticket
from chatserver.actions.unit import Unit
from chatserver.errors import Refused, not_found
from chatserver.models import PhoneCall, Portal, Ticket
from chatserver.process.fields import check_rfc, clean_line, clean_text, normalise_email, normalise_phone
from chatserver.process.telephone import Becomes, Direction
from chatserver.process.ticket_names import Move
from chatserver.queries.access import get_ticket, list_portals
from chatserver.types import Channel, StaffActor, TicketId, TicketState

LOGGED_WITHIN = timedelta(days=7)
"""How long ago a call may have been that is logged now; later nobody remembers it."""


@dataclass(frozen=True, slots=True)
class CallForm:
    """A call as it was typed. `at` is when it began. `reached`: whether the other end of an outgoing one answered.
    `folio`: the ticket that it joins; `answered`: it answered the question that this ticket waits for."""

    form_id: str
    direction: Direction
    at: datetime
    name: str
    number: str
    email: str
    rfc: str
    subject: str
    said: str
    becomes: Becomes
    reached: bool = True
    portal_id: int | None = None
    folio: str = ""
    answered: bool = False


async def log_call(unit: Unit, actor: StaffActor, form: CallForm) -> tuple[PhoneCall, Ticket | None]:
    """Store a call, once however often its form is sent, with the ticket it began or joined. Raises `Refused`:
    not_level_1; phone_invalid, email_invalid, contact_missing, text_empty, call_time; not_found for a folio that is not
    theirs."""
    if actor.level != 1 and not actor.supervises:
        raise Refused("not_level_1", "Calls are answered and logged by level 1.")
    query = select(PhoneCall).where(PhoneCall.agent_id == actor.id, PhoneCall.form_id == form.form_id)
    if known := (await unit.session.exec(query)).one_or_none():
        return known, await unit.session.get_one(Ticket, known.ticket_id) if known.ticket_id else None
    call = await _new_call(unit, actor, form)
    ticket = await _becomes(unit, actor, form, call)
    call.ticket_id = ticket.id if ticket else None
    unit.session.add(call)
    entity = f"ticket:{ticket.id}" if ticket else "telephone"
    unit.audit(actor, "log_call", entity, direction=form.direction, reached=form.reached)
    return call, ticket


async def _new_call(unit: Unit, actor: StaffActor, form: CallForm) -> PhoneCall:
    if not unit.now - LOGGED_WITHIN <= form.at <= unit.now:
        raise Refused("call_time", "A call was in the last seven days, and not in the future.", field="at")
    return PhoneCall(
        agent_id=actor.id,
        form_id=form.form_id,
        direction=form.direction,
        reached=form.reached or form.direction is Direction.IN,
        at=form.at,
        name=clean_line(form.name, "name"),
        number=normalise_phone(form.number) if form.number.strip() else None,
        email=normalise_email(form.email).lower() if form.email.strip() else None,
        rfc=check_rfc(form.rfc).value or None,
        said=clean_text(form.said, "said"),
        portal_id=(await _portal(unit, actor, form.portal_id)).id,
        created_at=unit.now,
    )


async def _portal(unit: Unit, actor: StaffActor, id: int | None) -> Portal:
    portals = await list_portals(unit.session, actor)
    found = next((portal for portal in portals if id in (None, portal.id)), None)
    if found is None:
        raise not_found("portal")
    return found


async def _becomes(unit: Unit, actor: StaffActor, form: CallForm, call: PhoneCall) -> Ticket | None:
    match form.becomes:
        case Becomes.NOTHING:
            return None
        case Becomes.TICKET:
            return await _open(unit, actor, form, call)
        case Becomes.JOINS:
            return await _join(unit, actor, form, call)


async def _open(unit: Unit, actor: StaffActor, form: CallForm, call: PhoneCall) -> Ticket:
    """Its clocks run from the beginning of the call. Who somebody says they are on the line proves nothing, so they are
    a client whom we did not know."""
    opening = Opening(
        channel=Channel.PHONE,
        subject=clean_line(form.subject, "subject"),
        body=call.said,
        contact=Contact(call.name, call.email, call.number, call.rfc),
        at=call.at,
        client_message_id=f"call-{form.form_id}"[:64],
        portal_id=call.portal_id,
    )
    return await open_ticket(unit, actor, opening)


async def _join(unit: Unit, actor: StaffActor, form: CallForm, call: PhoneCall) -> Ticket:
    """A call in which somebody spoke with the client is a person's word to them (it restarts the update clock), and may
    have answered a question (row 18: whoever logs the contact). One that nobody answered is a note."""
    ticket, _ = await get_ticket(unit.session, actor, form.folio)
    id = TicketId(ticket.id)
    saying = Saying(call.said, f"call-{form.form_id}"[:64], note=not call.reached, channel=Channel.PHONE)
    joined = (await say_on_ticket(unit, actor, id, saying)).ticket
    if form.answered and call.reached and joined.state is TicketState.WAITING_CLIENT:
        await make_move(unit, actor, await lock_ticket(unit, actor, id), Move.CLIENT_ANSWERED)
    return joined


async def forget_calls(unit: Unit, tickets: list[Ticket], known: dict[str, str | None], erased: str) -> None:
    """What was logged of an erased client: by their tickets, and by their number or address where they gave one."""
    theirs = col(PhoneCall.ticket_id).in_([ticket.id for ticket in tickets])
    for column, value in known.items():
        if value:
            theirs |= getattr(PhoneCall, column) == value
    gone = {"name": erased, "number": None, "email": None, "rfc": None, "said": erased}
    await unit.session.exec(update(PhoneCall).where(theirs).values(**gone))
