"""The folio's prefix, and the categories of each portal: seen by supervisors, changed by administrators."""

from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chatserver.actions.folios import read_prefix, set_categories, set_folio_prefix
from chatserver.errors import Refused
from chatserver.http.admin_texts import read_number
from chatserver.http.doors import Login
from chatserver.http.login import field
from chatserver.http.page import ZONE, now_of, render
from chatserver.http.uploads import context_of
from chatserver.queries.folios import get_folio_state, list_categories, next_folio

HERE = "/admin/folios"


async def show(request: Request, _login: Login) -> Response:
    return await _page(request)


async def do_prefix(request: Request, login: Login) -> Response:
    """Try out, save or confirm a prefix."""
    form = await request.form()
    told, seen = field(form, "prefix"), field(form, "seen")
    try:
        prefix = read_prefix(told)
        if field(form, "do") == "try":
            return await _page(request, prefix=told, tried=prefix)
        await context_of(request).attempt(lambda unit: set_folio_prefix(unit, login.actor, prefix, seen))
    except Refused as refusal:
        return await _page(request, prefix=told, problem=refusal)
    return RedirectResponse(f"{HERE}?saved", 303)


async def do_categories(request: Request, login: Login) -> Response:
    """A portal's list, a name a line."""
    form = await request.form()
    portal, told = read_number(request.path_params["portal"]), field(form, "categories")
    names, seen = _lines(told), _lines(field(form, "seen"))
    try:
        await context_of(request).attempt(lambda unit: set_categories(unit, login.actor, portal, names, seen))
    except Refused as refusal:
        if refusal.code == "not_found":
            raise
        return await _page(request, kept={portal: told}, problem=refusal)
    return RedirectResponse(f"{HERE}?saved", 303)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


async def _page(
    request: Request,
    *,
    prefix: str | None = None,
    tried: str | None = None,
    kept: dict[int, str] | None = None,
    problem: Refused | None = None,
) -> Response:
    year, configured = now_of(request).astimezone(ZoneInfo(ZONE)).year, context_of(request).settings.folio_prefix
    async with context_of(request).db.read() as session:
        folio = await get_folio_state(session, configured, year)
        following = await next_folio(session, tried, year) if tried else folio.next
        portals = await list_categories(session)
    return render(
        request,
        "admin_folios.html",
        status=422 if problem else 200,
        folio=folio,
        following=following,
        prefix=folio.prefix if prefix is None else prefix,
        tried=tried is not None,
        portals=portals,
        kept=kept or {},
        problem=problem,
        saved="saved" in request.query_params,
    )
