"""How a ticket begins (rows 1, 1b and 23 of the process): out of a chat, from a mail, from a call, after one that is
closed. Its clocks run from the moment of contact."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from chatserver.actions.moves import enter
from chatserver.actions.notices import Telling, queue_notice
from chatserver.actions.staff_letters import call_on_duty
from chatserver.actions.thread import add_message
from chatserver.actions.ticket_clocks import arm, turn
from chatserver.actions.ticket_links import add_link
from chatserver.actions.ticket_moves import (
    NOTHING_BESIDE,
    Beside,
    keep_form,
    make_move,
    record,
    tell,
)
from chatserver.actions.ticket_store import Held, hold, keep_facts, lock_ticket
from chatserver.actions.unit import Unit
from chatserver.db import upsert
from chatserver.errors import Refused
from chatserver.models import Conversation, FolioCounter, Installation, Portal, Ticket, Visitor
from chatserver.process.clocks import Promises, start_clocks
from chatserver.process.ticket import decide_move
from chatserver.process.ticket_facts import Form, MoveRequest, TicketFacts, Transition, party_of
from chatserver.process.ticket_names import LinkKind, Move, Notice
from chatserver.queries.calendars import current_calendar, current_policy, get_calendar
from chatserver.queries.folios import write_folio
from chatserver.queries.logins import hash_token
from chatserver.types import SYSTEM, Actor, Channel, ConversationState, SenderKind, TicketId, TicketState


@dataclass(frozen=True, slots=True)
class Contact:
    """Who a client says they are. `phone` in E.164; an address or a telephone number is needed."""

    name: str
    email: str | None = None
    phone: str | None = None
    rfc: str | None = None
    locale: str = "es-MX"


@dataclass(frozen=True, slots=True)
class Opening:
    """A request that came otherwise than by chat. Texts are cleaned. `at` is the moment of contact, `client_message_id`
    makes the first words the client's once. `visitor_id`: a client whom we know for sure; without one they are new.
    Without a portal it is the first one's."""

    channel: Channel
    subject: str
    body: str
    contact: Contact
    at: datetime
    client_message_id: str
    visitor_id: int | None = None
    portal_id: int | None = None


async def open_ticket(unit: Unit, actor: Actor, opening: Opening, follows: Ticket | None = None) -> Ticket:
    """A ticket for a request by mail or telephone (row 1): the system opens it, or level 1. Its thread begins with the
    client's words. Raises `Refused`: contact_missing, not_your_move."""
    portal = await _portal(unit, opening.portal_id)
    visitor = await _client(unit, portal, opening)
    row = await _begin_thread(unit, portal, visitor, opening)
    id = opening.client_message_id
    words = add_message(unit, row, SenderKind.VISITOR, visitor.id, visitor.name, id, opening.body)
    words.channel = opening.channel
    form = Form(
        contact=opening.contact.email or opening.contact.phone,
        follows=TicketId(follows.id) if follows else None,
    )
    origin = "follow_up" if follows else opening.channel.value
    beginning = Beginning(origin, opening.subject, form, channel=opening.channel)
    ticket = await open_from(unit, actor, row, beginning)
    unit.line(row, "left_message")
    return ticket


async def follow_up(unit: Unit, actor: Actor, id: TicketId, opening: Opening) -> Ticket:
    """What a client says to a ticket that is closed (row 23): a new one follows it. Raises `Refused`
    (following_over, illegal_move)."""
    held = await lock_ticket(unit, actor, id)
    return await follow(unit, actor, held, opening)


async def follow(unit: Unit, actor: Actor, held: Held, opening: Opening) -> Ticket:
    """The same for a ticket that is locked already."""
    old = held.ticket
    await make_move(unit, actor, held, Move.FOLLOW_UP)
    known = replace(opening, visitor_id=old.visitor_id, portal_id=old.portal_id)
    ticket = await open_ticket(unit, SYSTEM, known, follows=old)
    ticket.follows_id = old.id
    await add_link(unit, actor, ticket, LinkKind.FOLLOWS, TicketId(old.id))
    await queue_notice(unit, ticket, Notice.FOLLOWED, f"move-{ticket.version}", Telling(other=old))
    return ticket


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a ticket begins with, whichever way: the move, what was filled in for it, what the ticket is called."""

    origin: str
    summary: str
    form: Form
    move: Move = Move.OPEN
    beside: Beside = NOTHING_BESIDE
    channel: Channel = Channel.CHAT


async def open_from(unit: Unit, actor: Actor, row: Conversation, beginning: Beginning) -> Ticket:
    """The ticket whose thread a (locked) conversation is, with its folio and due times. A first human reply in the
    chat counts."""
    form, channel = beginning.form, beginning.channel
    policy_id, policy = await current_policy(unit.session)
    promises = Promises(policy, await get_calendar(unit.session, row.calendar_version_id))
    facts = TicketFacts(
        state=None,
        since=unit.now,
        calendar=promises.calendar,
        waits=unit.settings.tickets,
        from_chat=channel is Channel.CHAT,
    )
    made = decide_move(facts, MoveRequest(beginning.move, party_of(actor), unit.now, form))
    clocks = start_clocks(promises, made.after.severity, row.started_at, row.first_replied_at, row.last_agent_at)
    ticket = Ticket(
        folio=await _next_folio(unit, unit.now.astimezone(ZoneInfo(promises.calendar.zone)).year),
        portal_id=row.portal_id,
        visitor_id=row.visitor_id,
        conversation_id=row.id,
        state=TicketState.NEW,
        state_since=unit.now,
        severity=made.after.severity,
        provisional=made.after.provisional,
        level=made.after.level,
        channel=channel,
        origin=beginning.origin,
        summary=beginning.summary,
        calendar_version_id=row.calendar_version_id,
        policy_version_id=policy_id,
        sla_start=row.started_at,
        first_reply_due=clocks.first_reply_due,
        update_due=clocks.update_due,
        resolution_due=clocks.resolution_due,
        first_replied_at=clocks.first_replied_at,
        last_public_human_at=clocks.last_public_human_at,
        created_at=unit.now,
    )
    _keep(ticket, made, form, beginning.beside)
    unit.session.add(ticket)
    await unit.flush()
    held = await hold(unit, ticket, row)
    held.boards = frozenset()
    await turn(unit, held, made.effects)
    await record(unit, actor, held, made, form)
    await arm(unit, held)
    if made.notice:
        await queue_notice(unit, ticket, made.notice, f"move-{ticket.version}", Telling(form))
    await call_on_duty(unit, held, None)
    await tell(unit, held)
    return ticket


def _keep(ticket: Ticket, made: Transition, form: Form, beside: Beside) -> None:
    """An escalation says more than its row asks for, if it goes to level 1: that is kept all the same."""
    keep_facts(ticket, made.after)
    keep_form(ticket, made, form, beside)
    ticket.rfc, ticket.evidence = ticket.rfc or form.rfc, ticket.evidence or form.evidence


async def _portal(unit: Unit, id: int | None) -> Portal:
    """Raises `Refused` (no_such_portal) when there is none to open a ticket at."""
    query = select(Portal).where(col(Portal.disabled_at).is_(None)).order_by(col(Portal.id)).limit(1)
    portal = (await unit.session.exec(query if id is None else select(Portal).where(Portal.id == id))).first()
    if portal is None:
        raise Refused("no_such_portal", "There is no portal that a ticket could be opened at.")
    return portal


async def _client(unit: Unit, portal: Portal, opening: Opening) -> Visitor:
    """Who asks: known for sure, or new. What somebody says they are proves nothing."""
    if opening.visitor_id is not None:
        return await unit.session.get_one(Visitor, opening.visitor_id)
    contact = opening.contact
    visitor = Visitor(
        portal_id=portal.id,
        token_hash=hash_token(secrets.token_urlsafe(32)),
        token_used_at=unit.now,
        name=contact.name,
        email=contact.email or "",
        phone=contact.phone,
        rfc=contact.rfc,
        locale=contact.locale,
        privacy_version="",
        privacy_accepted_at=unit.now,
        seen_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(visitor)
    await unit.flush()
    return visitor


async def _begin_thread(unit: Unit, portal: Portal, visitor: Visitor, opening: Opening) -> Conversation:
    """A conversation in which nobody waits: it is over as a chat before it begins."""
    version_id, _ = await current_calendar(unit.session, portal)
    row = Conversation(
        portal_id=portal.id,
        visitor_id=visitor.id,
        state=ConversationState.OFFLINE,
        subject=opening.subject,
        language=visitor.locale.partition("-")[0],
        team=portal.team,
        started_at=opening.at,
        joined_at=opening.at,
        queued_at=opening.at,
        state_since=unit.now,
        last_visitor_at=opening.at,
        unanswered_since=opening.at,
        ended_at=unit.now,
        calendar_version_id=version_id,
    )
    unit.session.add(row)
    await unit.flush()
    await enter(unit, row)
    return row


async def _next_folio(unit: Unit, year: int) -> str:
    """The next number of the year, taken under its row's lock: no gap after a commit, no double ever."""
    prefix = (await unit.session.get_one(Installation, 1)).folio_prefix or unit.settings.folio_prefix
    connection = await unit.session.connection()
    taking = (
        upsert(connection, FolioCounter)
        .values(prefix=prefix, year=year, number=1)
        .on_conflict_do_update(index_elements=["prefix", "year"], set_={"number": FolioCounter.number + 1})
        .returning(col(FolioCounter.number))
    )
    number: int = (await connection.execute(taking)).scalar_one()
    return write_folio(prefix, year, number)
