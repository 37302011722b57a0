"""Requests that no browser sends: forged names, odd methods, heads without end, bodies that trickle."""

import pytest

from chatserver import bounds
from chatserver.http import middleware
from chatserver.http.routes import DOORS
from tests.abuse.raw import ask, line
from tests.awake import awake
from tests.wire import Live

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORGED = """\
Host: evil.example
X-Forwarded-Host: evil.example
X-Forwarded-Proto: https
X-Forwarded-For: 198.51.100.9
Forwarded: host=evil.example;proto=https
X-Original-URL: /queue
X-Rewrite-URL: /queue
X-HTTP-Method-Override: DELETE
X-Remote-User: sue@example.com
Remote-User: sue@example.com
Authorization: Basic c3VlOnN1ZQ=="""


async def test_forged_names_and_users_change_no_answer(standing: Live) -> None:
    own = f"127.0.0.1:{standing.port}"
    for door in DOORS:
        if door.method == "GET":
            path = door.path.replace("{folio}", "PG-2026-000001")
            plain = await ask(standing.port, f"GET {path} HTTP/1.1\nHost: {own}")
            forged = await ask(standing.port, f"GET {path} HTTP/1.1\n{FORGED}")
            assert forged.status == plain.status, path
            assert b"evil.example" not in forged.heard, path


@pytest.mark.parametrize("host", ["", "a b", "[::1", "evil.example@x", "\\", "127.0.0.1:99999999", "x" * 5000])
@pytest.mark.parametrize("path", ["/", "/login", "/login/", "/static", "/tickets//", "//evil.example", "*"])
async def test_no_host_and_no_path_leads_elsewhere_or_fails(standing: Live, host: str, path: str) -> None:
    answer = await ask(standing.port, f"GET {path} HTTP/1.1\nHost: {host}")
    assert answer.status < 500
    head = answer.heard.partition(b"\r\n\r\n")[0].lower()
    for field in head.split(b"\r\n")[1:]:
        if field.startswith(b"location:"):
            assert field.removeprefix(b"location: ").startswith(b"/"), field
            assert not field.removeprefix(b"location: ").startswith((b"//", b"/\\")), field


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "FOO"])
async def test_odd_methods_are_refused_everywhere(standing: Live, method: str) -> None:
    cookie = await standing.login("sue")
    for path in ("/login", "/console", "/logout", "/tickets", "/widget.js", "/static/pages.css"):
        head = f"{method} {path} HTTP/1.1\nHost: x\nOrigin: http://127.0.0.1:{standing.port}\nCookie: {cookie}"
        answer = await ask(standing.port, head)
        assert 400 <= answer.status < 500, path
        assert b"access-control" not in answer.heard.lower()


PATHS = (
    "/static/../settings.py",
    "/static/..%2f..%2fsettings.py",
    "/static/%2e%2e/%2e%2e/etc/passwd",
    "/static//etc/passwd",
    "/static/..\\..\\settings.py",
    "/static/%c0%ae%c0%ae/settings.py",
    "/static/widget.js%00.css",
    "/static/./",
    "/%00",
    "/%ff%fe",
    "/tickets/%00",
    "/tickets/..%2f..%2fqueue",
    "/login?next=%ff%00&next[]=1",
    "/ws/visitor/%00",
    "/" + "a" * 7000,
)


@pytest.mark.parametrize("path", PATHS)
async def test_odd_paths_are_not_found_and_never_a_failure(standing: Live, path: str) -> None:
    answer = await ask(standing.port, f"GET {path} HTTP/1.1\nHost: x")
    assert answer.status < 500
    assert b"import" not in answer.heard
    assert b"root:" not in answer.heard


async def test_headers_without_end_are_cut_off(standing: Live) -> None:
    async with line(standing.port) as it:
        await it.send(b"GET /login HTTP/1.1\r\nHost: x\r\nA: ")
        sent = await it.pour(b"a" * 10_000, at_most=2000)
    assert sent < 1000


HEADS = (
    "A: " + "a" * 9000,
    "Cookie: " + "a=b; " * 3000,
    "\n".join(f"X-{number}: y" for number in range(150)),
    "\n".join(f"X-{number}: {'y' * 7000}" for number in range(6)),
)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("upgrade", ["", "\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13"])
async def test_a_head_that_is_too_large_is_answered_at_once(standing: Live, head: str, upgrade: str) -> None:
    answer = await ask(standing.port, f"GET /ws/staff HTTP/1.1\nHost: x\n{head}{upgrade}")
    assert answer.status == 400


async def test_an_ordinary_long_head_is_taken(standing: Live) -> None:
    answer = await ask(standing.port, f"GET /login?next=/{'a' * 6000} HTTP/1.1\nHost: x\nCookie: {'a' * 7000}")
    assert answer.status == 200


@pytest.mark.parametrize("said", [b"", b"GET /lo", b"GET /login HTTP/1.1\r\nHost: x\r\n", b"\r\n\r\n"])
async def test_who_never_finishes_a_head_is_cut_off(
    standing: Live, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(bounds, "HEAD_WITHIN", 0.3)
    async with line(standing.port) as it:
        await it.send(said)
        assert await it.ended() == b""


async def test_a_trickling_head_gets_no_more_time(standing: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "HEAD_WITHIN", 0.5)
    async with line(standing.port) as it:
        await it.send(b"GET /login HTTP/1.1\r\n")
        sent = await it.pour(b"C: d\r\n", at_most=80, pause=0.05)
    assert sent < 20


async def test_a_trickling_form_is_given_up(standing: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "BODY_WITHIN", 0.5)
    head = (
        f"POST /login HTTP/1.1\r\nHost: x\r\nOrigin: http://127.0.0.1:{standing.port}\r\nContent-Length: 60000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin="
    )
    async with line(standing.port) as it:
        await it.send(head.encode())
        await it.ended()
        assert it.status == 408


async def test_a_request_with_two_lengths_is_refused(standing: Live) -> None:
    for lengths in ("Transfer-Encoding: chunked\nContent-Length: 5", "Content-Length: 5\nContent-Length: 6"):
        answer = await ask(standing.port, f"POST /login HTTP/1.1\nHost: x\n{lengths}", b"0\r\n\r\n")
        assert answer.status == 400


async def test_thousands_of_ranges_are_answered_quickly(standing: Live) -> None:
    ranges = ",".join(f"{n}-{n}" for n in range(0, 3000, 2))
    with awake() as seconds:
        answer = await ask(standing.port, f"GET /widget.js HTTP/1.1\nHost: x\nRange: bytes={ranges}")
        assert seconds() < 1
    assert answer.status in (200, 206, 400, 416)
    assert len(answer.heard) < 1_000_000


async def test_thousands_of_parts_and_huge_part_heads_are_refused_quickly(standing: Live) -> None:
    part = "--x\r\nContent-Disposition: form-data; name={}\r\n\r\n\r\n"
    many = "".join(part.format(f'"f{n}"') for n in range(1100)).encode()
    huge = b'--x\r\nContent-Disposition: form-data; name="' + b"a" * 50_000 + b'"\r\n\r\n'
    for body in (many, huge):
        head = (
            f"POST /login HTTP/1.1\nHost: x\nOrigin: http://127.0.0.1:{standing.port}\n"
            f"Content-Type: multipart/form-data; boundary=x\nContent-Length: {len(body)}"
        )
        with awake() as seconds:
            answer = await ask(standing.port, head, body)
            assert seconds() < 2
        assert 400 <= answer.status < 500
