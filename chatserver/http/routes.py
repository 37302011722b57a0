"""Every door there is over plain HTTP, and the least role that may pass; a door without a rule cannot be written."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Host, Route, Router

from chatserver.errors import not_found
from chatserver.http import (
    admin,
    calls,
    client_page,
    files,
    health,
    login,
    metrics,
    staff,
    ticket_moves,
    tickets,
    uploads,
    visitor_files,
)
from chatserver.http import demo as pretend
from chatserver.http.doors import private, public
from chatserver.types import Role

DOORS = (
    public("GET", "/", staff.home),
    public("GET", "/login", login.show_login),
    public("POST", "/login", login.do_login),
    private("POST", "/logout", login.do_logout),
    private("GET", "/password", login.show_password),
    private("POST", "/password", login.do_password),
    private("GET", "/console", staff.console),
    private("GET", "/board", staff.board),
    private("GET", "/queue", staff.queue, Role.SUPERVISOR),
    private("GET", "/tickets", tickets.show_tickets),
    private("GET", "/tickets/{folio}", tickets.show_ticket),
    private("POST", "/tickets/{folio}/answer", tickets.do_answer),
    private("POST", "/tickets/{folio}/note", tickets.do_note),
    private("GET", "/tickets/{folio}/moves", ticket_moves.show_moves),
    private("POST", "/tickets/{folio}/move", ticket_moves.do_move),
    private("POST", "/tickets/{folio}/file", uploads.do_send),
    private("GET", "/files/{key}", uploads.open_file),
    private("POST", "/tickets/{folio}/links", client_page.do_revoke),
    private("GET", "/calls", calls.show_calls),
    private("POST", "/calls", calls.do_log),
    public("GET", "/t/{link}", client_page.show),
    public("GET", "/t/{link}/files/{key}", client_page.open_file),
    public("POST", "/t/{link}/message", client_page.do_message),
    public("POST", "/t/{link}/confirm", client_page.do_confirm),
    public("POST", "/t/{link}/reopen", client_page.do_reopen),
    public("POST", "/t/{link}/rating", client_page.do_rate),
    private("GET", "/embed", staff.embed),
    *admin.DOORS,
    public("OPTIONS", "/w/{public_key}/file", visitor_files.preflight),
    public("POST", "/w/{public_key}/file", visitor_files.do_send),
    public("OPTIONS", "/w/{public_key}/files/{key}", visitor_files.preflight),
    public("GET", "/w/{public_key}/files/{key}", visitor_files.open_file),
    public("GET", "/widget.js", files.widget),
    public("GET", "/widget-panel.{locale}.js", files.widget),
    public("GET", "/icon.svg", files.icon),
    public("GET", "/healthz", health.healthz),
    public("GET", "/readyz", health.readyz),
    public("GET", "/metrics", metrics.show_metrics),
)

GUIDE_DOORS = (
    public("GET", "/demo", pretend.guide),
    public("GET", "/demo/{page:path}", pretend.to_portal),
)

PORTAL_DOORS = (
    public("GET", "/icon.svg", files.icon),
    public("GET", "/demo/portal.css", pretend.style),
    public("GET", "/demo/{page:path}", pretend.portal),
    public("GET", "/{path:path}", pretend.to_server),
)


def routes(demo: bool) -> list[BaseRoute]:
    """In the demo, and only there, `localhost` is another site: the portal."""
    doors = [door.route() for door in (*DOORS, *(GUIDE_DOORS if demo else ()))]
    portal = [Host("localhost", Router([door.route() for door in PORTAL_DOORS]))] if demo else []
    return [*portal, files.static, *doors, Route("/{path:path}", missing)]


async def missing(_request: Request) -> Response:
    raise not_found("page")
