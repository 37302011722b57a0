"""Coming in and going out: login, logout (and what becomes of open conversations), one's own password."""

from typing import cast
from uuid import uuid4

from sqlmodel import select
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chatserver.actions.agents import set_state
from chatserver.actions.staff import log_in, log_out, set_password
from chatserver.actions.unit import Context, Unit
from chatserver.addresses import address_of
from chatserver.errors import Refused
from chatserver.http.doors import Login, local_path, login_of, token_of
from chatserver.http.page import render
from chatserver.http.throttle import WINDOW, throttle_of
from chatserver.models import Agent
from chatserver.passwords import UNKNOWN, hash_password, verify_password, weakness
from chatserver.protocol.commands import SetState
from chatserver.queries.logins import cookie_name, tidy_login
from chatserver.settings import Settings
from chatserver.types import AgentState

HOME = "/console"
CHOICES = ("return", "stay")


async def show_login(request: Request) -> Response:
    wanted = local_path(request.query_params.get("next", "")) or HOME
    if await login_of(request):
        return RedirectResponse(wanted, 303)
    return render(request, "login.html", login="", wanted=wanted, problem=None)


async def do_login(request: Request) -> Response:
    """One answer to an unknown login, a wrong password and a closed account, after the same work."""
    form = await request.form()
    login, wanted = tidy_login(field(form, "login")[:300]), local_path(field(form, "next")) or HOME
    throttle, address = throttle_of(request), address_of(request)
    if not await throttle.admits(address, login):
        retry = {"Retry-After": str(WINDOW * 60)}
        problem = ("login.throttled", {"minutes": WINDOW})
        return render(request, "login.html", status=429, headers=retry, login=login, wanted=wanted, problem=problem)
    token = await _check(request, login, field(form, "password"))
    if token is None:
        return render(request, "login.html", status=401, login=login, wanted=wanted, problem=("login.wrong", {}))
    await throttle.forget(address, login)
    response = RedirectResponse(wanted, 303)
    _set_cookie(request, response, token)
    return response


async def do_logout(request: Request, login: Login) -> Response:
    """End the shift and the session. With open conversations it asks first what becomes of them; who stays with them
    stays logged in."""
    choice = field(await request.form(), "conversations")
    leaving = SetState.model_validate(
        {
            "ref": str(uuid4()),
            "type": "set_state",
            "state": AgentState.OFFLINE,
            "conversations": choice if choice in CHOICES else None,
        }
    )

    async def leave(unit: Unit) -> None:
        await set_state(unit, login.actor, leaving)
        if choice != "stay":
            await log_out(unit, login.actor, login.id)

    try:
        await _context(request).attempt(leave)
    except Refused as refusal:
        if refusal.code != "open_conversations":
            raise
        return render(request, "logout.html", status=409)
    if choice == "stay":
        return RedirectResponse(HOME, 303)
    response = RedirectResponse("/login", 303)
    settings: Settings = request.app.state.settings
    response.delete_cookie(cookie_name(settings.secure), secure=settings.secure, httponly=True, samesite="lax")
    return response


async def show_password(request: Request, _login: Login) -> Response:
    return render(request, "password.html", problem=None, done="done" in request.query_params)


async def do_password(request: Request, login: Login) -> Response:
    """A new password for oneself, for who knows the old one; all other sessions end."""
    form, context = await request.form(), _context(request)
    async with context.db.read() as session:
        agent = await session.get_one(Agent, login.actor.id)
    if not await throttle_of(request).admits(address_of(request), agent.login):
        return render(request, "password.html", status=429, problem="password.throttled", done=False)
    problem = await _password_problem(agent, form)
    if problem:
        return render(request, "password.html", status=422, problem=problem, done=False)
    hashed = await hash_password(field(form, "new"))
    await context.attempt(lambda unit: set_password(unit, login.actor, agent.login, hashed, keep=login.id))
    return RedirectResponse("/password?done", 303)


async def _password_problem(agent: Agent, form: FormData) -> str | None:
    if not await verify_password(agent.password_hash, field(form, "current")):
        return "password.wrong"
    if field(form, "new") != field(form, "again"):
        return "password.differs"
    return weakness(field(form, "new"), agent.login)


async def _check(request: Request, login: str, password: str) -> str | None:
    """A fresh session's token, or None."""
    context = _context(request)
    async with context.db.read() as session:
        query = select(Agent).where(Agent.login == login)
        agent = (await session.exec(query)).one_or_none() if login.isprintable() else None
    stored = agent.password_hash if agent else UNKNOWN
    right = await verify_password(stored, password)
    if agent is None or not right or (agent.demo and not request.app.state.demo):
        return None
    return await context.attempt(lambda unit: log_in(unit, agent, stored, token_of(request)))


def _set_cookie(request: Request, response: Response, token: str) -> None:
    """For the browser's session; how long it lasts unused is the server's matter."""
    settings: Settings = request.app.state.settings
    name = cookie_name(settings.secure)
    response.set_cookie(name, token, secure=settings.secure, httponly=True, samesite="lax", path="/")


def field(form: FormData, name: str) -> str:
    """The text of a field; a file in its place is nothing."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _context(request: Request) -> Context:
    return cast("Context", request.app.state.context)
