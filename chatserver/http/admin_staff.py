"""Who works here, on which level, and what each may do: seen by supervisors, changed by administrators."""

from collections.abc import Awaitable, Callable

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chatserver.actions.colleagues import add_colleague, change_colleague, close_account, open_account
from chatserver.actions.staff import Account
from chatserver.actions.unit import Unit
from chatserver.errors import Refused, not_found
from chatserver.http.admin_texts import read_number
from chatserver.http.doors import Login
from chatserver.http.login import field
from chatserver.http.page import render
from chatserver.http.uploads import context_of
from chatserver.models import Agent
from chatserver.passwords import hash_password, weakness
from chatserver.queries.administration import list_staff
from chatserver.queries.logins import tidy_login
from chatserver.types import Actor, Role

HERE = "/admin/staff"
LEVELS = (1, 2, 3)
LANGUAGES = ("es", "en")
MOST_AT_A_TIME = 50
FIELDS = ("login", "name", "role", "level", "teams", "capacity", *LANGUAGES)
FRESH = {
    "login": "",
    "name": "",
    "role": Role.AGENT.value,
    "level": "1",
    "teams": "",
    "capacity": "3",
    "es": "yes",
    "en": "",
}


async def show(request: Request, _login: Login) -> Response:
    return await _list(request, FRESH)


async def do_add(request: Request, login: Login) -> Response:
    """A new account, with a first password that its owner changes."""
    form = await request.form()
    name, password = field(form, "login"), field(form, "password")
    try:
        account = read_account(form)
        if problem := weakness(password, tidy_login(name)):
            raise Refused(problem.replace("password.", "password_"), "The password will not do.", field="password")
        hashed = await hash_password(password)
        await context_of(request).attempt(lambda unit: add_colleague(unit, login.actor, name, hashed, account))
    except Refused as refusal:
        return await _list(request, {each: field(form, each) for each in FIELDS}, refusal)
    return RedirectResponse(f"{HERE}?saved", 303)


async def show_one(request: Request, _login: Login) -> Response:
    agent = await _asked_for(request)
    return _one(request, agent, write_account(agent))


async def do_change(request: Request, login: Login) -> Response:
    form, agent = await request.form(), await _asked_for(request)
    try:
        account = read_account(form)
        await context_of(request).attempt(lambda unit: change_colleague(unit, login.actor, agent.id, account))
    except Refused as refusal:
        return _one(request, agent, {each: field(form, each) for each in FIELDS}, refusal)
    return RedirectResponse(f"{HERE}?saved", 303)


async def do_close(request: Request, login: Login) -> Response:
    return await _turn(request, login, close_account)


async def do_open(request: Request, login: Login) -> Response:
    return await _turn(request, login, open_account)


async def _turn(request: Request, login: Login, action: Callable[[Unit, Actor, int], Awaitable[Agent]]) -> Response:
    agent = await _asked_for(request)
    try:
        await context_of(request).attempt(lambda unit: action(unit, login.actor, agent.id))
    except Refused as refusal:
        return _one(request, agent, write_account(agent), refusal)
    return RedirectResponse(f"{HERE}?saved", 303)


def read_account(form: FormData) -> Account:
    """Raises `Refused`: bad_role, bad_level, bad_capacity, language_missing; names are read by the action."""
    role, level, capacity = field(form, "role"), field(form, "level"), field(form, "capacity").strip()
    if role not in set(Role):
        raise Refused("bad_role", f"{role!r} is no role.", field="role")
    if level not in map(str, LEVELS):
        raise Refused("bad_level", f"{level!r} is no level.", field="level")
    if not (capacity.isascii() and capacity.isdigit() and len(capacity) < 4 and int(capacity) <= MOST_AT_A_TIME):
        raise Refused("bad_capacity", f"A capacity is a number from 0 to {MOST_AT_A_TIME}.", field="capacity")
    languages = [each for each in LANGUAGES if field(form, each)]
    if not languages:
        raise Refused("language_missing", "Somebody who answers does so in some language.", field="es")
    teams = [team for part in field(form, "teams").split(",") if (team := part.strip())]
    return Account(field(form, "name"), Role(role), int(level), teams, languages, int(capacity))


def write_account(agent: Agent) -> dict[str, str]:
    """The form's fields, as they are typed."""
    spoken = {each: "yes" if each in agent.languages else "" for each in LANGUAGES}
    return {
        "login": agent.login,
        "name": agent.name,
        "role": agent.role.value,
        "level": str(agent.level),
        "teams": ", ".join(agent.teams),
        "capacity": str(agent.capacity),
        **spoken,
    }


async def _list(request: Request, kept: dict[str, str], problem: Refused | None = None) -> Response:
    async with context_of(request).db.read() as session:
        staff = await list_staff(session)
    return render(
        request,
        "admin_staff.html",
        status=422 if problem else 200,
        levels=[(level, [agent for agent in staff if agent.level == level]) for level in LEVELS],
        kept=kept,
        roles=list(Role),
        problem=problem,
        saved="saved" in request.query_params,
    )


def _one(request: Request, agent: Agent, kept: dict[str, str], problem: Refused | None = None) -> Response:
    return render(
        request,
        "admin_colleague.html",
        status=422 if problem else 200,
        agent=agent,
        levels=LEVELS,
        kept=kept,
        roles=list(Role),
        problem=problem,
    )


async def _asked_for(request: Request) -> Agent:
    """Raises `Refused` (not_found)."""
    async with context_of(request).db.read() as session:
        agent = await session.get(Agent, read_number(request.path_params["id"]))
    if agent is None:
        raise not_found("account")
    return agent
