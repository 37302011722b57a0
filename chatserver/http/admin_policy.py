"""Severities and what is promised for each: seen by supervisors, tried out and saved by administrators."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chatserver.actions.administration import set_policy
from chatserver.errors import Refused
from chatserver.http.admin_outlook import outlooks, read_promises
from chatserver.http.admin_texts import read_budget, read_number, write_budget
from chatserver.http.doors import Login
from chatserver.http.login import field
from chatserver.http.page import now_of, render
from chatserver.http.uploads import context_of
from chatserver.process.fields import normalise_email, normalise_phone
from chatserver.process.promises import must_be_keepable, must_make_sense
from chatserver.process.severity import Severity
from chatserver.process.sla import Budget, Policy
from chatserver.queries.administration import (
    CalendarState,
    PolicyState,
)

BUDGETS = ("first_reply", "update", "resolution")
ALWAYS = "always"
"""The field that says that the worst severity is counted round the clock."""

HERE = "/admin/policy"


async def show(request: Request, _login: Login) -> Response:
    state, calendars = await read_promises(request)
    return _page(request, state, calendars, write_policy(state.policy))


async def do_save(request: Request, login: Login) -> Response:
    """Try out, or save, what the form says. Refused, it is there again with the reason."""
    form, context = await request.form(), context_of(request)
    kept = {name: field(form, name) for name in (*_NAMES, ALWAYS, "on_call")}
    state, calendars = await read_promises(request)
    try:
        policy = read_policy(form)
        must_make_sense(policy)
        if field(form, "do") == "save":
            seen = read_number(field(form, "seen"))
            await context.attempt(lambda unit: set_policy(unit, login.actor, policy, seen))
            return RedirectResponse(f"{HERE}?saved", 303)
        for calendar in calendars:
            must_be_keepable(policy, calendar.calendar, now_of(request))
    except Refused as refusal:
        state, calendars = await read_promises(request)
        return _page(request, state, calendars, kept, problem=refusal)
    return _page(request, state, calendars, kept, tried=policy)


async def do_confirm(request: Request, login: Login) -> Response:
    """The budgets that every installation comes with are those of this one."""
    form = await request.form()
    state, calendars = await read_promises(request)
    seen = read_number(field(form, "seen"))
    try:
        await context_of(request).attempt(lambda unit: set_policy(unit, login.actor, state.policy, seen))
    except Refused as refusal:
        state, calendars = await read_promises(request)
        return _page(request, state, calendars, write_policy(state.policy), problem=refusal)
    return RedirectResponse(f"{HERE}?saved", 303)


def read_policy(form: FormData) -> Policy:
    """Raises `Refused`: bad_budget, bad_on_call, on_call_missing."""
    budgets = {
        severity: Budget(*(read_budget(field(form, f"{severity}.{name}"), f"{severity}.{name}") for name in BUDGETS))
        for severity in Severity
    }
    always = frozenset({Severity.S1}) if field(form, ALWAYS) else frozenset[Severity]()
    on_call = read_on_call(field(form, "on_call"))
    if always and on_call is None:
        message = "Round the clock needs somebody to call: an address or a telephone number."
        raise Refused("on_call_missing", message, field="on_call")
    return Policy(budgets, always, on_call)


def read_on_call(text: str) -> str | None:
    """An address or a telephone number, each in its one form. Raises `Refused` (bad_on_call)."""
    if not text.strip():
        return None
    try:
        return normalise_email(text) if "@" in text else normalise_phone(text)
    except Refused as refusal:
        raise Refused("bad_on_call", refusal.message, field="on_call") from refusal


def write_policy(policy: Policy) -> dict[str, str]:
    """The form's fields, as they are typed."""
    budgets = {
        f"{severity}.{name}": write_budget(getattr(budget, name))
        for severity, budget in policy.budgets.items()
        for name in BUDGETS
    }
    return {**budgets, ALWAYS: "yes" if Severity.S1 in policy.round_the_clock else "", "on_call": policy.on_call or ""}


_NAMES = tuple(f"{severity}.{name}" for severity in Severity for name in BUDGETS)


def _page(
    request: Request,
    state: PolicyState,
    calendars: list[CalendarState],
    kept: dict[str, str],
    *,
    tried: Policy | None = None,
    problem: Refused | None = None,
) -> Response:
    return render(
        request,
        "admin_policy.html",
        status=422 if problem else 200,
        made=state.made,
        kept=kept,
        severities=list(Severity),
        budgets=BUDGETS,
        outlooks=outlooks(tried or state.policy, calendars, now_of(request)),
        tried=tried is not None,
        problem=problem,
        saved="saved" in request.query_params,
    )
