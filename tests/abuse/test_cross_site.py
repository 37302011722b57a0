"""Other people's pages: every form of ours, with everything that a browser may say of where it comes from."""

import hashlib
from itertools import product
from typing import Any

import pytest
from sqlmodel import select

from chatserver.http.routes import DOORS
from chatserver.models import LoginSession
from chatserver.models.base import Table
from tests.abuse.raw import ask, handshake, line
from tests.wire import Live

pytestmark = pytest.mark.asyncio(loop_scope="module")

SITES = (None, "same-origin", "same-site", "cross-site", "none", "", "SAME-ORIGIN", "same-origin, cross-site")
KINDS = ("application/x-www-form-urlencoded", "text/plain", "application/json", "multipart/form-data; boundary=x")


def origins(own: str) -> tuple[str | None, ...]:
    return (
        None,
        own,
        "null",
        "",
        "https://evil.example",
        f"{own}.evil.example",
        own.replace("127.0.0.1", "localhost"),
        own.replace("http:", "https:"),
        f"{own}/",
        own.upper(),
        f"{own} https://evil.example",
    )


async def everything(live: Live) -> dict[str, str]:
    """What is stored, but for when a login was used last."""
    found: dict[str, str] = {}
    async with live.service.db.read() as session:
        for mapper in Table._sa_registry.mappers:
            rows = [_plain(row) for row in await session.exec(select(mapper.class_))]
            found[mapper.class_.__name__] = hashlib.sha256(repr(sorted(map(repr, rows))).encode()).hexdigest()
    return found


def _plain(row: Any) -> Any:
    hidden = {"used_at"} if isinstance(row, LoginSession) else set()
    return row.model_dump(exclude=hidden)


async def test_no_form_of_another_page_changes_anything(standing: Live) -> None:
    own, cookie = f"http://127.0.0.1:{standing.port}", await standing.login("sue")
    before = await everything(standing)
    tried = 0
    body = b"login=sue%40example.com&password=x&conversations=return&body=Hola&client_message_id=12345678"
    for door in (door for door in DOORS if door.method == "POST"):
        path = door.path.replace("{folio}", "PG-2026-000001")
        for number, (site, origin) in enumerate(product(SITES, origins(own))):
            if site in (None, "same-origin") and origin in (None, own) and (site or origin):
                continue
            head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {cookie}", f"Content-Length: {len(body)}"]
            head += [f"Content-Type: {KINDS[number % len(KINDS)]}"]
            head += [f"Sec-Fetch-Site: {site}"] if site is not None else []
            head += [f"Origin: {origin}"] if origin is not None else []
            answer = await ask(standing.port, "\n".join(head), body)
            assert answer.status == 403, (path, site, origin)
            assert b"access-control" not in answer.heard.lower()
            tried += 1
    assert tried > 300
    assert await everything(standing) == before


async def test_reading_changes_nothing(standing: Live) -> None:
    """For everybody, by every door, GET and HEAD; whatever the address is made to say."""
    cookies = [await standing.login(name) for name in ("ana", "sue")]
    before = await everything(standing)
    asked = "?conversations=return&body=x&client_message_id=12345678&_method=POST&action=logout&lang=en"
    for door in DOORS:
        for method, cookie in product(("GET", "HEAD"), cookies):
            path = door.path.replace("{folio}", "PG-2026-000001")
            head = f"{method} {path}{asked} HTTP/1.1\nHost: x\nCookie: {cookie}\nSec-Fetch-Site: cross-site"
            answer = await ask(standing.port, head)
            assert answer.status < 500, path
    assert await everything(standing) == before


async def test_no_private_page_may_be_kept_framed_or_read_by_others(standing: Live) -> None:
    cookie = await standing.login("sue")
    for door in (door for door in DOORS if door.role is not None and door.method == "GET"):
        path = door.path.replace("{folio}", "PG-2026-000001")
        for who in (f"\nCookie: {cookie}", ""):
            answer = await ask(standing.port, f"GET {path} HTTP/1.1\nHost: x\nOrigin: https://evil.example{who}")
            head = answer.heard.partition(b"\r\n\r\n")[0].lower()
            assert b"cache-control: no-store" in head, path
            assert b"frame-ancestors 'none'" in head, path
            assert b"cross-origin-resource-policy: same-origin" in head, path
            assert b"access-control" not in head, path


async def test_sockets_open_for_exactly_their_pages(standing: Live) -> None:
    """The staff's for our own origin, a portal's for the portal's; with the cookie, without, and for other paths."""
    own, portal = f"http://127.0.0.1:{standing.port}", standing.portal.origins[0]
    cookie = await standing.login("sue")
    foreign = (*origins(own), *origins(portal), "https://evilportal.example.com", "https://portal.example.com:444")
    doors = {"/ws/staff": own, f"/ws/visitor/{standing.portal.public_key}": portal, "/ws/nothing": None, "/": None}
    for path, right in doors.items():
        for origin in foreign:
            async with line(standing.port) as it:
                request = handshake(path, origin or "", f"Cookie: {cookie}")
                await it.send(request if origin is not None else request.replace(b"Origin: \r\n", b""))
                await it.until(b"\r\n\r\n")
                assert it.status == (101 if origin is not None and origin == right else 403), (path, origin)


async def test_a_visitors_door_knows_no_cookie(standing: Live) -> None:
    """Even from a portal's page, in a browser where somebody of staff is logged in."""
    client = await standing.open(
        f"/ws/visitor/{standing.portal.public_key}",
        origin=standing.portal.origins[0],
        cookie=await standing.login("sue"),
    )
    welcome = await client.ask("hello")
    assert (welcome["type"], welcome["visitor"]) == ("welcome", None)
    assert (await client.ask("subscribe", topic="agents"))["code"] == "not_found"
