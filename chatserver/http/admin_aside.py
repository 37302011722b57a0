"""Mail that was set aside: listed with the reason, taken as a new ticket, or dismissed, by supervisors."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chatserver.actions.aside import dismiss_mail, take_mail
from chatserver.errors import Refused, not_found
from chatserver.http.admin_texts import read_number
from chatserver.http.doors import Login
from chatserver.http.page import render
from chatserver.http.post import post_of
from chatserver.http.uploads import context_of
from chatserver.models import InboundMail
from chatserver.process.incoming import IncomingMail, MailKind
from chatserver.queries.aside import AsideMail, list_aside

HERE = "/admin/aside"
SHOWN = 600
"""Characters of what a mail says."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`why`: what was the matter with it, as a key of the words. `can_be_taken`: there is somebody to answer."""

    mail: AsideMail
    read: IncomingMail
    why: str
    can_be_taken: bool

    @property
    def text(self) -> str:
        return (self.read.fresh or self.read.text)[:SHOWN]


async def show(request: Request, _login: Login) -> Response:
    return await _page(request)


async def do_take(request: Request, login: Login) -> Response:
    """A new ticket out of a mail, which is where it leads to."""
    context, id = context_of(request), read_number(request.path_params["id"])
    async with context.db.read() as session:
        row = await session.get(InboundMail, id)
    if row is None:
        raise not_found("mail")
    mail = await asyncio.to_thread(post_of(request).read, row.raw, context.settings.mail.address or "")
    try:
        ticket = await context.attempt(lambda unit: take_mail(unit, login.actor, id, mail))
    except Refused as refusal:
        return await _page(request, refusal)
    return RedirectResponse(f"/tickets/{ticket.folio}", 303)


async def do_dismiss(request: Request, login: Login) -> Response:
    id = read_number(request.path_params["id"])
    try:
        await context_of(request).attempt(lambda unit: dismiss_mail(unit, login.actor, id))
    except Refused as refusal:
        if refusal.code == "not_found":
            raise
        return await _page(request, refusal)
    return RedirectResponse(f"{HERE}?dismissed", 303)


async def _page(request: Request, problem: Refused | None = None) -> Response:
    context = context_of(request)
    async with context.db.read() as session:
        mails, total = await list_aside(session)
    read, address = post_of(request).read, context.settings.mail.address or ""
    shown = await asyncio.to_thread(lambda: [_shown(mail, read(mail.head, address)) for mail in mails])
    return render(
        request,
        "admin_aside.html",
        status=422 if problem else 200,
        shown=shown,
        total=total,
        receives=context.settings.mail.receives,
        problem=problem,
        dismissed="dismissed" in request.query_params,
    )


def _shown(mail: AsideMail, read: IncomingMail) -> Shown:
    return Shown(mail, read, why_aside(mail, read), bool(mail.head and read.sender))


def why_aside(mail: AsideMail, read: IncomingMail) -> str:
    if mail.failed:
        return "failed"
    if not mail.head:
        return "forgotten"
    if read.kind is not MailKind.PERSON:
        return read.kind.value
    return "flood" if read.sender else "no_sender"
