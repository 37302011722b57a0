"""The doors to the three applications of staff, and how a portal embeds the widget."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chatserver.http.doors import Login, login_of
from chatserver.http.page import render
from chatserver.models import Portal
from chatserver.queries.access import list_portals
from chatserver.settings import Settings


async def home(request: Request) -> Response:
    return RedirectResponse("/console" if await login_of(request) else "/login", 303)


async def console(request: Request, _login: Login) -> Response:
    return render(request, "app.html", view="console")


async def board(request: Request, _login: Login) -> Response:
    return render(request, "app.html", view="board")


async def queue(request: Request, _login: Login) -> Response:
    return render(request, "app.html", view="supervisor")


@dataclass(frozen=True, slots=True)
class Embed:
    """What the owner of a portal's page needs: the snippet, and what its Content-Security-Policy must let through."""

    portal: Portal
    snippet: str
    script_src: str
    connect_src: str


async def embed(request: Request, login: Login) -> Response:
    settings: Settings = request.app.state.settings
    async with request.app.state.context.db.read() as session:
        portals = await list_portals(session, login.actor)
    return render(request, "embed.html", embeds=[embed_of(portal, settings) for portal in portals])


def embed_of(portal: Portal, settings: Settings) -> Embed:
    """Some browsers do not count wss: as the https: of the same place, so both are spelled out."""
    place = urlsplit(settings.base_url).netloc
    return Embed(
        portal=portal,
        snippet=(
            f'<script async src="{settings.base_url}/widget.js"'
            f' data-key="{portal.public_key}" data-locale="{portal.locale}"></script>'
        ),
        script_src=settings.base_url,
        connect_src=f"{settings.base_url} {'wss' if settings.secure else 'ws'}://{place}",
    )
