"""Tickets as pages: the list, and one ticket with its whole thread and the words that go to the client."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chatserver.actions.messages import add_note, send_message
from chatserver.actions.once import perform
from chatserver.actions.unit import Context, Unit
from chatserver.errors import Refused, not_found
from chatserver.http.doors import Login
from chatserver.http.login import field
from chatserver.http.page import render
from chatserver.models import Agent, Conversation, Portal, Rating, StoredFile, Ticket, Visitor
from chatserver.process.fields import check_rfc
from chatserver.process.severity import Severity
from chatserver.protocol.base import MAX_TEXT
from chatserver.protocol.commands import AddNote, SendMessage
from chatserver.protocol.views import ChangeEntry, MessageEntry, NoteEntry
from chatserver.queries.access import get_staff, get_ticket
from chatserver.queries.calendars import get_calendar
from chatserver.queries.client_page import get_rating, make_link
from chatserver.queries.files import Place, list_files
from chatserver.queries.snapshots import get_entries, get_snapshot
from chatserver.queries.tickets import PAGE, Order, Promise, TicketFilter, list_tickets, next_promise
from chatserver.types import ConversationId, StaffActor, TicketState, staff_topic

FOLIO = re.compile(r"[A-Z]{2,4}-[0-9]{4}-[0-9]{6,9}")

Entry = MessageEntry | ChangeEntry | NoteEntry


async def show_tickets(request: Request, login: Login) -> Response:
    wanted = read_filter(request)
    async with request.app.state.context.db.read() as session:
        lines, total = await list_tickets(session, login.actor, wanted)
    return render(
        request,
        "tickets.html",
        lines=lines,
        total=total,
        wanted=wanted,
        pages=max(1, -(-total // PAGE)),
        link=lambda page: f"/tickets?{urlencode(_query(wanted, page))}",
        states=list(TicketState),
        severities=list(Severity),
    )


def read_filter(request: Request) -> TicketFilter:
    """What the address asks for; what it cannot mean is left out."""
    query = request.query_params
    state, severity, order = query.get("state", ""), query.get("severity", ""), query.get("order", "")
    level, page = query.get("level", ""), query.get("page", "")
    return TicketFilter(
        state=TicketState(state) if state in set(TicketState) else None,
        level=int(level) if level in ("1", "2", "3") else None,
        severity=Severity(severity) if severity in set(Severity) else None,
        order=Order(order) if order in set(Order) else Order.DUE,
        page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 6 and int(page) else 1,
    )


def _query(wanted: TicketFilter, page: int) -> dict[str, str | int]:
    chosen = {"state": wanted.state, "level": wanted.level, "severity": wanted.severity, "order": wanted.order}
    return {name: value for name, value in {**chosen, "page": page}.items() if value is not None}


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Everything one ticket's page shows."""

    ticket: Ticket
    conversation: Conversation
    client: Visitor
    portal: Portal
    owner: str | None
    promise: Promise | None
    zone: str
    thread: list[Entry]
    files: dict[Place, StoredFile]
    rfc_warning: str | None
    link: str | None
    rating: Rating | None


async def show_ticket(request: Request, login: Login) -> Response:
    return await show_again(request, login)


async def do_answer(request: Request, login: Login) -> Response:
    """Answer in public; the form's id makes a second press of the button the same message."""
    return await _write(request, login, SendMessage, send_message, "send_message")


async def do_note(request: Request, login: Login) -> Response:
    return await _write(request, login, AddNote, add_note, "add_note")


async def _write(
    request: Request, login: Login, kind: type[Any], action: Callable[..., Awaitable[Any]], word: str
) -> Response:
    """Carry out a form. Refused text is in its box again, with the reason."""
    form, context = await request.form(), _context(request)
    folio, body, id = folio_of(request), field(form, "body"), field(form, "client_message_id")
    async with context.db.read() as session:
        ticket, _ = await get_ticket(session, login.actor, folio)
    fields = {"ref": id, "client_message_id": id, "conversation": ticket.conversation_id, "body": body}
    try:
        command = kind.model_validate({"type": word, **fields})
        await perform(context, identify_staff(login), command, action, keep=False)
    except ValidationError:
        empty, code = not body.strip(), "text_too_long" if len(body) > MAX_TEXT else "bad_frame"
        return await show_again(request, login, kept={word: body}, problem={word: "text_empty" if empty else code})
    except Refused as refusal:
        return await show_again(request, login, kept={word: body}, problem={word: refusal.code})
    return RedirectResponse(f"/tickets/{ticket.folio}#newest", 303)


def folio_of(request: Request) -> str:
    """Raises `Refused` (not_found) for what cannot be a folio; a database need not be asked, and may not like it."""
    folio: str = request.path_params["folio"]
    if not FOLIO.fullmatch(folio):
        raise not_found("ticket")
    return folio


def identify_staff(login: Login) -> Callable[[Unit], Awaitable[StaffActor]]:
    async def identify(unit: Unit) -> StaffActor:
        actor = await get_staff(unit.session, login.id)
        if actor is None:
            raise not_found("session")
        return actor

    return identify


async def show_again(
    request: Request, login: Login, kept: dict[str, str] | None = None, problem: dict[str, str] | None = None
) -> Response:
    """The page with what was not taken in its box, and why, by the word of the form."""
    async with request.app.state.context.db.read() as session:
        page = await read_page(session, login.actor, folio_of(request), _context(request))
    status = 422 if problem else 200
    return render(
        request, "ticket.html", status=status, zone=page.zone, page=page, kept=kept or {}, problem=problem or {}
    )


async def read_page(session: AsyncSession, actor: StaffActor, folio: str, context: Context) -> TicketPage:
    """Raises `Refused` (not_found)."""
    ticket, conversation = await get_ticket(session, actor, folio)
    client = await session.get_one(Visitor, ticket.visitor_id)
    owner = await session.get_one(Agent, ticket.owner_id) if ticket.owner_id else None
    settings = context.settings
    return TicketPage(
        ticket=ticket,
        conversation=conversation,
        client=client,
        portal=await session.get_one(Portal, ticket.portal_id),
        owner=owner.name if owner else None,
        promise=next_promise(ticket),
        zone=(await get_calendar(session, ticket.calendar_version_id)).zone,
        thread=await _thread(session, conversation),
        files=await list_files(session, conversation.id),
        rfc_warning=check_rfc(client.rfc).warning if client.rfc else None,
        link=await make_link(session, settings.mail.secret, settings.base_url, ticket, context.clock.now()),
        rating=await get_rating(session, ticket),
    )


async def _thread(session: AsyncSession, conversation: Conversation) -> list[Entry]:
    """All of it, notes among what they were written after."""
    entries, earlier = await get_entries(session, conversation.id)
    while earlier:
        before, earlier = await get_entries(session, conversation.id, entries[0].seq)
        entries = before + entries
    context = await get_snapshot(session, staff_topic(ConversationId(conversation.id)), conversation.started_at)
    return sorted([*entries, *context.notes], key=_place)


def _place(entry: Entry) -> tuple[int, int, int]:
    return (entry.after, 1, entry.seq) if isinstance(entry, NoteEntry) else (entry.seq, 0, 0)


def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context
