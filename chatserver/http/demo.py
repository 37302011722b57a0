"""The demo's pages: a guide for who tries it, and a believable portal to carry the widget.

The portal answers on `localhost` and the server on `127.0.0.1`: to a browser two origins, as it will be in real life.
"""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from chatserver.demo import CAST, CLOSED_KEY, OPEN_KEY, portal_origin
from chatserver.errors import not_found
from chatserver.http.page import TEMPLATES, render
from chatserver.http.words import pick_locale
from chatserver.settings import Settings

PAGES = {
    "portal": OPEN_KEY,
    "portal/facturas": OPEN_KEY,
    "portal/aviso": OPEN_KEY,
    "closed": CLOSED_KEY,
    "strict": OPEN_KEY,
}


async def guide(request: Request) -> Response:
    """Where everything is, and who one can be."""
    return render(request, "demo.html", cast=CAST, origin=portal_origin(_settings(request).base_url))


async def portal(request: Request) -> Response:
    """A page of somebody else's: strict, and letting through just what `/embed` says a portal must."""
    page = request.path_params["page"]
    if page not in PAGES:
        raise not_found("page")
    server = _settings(request).base_url
    locale = pick_locale(request)
    policy = {"Content-Security-Policy": portal_policy(server, styled=page != "strict")}
    return render(request, "portal.html", headers=policy, page=page, key=PAGES[page], server=server, locale=locale)


def portal_policy(server: str, *, styled: bool) -> str:
    socket = f"ws://{urlsplit(server).netloc}"
    own = "'self'" if styled else "'none'"
    return (
        f"default-src 'none'; script-src {server}; connect-src {server} {socket}; "
        f"style-src {own}; img-src {own}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    )


async def style(_request: Request) -> Response:
    return FileResponse(TEMPLATES / "portal.css", headers={"Cache-Control": "no-cache"})


async def to_portal(request: Request) -> Response:
    """The portal has its own origin."""
    return RedirectResponse(portal_origin(_settings(request).base_url) + _rest(request), 307)


async def to_server(request: Request) -> Response:
    """And the server has its own."""
    return RedirectResponse(_settings(request).base_url + _rest(request), 307)


def _rest(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
