"""The mail account, and whether its servers answer: seen by supervisors, tried by administrators."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chatserver.actions.staff_letters import queue_test_letter
from chatserver.errors import Refused
from chatserver.http.doors import Login
from chatserver.http.login import field
from chatserver.http.page import ZONE, render
from chatserver.http.post import post_of
from chatserver.http.uploads import context_of
from chatserver.http.words import pick_locale
from chatserver.mail_settings import MailSettings
from chatserver.queries.aside import list_staff_letters

HERE = "/admin/mail"


@dataclass(frozen=True, slots=True)
class Server:
    """One side of the account, without its password: `name` is smtp or imap."""

    name: str
    host: str
    port: int
    security: str
    user: str | None
    has_password: bool


async def show(request: Request, _login: Login) -> Response:
    return await _page(request)


async def do_test(request: Request, login: Login) -> Response:
    """A letter to whoever is named, through the outbox as any other."""
    form = await request.form()
    address, locale = field(form, "address"), pick_locale(request)
    try:
        await context_of(request).attempt(lambda unit: queue_test_letter(unit, login.actor, address, locale, ZONE))
    except Refused as refusal:
        return await _page(request, address=address, problem=refusal)
    return RedirectResponse(f"{HERE}?queued#letters", 303)


async def do_check(request: Request, _login: Login) -> Response:
    """Ask both servers now, as `chatserver doctor` does."""
    return await _page(request, reached=await post_of(request).reach(context_of(request).settings.mail))


def servers_of(account: MailSettings) -> list[Server]:
    found: list[Server] = []
    if account.smtp_host:
        user, password = account.smtp_user, account.smtp_password is not None
        found.append(Server("smtp", account.smtp_host, account.smtp_port, account.smtp_security, user, password))
    if account.imap_host:
        user, password = account.imap_user, account.imap_password is not None
        found.append(Server("imap", account.imap_host, account.imap_port, account.imap_security, user, password))
    return found


async def _page(
    request: Request,
    *,
    address: str = "",
    reached: Mapping[str, str | None] | None = None,
    problem: Refused | None = None,
) -> Response:
    account = context_of(request).settings.mail
    async with context_of(request).db.read() as session:
        letters = await list_staff_letters(session)
    return render(
        request,
        "admin_mail.html",
        status=422 if problem else 200,
        account=account,
        servers=servers_of(account),
        letters=letters,
        reached=reached,
        address=address,
        problem=problem,
        queued="queued" in request.query_params,
    )
