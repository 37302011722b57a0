"""Who may open which page: a door says it in the table of routes, and nobody gets past it otherwise."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chatserver.actions.staff import touch_login
from chatserver.actions.unit import Context
from chatserver.errors import Refused
from chatserver.models import LoginSession
from chatserver.queries.logins import cookie_name, get_login
from chatserver.settings import Settings
from chatserver.types import Role, StaffActor

TOUCH_AFTER = timedelta(minutes=1)
"""How stale the note of a session's last use may get; so a reader of pages does not write at each one."""

RANK = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Login:
    """Who is asking, and by which login session."""

    id: int
    actor: StaffActor


Public = Callable[[Request], Awaitable[Response]]
Private = Callable[[Request, Login], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Door:
    """One method of one path. `role` is the least that may pass; None is anybody."""

    method: str
    path: str
    page: Public | Private
    role: Role | None

    def route(self) -> Route:
        endpoint = self.page if self.role is None else guarded(self.page, self.role)
        return Route(self.path, endpoint, methods=[self.method])


def public(method: str, path: str, page: Public) -> Door:
    return Door(method, path, page, None)


def private(method: str, path: str, page: Private, role: Role = Role.AGENT) -> Door:
    return Door(method, path, page, role)


def guarded(page: Callable[..., Awaitable[Response]], role: Role) -> Public:
    async def endpoint(request: Request) -> Response:
        login = await login_of(request)
        if login is None:
            return to_login(request)
        if RANK[login.actor.role] < RANK[role]:
            raise Refused("not_allowed", f"This page is for role {role} and above.")
        return await page(request, login)

    return endpoint


async def login_of(request: Request) -> Login | None:
    """The login behind the request's cookie, its idle time begun again."""
    context: Context = request.app.state.context
    now = context.clock.now()
    async with context.db.read() as session:
        found = await get_login(session, token_of(request), now, idle_of(context.settings))
        if found is None:
            return None
        used_at = (await session.get_one(LoginSession, found[0])).used_at
    if now - used_at > TOUCH_AFTER:
        await context.attempt(lambda unit: touch_login(unit, found[0]))
    request.state.actor = found[1]
    return Login(*found)


def token_of(request: Request) -> str | None:
    settings: Settings = request.app.state.settings
    return request.cookies.get(cookie_name(settings.secure))


def idle_of(settings: Settings) -> timedelta:
    return timedelta(hours=settings.login_idle_hours)


def to_login(request: Request) -> Response:
    """Log in first, and come back to the page that was asked for; a form's words are not carried along."""
    wanted = request.url.path if request.method == "GET" else ""
    if wanted and request.url.query:
        wanted += f"?{request.url.query}"
    return RedirectResponse(f"/login?next={quote(wanted, safe='')}" if wanted else "/login", 303)


def local_path(text: str) -> str | None:
    """A path on this server, or None: nobody is led elsewhere by a link to our login."""
    plain = text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if plain and text.isprintable() and "\\" not in text else None
