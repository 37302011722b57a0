"""The moves of a ticket as a page: those that this person may make now, each with the fields that it needs."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from chatserver.actions import ticket_commands
from chatserver.actions.once import perform
from chatserver.actions.unit import Context
from chatserver.errors import Refused
from chatserver.http.doors import Login
from chatserver.http.login import field
from chatserver.http.page import render
from chatserver.http.tickets import folio_of, identify_staff
from chatserver.models import Agent, Ticket
from chatserver.process.severity import Severity
from chatserver.process.ticket_names import CancelCause
from chatserver.protocol.ticket_commands import MoveTicket, TicketForm
from chatserver.protocol.ticket_views import OfferView
from chatserver.queries.access import get_ticket
from chatserver.queries.calendars import get_calendar
from chatserver.queries.ticket_facts import list_moves
from chatserver.types import StaffActor, TicketId

INSTANTS = ("release_from", "release_until", "released_at", "new_date")
LINES = ("category", "rfc", "version", "duplicate_of")


@dataclass(frozen=True, slots=True)
class MovesPage:
    """What one ticket's page of moves shows. `kinds`: how each field is filled in; `people`: who could own it."""

    ticket: Ticket
    moves: list[OfferView]
    people: list[Agent]
    zone: str
    severities: tuple[Severity, ...] = tuple(Severity)
    causes: tuple[CancelCause, ...] = tuple(CancelCause)
    instants: tuple[str, ...] = INSTANTS
    lines: tuple[str, ...] = LINES


@dataclass(frozen=True, slots=True)
class Problem:
    """What was not carried out, and why; `kept` is what had been filled in."""

    move: str
    code: str
    kept: dict[str, str]


async def show_moves(request: Request, login: Login) -> Response:
    return await _page(request, login, None)


async def do_move(request: Request, login: Login) -> Response:
    """Make a move; the form's id makes a second press of the button the same move. Whoever asks for JSON gets the
    reply, or the refusal by its code, as over the socket."""
    told, context = await request.form(), _context(request)
    wants_json = "application/json" in request.headers.get("accept", "")
    try:
        command = await _read(context, login, folio_of(request), told)
        reply = await perform(context, identify_staff(login), command, ticket_commands.move, keep=True)
    except ValidationError:
        refusal = Refused("bad_frame", "A field is not what it should be.")
    except Refused as refused:
        refusal = refused
    else:
        if wants_json:
            return JSONResponse(reply.model_dump(mode="json"))
        return RedirectResponse(f"/tickets/{folio_of(request)}", 303)
    if refusal.code == "not_found":
        raise refusal
    if wants_json:
        shown = {"type": "refused", "code": refusal.code, "message": refusal.message, "field": refusal.field}
        return JSONResponse(shown, 422)
    kept = {name: text for name, text in told.items() if isinstance(text, str)}
    return await _page(request, login, Problem(field(told, "move"), refusal.code, kept))


async def _page(request: Request, login: Login, problem: Problem | None) -> Response:
    context = _context(request)
    async with context.db.read() as session:
        page = await _read_page(session, login.actor, folio_of(request), context)
    status = 422 if problem else 200
    return render(request, "ticket_moves.html", status=status, zone=page.zone, page=page, problem=problem)


async def _read_page(session: AsyncSession, actor: StaffActor, folio: str, context: Context) -> MovesPage:
    """Raises `Refused` (not_found)."""
    ticket, _ = await get_ticket(session, actor, folio)
    waits, now = context.settings.tickets, context.clock.now()
    _, moves = await list_moves(session, actor, TicketId(ticket.id), waits, now)
    working = select(Agent).where(col(Agent.disabled_at).is_(None)).order_by(col(Agent.level), col(Agent.name))
    return MovesPage(
        ticket=ticket,
        moves=moves,
        people=list(await session.exec(working)),
        zone=(await get_calendar(session, ticket.calendar_version_id)).zone,
    )


async def _read(context: Context, login: Login, folio: str, told: FormData) -> MoveTicket:
    """The command that a form means: wall times are those of the ticket's desk, the other ticket is named by its
    folio. Raises `Refused`, `ValidationError`."""
    async with context.db.read() as session:
        ticket, _ = await get_ticket(session, login.actor, folio)
        zone = ZoneInfo((await get_calendar(session, ticket.calendar_version_id)).zone)
        filled = {name: text for name in TicketForm.model_fields if (text := field(told, name).strip())}
        values: dict[str, Any] = filled | {
            name: _instant(filled[name], zone).isoformat() for name in INSTANTS if name in filled
        }
        values |= {name: int(filled[name]) for name in ("owner",) if filled.get(name, "").isdigit()}
        if "duplicate_of" in filled:
            values["duplicate_of"] = await _other(session, filled["duplicate_of"])
    values.pop("evidence_files", None)
    if "no_deployment" in filled:
        values["no_deployment"] = True
    form = TicketForm.model_validate_json(json.dumps(values))
    shape = {"type": "move_ticket", "ref": field(told, "ref"), "ticket": ticket.id, "move": field(told, "move")}
    return MoveTicket.model_validate_json(json.dumps(shape | {"form": form.model_dump(mode="json")}))


def _instant(text: str, zone: ZoneInfo) -> datetime:
    """Raises `Refused` (bad_frame)."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise Refused("bad_frame", "That is no time.") from None


async def _other(session: AsyncSession, folio: str) -> int:
    """Raises `Refused` (no_such_ticket)."""
    id = (await session.exec(select(Ticket.id).where(Ticket.folio == folio.upper()[:24]))).one_or_none()
    if id is None or "\0" in folio:
        raise Refused("no_such_ticket", "There is no such other ticket.", field="duplicate_of")
    return id


def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context
