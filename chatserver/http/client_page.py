"""A ticket's page for its client: opened by a signed link, without an account, a cookie or a script.

Opening it changes nothing, for mail scanners follow links. Its address holds the link, so no other site may be told of
it: the referrer goes to our own pages only (none at all, and browsers would not say either where our forms come from).
"""

from collections.abc import Awaitable, Callable
from typing import cast
from uuid import uuid4

from limits import RateLimitItem, RateLimitItemPerMinute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chatserver.actions.client_page import confirm_solution, say_on_page
from chatserver.actions.files import FileSender, send_file
from chatserver.actions.page_links import revoke_links
from chatserver.actions.satisfaction import rate_ticket
from chatserver.actions.ticket_words import Said
from chatserver.actions.unit import Unit
from chatserver.addresses import address_of
from chatserver.errors import Refused
from chatserver.http.doors import Login
from chatserver.http.login import field
from chatserver.http.multipart import Sent, read_upload
from chatserver.http.page import render
from chatserver.http.tickets import folio_of, identify_staff
from chatserver.http.uploads import context_of, download, store_of
from chatserver.models import Message, Ticket
from chatserver.process.satisfaction import SCORES
from chatserver.queries.access import get_ticket
from chatserver.queries.client_page import Holder, get_holder, make_link, read_client_page
from chatserver.queries.files import get_file
from chatserver.rates import Rates
from chatserver.types import SenderKind

OPENED = RateLimitItemPerMinute(120, 1, namespace="page")
"""From one address: an office behind it, and the scanner of its mail."""

SENT = RateLimitItemPerMinute(30, 10, namespace="page-form")
"""For one ticket."""

SAID = ("message", "confirmed", "reopened", "rated", "opened", "already")
"""What the page may say of the form before."""

DONE_BEFORE = ("illegal_move", "not_over")

UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}


async def show(request: Request) -> Response:
    return await _page(request, await _holder(request))


async def open_file(request: Request) -> Response:
    holder = await _holder(request)
    async with context_of(request).db.read() as session:
        file = await get_file(session, holder.actor, request.path_params["key"], of=holder.conversation)
    return await download(request, file)


async def do_message(request: Request) -> Response:
    """Words, a file, or both. While an answer is waited for, it is the answer; after closing it begins a new ticket, to
    whose page it leads."""
    holder = await _sender(request)
    async with read_upload(request, context_of(request).settings.files) as sent:
        try:
            said = await _say(request, holder, sent)
        except Refused as refusal:
            kept = {"message": sent.fields.get("body", "")}
            return await _page(request, holder, kept=kept, problem={"message": refusal.code})
    if said.opened:
        return await _lead_to(request, said.ticket)
    return _back(request, "message")


async def _say(request: Request, holder: Holder, sent: Sent) -> Said:
    """Raises `Refused` when nothing was stored."""
    if sent.refusal:
        raise sent.refusal
    context, file, body = context_of(request), sent.file, sent.fields.get("body", "")
    form_id = _form_id(sent.fields.get("client_message_id", ""))
    if file is None:
        return await context.attempt(lambda unit: say_on_page(unit, holder, form_id, body))
    words = body if body.strip() else file.name
    said: list[Said] = []

    async def say(unit: Unit) -> Message:
        said.append(await say_on_page(unit, holder, form_id, words))
        return said[-1].message

    sender = FileSender(SenderKind.VISITOR, holder.visitor.id)
    await send_file(context, store_of(request), sender, holder.conversation, file, say)
    return said[-1]


async def do_confirm(request: Request) -> Response:
    holder = await _sender(request)
    return await _carry_out(request, holder, "confirmed", lambda unit: confirm_solution(unit, holder))


async def do_reopen(request: Request) -> Response:
    """It is not solved. Too late for that, it begins a new ticket, to whose page it leads."""
    holder, form = await _sender(request), await request.form()
    form_id, body = _form_id(field(form, "client_message_id")), field(form, "body")
    try:
        said = await context_of(request).attempt(lambda unit: say_on_page(unit, holder, form_id, body, reopens=True))
    except Refused as refusal:
        return await _page(request, holder, kept={"reopen": body}, problem={"reopen": refusal.code})
    return await _lead_to(request, said.ticket) if said.opened else _back(request, "reopened")


async def do_rate(request: Request) -> Response:
    holder, form = await _sender(request), await request.form()
    score, comment = field(form, "score"), field(form, "comment")

    async def rate(unit: Unit) -> None:
        chosen = int(score) if score in map(str, SCORES) else 0
        await rate_ticket(unit, holder.actor, holder.id, chosen, comment)

    return await _carry_out(request, holder, "rated", rate, form="rating", kept=comment)


async def do_revoke(request: Request, login: Login) -> Response:
    """Staff: no link that is out there opens the page any more; the ticket's page shows a new one."""
    folio, identify = folio_of(request), identify_staff(login)

    async def revoke(unit: Unit) -> None:
        actor = await identify(unit)
        ticket, _ = await get_ticket(unit.session, actor, folio)
        await revoke_links(unit, actor, ticket)

    await context_of(request).attempt(revoke)
    return RedirectResponse(f"/tickets/{folio}#page", 303)


async def _carry_out(
    request: Request,
    holder: Holder,
    said: str,
    work: Callable[[Unit], Awaitable[object]],
    form: str = "",
    kept: str = "",
) -> Response:
    """What the ticket's state does not allow any more was done before, by a second press or by somebody else: then the
    page says how it stands."""
    try:
        await context_of(request).attempt(work)
    except Refused as refusal:
        if refusal.code in DONE_BEFORE:
            return _back(request, "already")
        return await _page(request, holder, kept={form: kept}, problem={form: refusal.code})
    return _back(request, said)


async def _page(
    request: Request, holder: Holder, kept: dict[str, str] | None = None, problem: dict[str, str] | None = None
) -> Response:
    context = context_of(request)
    async with context.db.read() as session:
        page = await read_client_page(session, holder, context.settings.tickets, context.clock.now())
    said = request.query_params.get("said", "")
    return render(
        request,
        "client_page.html",
        status=422 if problem else 200,
        headers=UNLISTED,
        known_locale=page.visitor.locale,
        zone=page.zone,
        zone_name=page.zone.rpartition("/")[2].replace("_", " "),
        page=page,
        link=request.path_params["link"],
        said=said if said in SAID and not problem else None,
        kept=kept or {},
        problem=problem or {},
        scores=SCORES,
    )


async def _holder(request: Request) -> Holder:
    """Raises `Refused`: `link_gone`, `too_often`."""
    await _admit(request, OPENED, address_of(request))
    context = context_of(request)
    async with context.db.read() as session:
        return await get_holder(session, context.settings.mail.secret, request.path_params["link"])


async def _sender(request: Request) -> Holder:
    holder = await _holder(request)
    await _admit(request, SENT, str(holder.ticket.id))
    return holder


async def _admit(request: Request, rate: RateLimitItem, who: str) -> None:
    rates = cast("Rates", request.app.state.service.rates)
    if not await rates.admits(rate, who):
        raise Refused("too_often", "That was too often.", retry_after=60)


def _form_id(given: str) -> str:
    """A form that was taken apart on the way gets an id of its own."""
    return given if 8 <= len(given) <= 64 and given.replace("-", "").isalnum() and given.isascii() else uuid4().hex


async def _lead_to(request: Request, ticket: Ticket) -> Response:
    context = context_of(request)
    settings = context.settings
    async with context.db.read() as session:
        link = await make_link(session, settings.mail.secret, settings.base_url, ticket, context.clock.now())
    return RedirectResponse(f"{link}?said=opened", 303)


def _back(request: Request, said: str) -> Response:
    return RedirectResponse(f"/t/{request.path_params['link']}?said={said}#newest", 303)
