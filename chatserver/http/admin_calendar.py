"""Hours, holidays and closures: seen by supervisors, tried out and saved by administrators."""

from dataclasses import replace

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chatserver.actions.administration import set_calendar
from chatserver.errors import Refused, not_found
from chatserver.http.admin_outlook import desk_of, outlooks, read_promises, special_days
from chatserver.http.admin_texts import (
    read_closures,
    read_hours,
    read_number,
    read_openings,
    write_closures,
    write_hours,
    write_openings,
)
from chatserver.http.doors import Login
from chatserver.http.login import field
from chatserver.http.page import now_of, render
from chatserver.http.uploads import context_of
from chatserver.process.promises import must_be_keepable
from chatserver.queries.administration import CalendarState, PolicyState
from chatserver.routing.hours import CLOSED, Calendar

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
COUNTRY = "MX"
"""Whose holidays are kept where a calendar knew no country before."""

FIELDS = (*DAYS, "zone", "holidays", "closures", "openings")


async def to_shared(request: Request, _login: Login) -> Response:
    """The help desk's calendar, which every installation has."""
    _, calendars = await read_promises(request)
    return RedirectResponse(f"/admin/calendars/{calendars[0].id}", 303)


async def show(request: Request, _login: Login) -> Response:
    policy, calendars = await read_promises(request)
    state = _asked_for(request, calendars)
    return _page(request, policy, calendars, state, write_calendar(state.calendar))


async def do_save(request: Request, login: Login) -> Response:
    """Try out, or save, what the form says. Refused, it is there again with the reason."""
    form, context = await request.form(), context_of(request)
    kept = {name: field(form, name) for name in FIELDS}
    policy, calendars = await read_promises(request)
    state = _asked_for(request, calendars)
    try:
        calendar = read_calendar(form, state.calendar)
        if field(form, "do") == "save":
            seen = read_number(field(form, "seen"))
            await context.attempt(lambda unit: set_calendar(unit, login.actor, state.id, calendar, seen))
            return RedirectResponse(f"/admin/calendars/{state.id}?saved", 303)
        must_be_keepable(policy.policy, calendar, now_of(request))
    except Refused as refusal:
        policy, calendars = await read_promises(request)
        return _page(request, policy, calendars, _asked_for(request, calendars), kept, problem=refusal)
    return _page(request, policy, calendars, state, kept, tried=calendar)


async def do_confirm(request: Request, login: Login) -> Response:
    """The hours that every installation comes with are those of this desk."""
    form = await request.form()
    policy, calendars = await read_promises(request)
    state = _asked_for(request, calendars)
    seen = read_number(field(form, "seen"))
    try:
        await context_of(request).attempt(lambda unit: set_calendar(unit, login.actor, state.id, state.calendar, seen))
    except Refused as refusal:
        policy, calendars = await read_promises(request)
        state = _asked_for(request, calendars)
        return _page(request, policy, calendars, state, write_calendar(state.calendar), problem=refusal)
    return RedirectResponse(f"/admin/calendars/{state.id}?saved", 303)


def read_calendar(form: FormData, before: Calendar) -> Calendar:
    """Raises `Refused`: bad_hours, hours_overlap, never_open, bad_date, too_many_dates, closed_and_open, bad_zone."""
    weekly = tuple(read_hours(field(form, name), name) for name in DAYS)
    if not any(weekly):
        raise Refused("never_open", "A week needs hours on at least one day; for a pause use closures.", field=DAYS[0])
    closures, openings = read_closures(field(form, "closures")), read_openings(field(form, "openings"))
    if both := closures & openings.keys():
        raise Refused("closed_and_open", f"{min(both)} is both a closure and an opening.", field="openings")
    country = (before.country or COUNTRY) if field(form, "holidays") else None
    return Calendar(
        zone=_zone(field(form, "zone").strip()),
        weekly=weekly,
        country=country,
        subdivision=before.subdivision if country else None,
        closures=closures,
        openings=openings,
    )


def write_calendar(calendar: Calendar) -> dict[str, str]:
    """The form's fields, as they are typed."""
    days = {name: write_hours(hours) for name, hours in zip(DAYS, calendar.weekly, strict=True)}
    return {
        **days,
        "zone": calendar.zone,
        "holidays": "yes" if calendar.country else "",
        "closures": write_closures(calendar.closures),
        "openings": write_openings(calendar.openings),
    }


def _zone(name: str) -> str:
    try:
        return Calendar(name, (CLOSED,) * 7).zone
    except ValueError as error:
        raise Refused("bad_zone", str(error), field="zone") from error


def _page(
    request: Request,
    policy: PolicyState,
    calendars: list[CalendarState],
    state: CalendarState,
    kept: dict[str, str],
    *,
    tried: Calendar | None = None,
    problem: Refused | None = None,
) -> Response:
    shown, now = replace(state, calendar=tried or state.calendar), now_of(request)
    return render(
        request,
        "admin_calendar.html",
        status=422 if problem else 200,
        zone=shown.calendar.zone,
        state=state,
        others=[other for other in calendars if other.id != state.id],
        kept=kept,
        days=DAYS,
        country=state.calendar.country or COUNTRY,
        outlooks=outlooks(policy.policy, [shown], now),
        desk=desk_of(shown.calendar, now),
        special=special_days(shown.calendar, now),
        write_hours=write_hours,
        tried=tried is not None,
        problem=problem,
        saved="saved" in request.query_params,
    )


def _asked_for(request: Request, calendars: list[CalendarState]) -> CalendarState:
    """Raises `Refused` (not_found)."""
    id = read_number(request.path_params["id"])
    found = next((state for state in calendars if state.id == id), None)
    if found is None:
        raise not_found("calendar")
    return found
