"""The telephone's page for level 1: who is on the line, what they came with before, and what was said."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chatserver.actions.telephone import CallForm, log_call
from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.http.doors import Login
from chatserver.http.login import field
from chatserver.http.page import ZONE, now_of, render
from chatserver.http.tickets import FOLIO, identify_staff
from chatserver.http.uploads import context_of
from chatserver.models import PhoneCall, Portal, Ticket
from chatserver.process.fields import GENERIC_RFCS, check_rfc, normalise_email, normalise_phone
from chatserver.process.telephone import Becomes, Direction
from chatserver.queries.access import list_portals
from chatserver.queries.contacts import EarlierCall, EarlierTicket, Person, find_calls, find_tickets, list_calls
from chatserver.types import StaffActor

ASKED = ("number", "email", "rfc")


@dataclass(frozen=True, slots=True)
class Earlier:
    tickets: list[EarlierTicket]
    calls: list[EarlierCall]


async def show_calls(request: Request, login: Login) -> Response:
    """The form; with what is known of the caller, also what they came with before."""
    kept = {name: request.query_params.get(name, "") for name in (*ASKED, "name")}
    folio = request.query_params.get("folio", "")
    if FOLIO.fullmatch(folio):
        kept |= {"folio": folio, "becomes": Becomes.JOINS}
    return await _page(request, login, kept, None)


async def do_log(request: Request, login: Login) -> Response:
    """Log a call. What it began or joined is where it leads to."""
    form = await request.form()
    identify = identify_staff(login)
    try:
        call_form = read_call(form, now_of(request))

        async def log(unit: Unit) -> tuple[PhoneCall, Ticket | None]:
            return await log_call(unit, await identify(unit), call_form)

        _, ticket = await context_of(request).attempt(log)
    except Refused as refusal:
        kept = {name: value for name, value in form.items() if isinstance(value, str)}
        return await _page(request, login, kept, refusal)
    return RedirectResponse(f"/tickets/{ticket.folio}#newest" if ticket else "/calls?logged#calls", 303)


def read_call(form: FormData, now: datetime) -> CallForm:
    """Raises `Refused` for a time that cannot be read; whatever else is odd is refused by the action."""
    direction, becomes = field(form, "direction"), field(form, "becomes")
    portal, id = field(form, "portal"), field(form, "form_id")
    return CallForm(
        form_id=id if 8 <= len(id) <= 64 and id.isascii() and id.replace("-", "").isalnum() else uuid4().hex,
        direction=Direction(direction) if direction in set(Direction) else Direction.IN,
        at=_time(field(form, "at"), now),
        name=field(form, "name"),
        number=field(form, "number"),
        email=field(form, "email"),
        rfc=field(form, "rfc"),
        subject=field(form, "subject"),
        said=field(form, "said"),
        becomes=Becomes(becomes) if becomes in set(Becomes) else Becomes.NOTHING,
        reached=field(form, "reached") != "no",
        portal_id=int(portal) if portal.isascii() and portal.isdigit() and len(portal) < 10 else None,
        folio=folio if FOLIO.fullmatch(folio := field(form, "folio").strip().upper()) else "",
        answered=bool(field(form, "answered")),
    )


def _time(text: str, now: datetime) -> datetime:
    """The desk's wall time, to the minute; nothing is now."""
    if not text:
        return now
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))
    except ValueError:
        raise Refused("call_time", "That is not a time.", field="at") from None
    return min(at, now) if (at - now).total_seconds() < 60 else at


def read_person(params: QueryParams | dict[str, str]) -> tuple[Person, str | None]:
    """Who is looked for, and the code of what cannot be what it should; that is left out, and so is an RFC that stands
    for anybody."""
    problem = None
    number = email = None
    try:
        number = normalise_phone(params["number"]) if params.get("number") else None
    except Refused as refusal:
        problem = refusal.code
    try:
        email = normalise_email(params["email"]).lower() if params.get("email") else None
    except Refused as refusal:
        problem = refusal.code
    rfc = check_rfc(params.get("rfc") or "").value
    return Person(number, email, rfc if rfc and rfc not in GENERIC_RFCS else None), problem


async def _page(request: Request, login: Login, kept: dict[str, str], refusal: Refused | None) -> Response:
    person, unread = read_person(kept)
    async with context_of(request).db.read() as session:
        earlier = await _earlier(session, login.actor, person)
        calls = await list_calls(session, login.actor)
        portals: list[Portal] = await list_portals(session, login.actor)
    return render(
        request,
        "calls.html",
        status=422 if refusal else 200,
        kept=kept,
        person=person,
        earlier=earlier,
        calls=calls,
        portals=portals,
        problem=refusal,
        unread=unread if refusal is None else None,
        logged="logged" in request.query_params,
        began=now_of(request).astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%dT%H:%M"),
    )


async def _earlier(session: AsyncSession, actor: StaffActor, person: Person) -> Earlier | None:
    if not person.known:
        return None
    return Earlier(await find_tickets(session, actor, person), await find_calls(session, actor, person))
