"""Logins over the real door: guessing, timing, and what becomes of sockets when a login is over."""

import statistics
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from sqlmodel import col, update

from chatserver.errors import CloseCode
from chatserver.models import Agent
from chatserver.passwords import hash_password
from chatserver.queries.logins import COOKIE
from tests.wire import Client, Live
from tests.world import fresh

pytestmark = pytest.mark.asyncio

PASSWORD = "correct horse battery"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest_asyncio.fixture
async def open_live(live: Live) -> Live:
    """Everybody has the same password, quick to check."""
    await change(live, password_hash=HASH)
    return live


@pytest_asyncio.fixture
async def web(open_live: Live) -> AsyncIterator[httpx2.AsyncClient]:
    own = f"http://127.0.0.1:{open_live.port}"
    async with httpx2.AsyncClient(base_url=own, headers={"Origin": own}) as client:
        yield client


async def change(live: Live, name: str | None = None, **fields: object) -> None:
    async with live.service.db.transaction() as transaction:
        which = update(Agent).values(**fields)
        await transaction.session.exec(which.where(col(Agent.login) == f"{name}@example.com") if name else which)


async def log_in(web: httpx2.AsyncClient, login: str, password: str = PASSWORD, **headers: str) -> httpx2.Response:
    return await web.post("/login", data={"login": login, "password": password}, headers=headers)


async def console(live: Live, web: httpx2.AsyncClient) -> Client:
    """A socket by the browser's own cookie."""
    client = await live.open("/ws/staff", cookie=f"{COOKIE}={web.cookies[COOKIE]}")
    assert (await client.ask("hello"))["type"] == "staff_welcome"
    return client


async def test_nobody_can_pretend_to_guess_from_elsewhere(web: httpx2.AsyncClient) -> None:
    statuses = []
    for number in range(9):
        headers = {"X-Forwarded-For": f"8.8.8.{number}", "X-Real-IP": f"8.8.8.{number}", "Forwarded": "for=9.9.9.9"}
        statuses.append((await log_in(web, "ana@example.com", "wrong", **headers)).status_code)
    assert statuses == [401] * 8 + [429]


async def test_one_address_tries_only_so_many_accounts(
    web: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatserver.http.login.UNKNOWN", HASH)
    statuses = [(await log_in(web, f"nobody{number}@example.com", "")).status_code for number in range(61)]
    assert statuses == [401] * 60 + [429]


async def test_an_unknown_login_takes_as_long_as_a_known_one(web: httpx2.AsyncClient, open_live: Live) -> None:
    await change(open_live, password_hash=await hash_password(PASSWORD))

    async def took(login: str) -> float:
        began = time.perf_counter()
        assert (await log_in(web, login, "wrong")).status_code == 401
        return time.perf_counter() - began

    known, unknown = [], []
    for number in range(5):
        known.append(await took("ana@example.com"))
        unknown.append(await took(f"nobody{number}@example.com"))
    ratio = statistics.median(unknown) / statistics.median(known)
    assert 0.3 < ratio < 3


async def test_a_cookie_from_somebody_else_is_not_the_one_that_is_logged_in(web: httpx2.AsyncClient) -> None:
    chosen = "a" * 43
    web.cookies.set(COOKIE, chosen)
    answer = await log_in(web, "ana@example.com")
    assert answer.status_code == 303
    assert chosen not in answer.headers["set-cookie"]
    web.cookies.clear()
    web.cookies.set(COOKIE, chosen)
    assert (await web.get("/console")).headers["location"].startswith("/login")


async def test_a_logout_ends_the_cookie_and_its_sockets(open_live: Live, web: httpx2.AsyncClient) -> None:
    await log_in(web, "ana@example.com")
    token, socket = web.cookies[COOKIE], await console(open_live, web)
    assert (await web.post("/logout")).status_code == 303
    await socket.push("set_state", state="online")
    assert await socket.closed() == CloseCode.LOGIN_AGAIN
    web.cookies.set(COOKIE, token)
    assert (await web.get("/console")).status_code == 303
    again = await open_live.open("/ws/staff", cookie=f"{COOKIE}={token}")
    assert await again.closed() == CloseCode.LOGIN_AGAIN


async def test_a_new_password_ends_all_other_sockets(open_live: Live, web: httpx2.AsyncClient) -> None:
    other, _ = await open_live.staff("ana")
    await log_in(web, "ana@example.com")
    mine = await console(open_live, web)
    new = "a phrase nobody knows"
    changed = await web.post("/password", data={"current": PASSWORD, "new": new, "again": new})
    assert changed.status_code == 303
    await open_live.service.ticker.access()
    assert await other.closed() == CloseCode.LOGIN_AGAIN
    assert (await mine.ask("set_state", state="online"))["type"] == "done"


async def test_a_closed_account_is_out_with_its_sockets(open_live: Live) -> None:
    """Between two looks of the sweep, too: every command asks again, and says nothing more."""
    commands: dict[str, dict[str, Any]] = {
        "set_state": {"state": "online"},
        "subscribe": {"topic": "agents"},
        "get_earlier": {"conversation": 1, "before": 1},
    }
    sockets = {kind: (await open_live.staff("ana"))[0] for kind in commands}
    await change(open_live, "ana", disabled_at=open_live.clock.now())
    for kind, socket in sockets.items():
        await socket.push(kind, **commands[kind])
        assert await socket.closed() == CloseCode.LOGIN_AGAIN
        assert [frame["type"] for frame in socket.frames] == ["staff_welcome"]


async def test_a_demoted_supervisor_supervises_no_more(open_live: Live) -> None:
    """From the very next command; and what they followed ends with the next look."""
    live = open_live
    vic, _ = await live.visitor()
    conversation = await live.start(vic, body="Hola")
    sue, _ = await live.staff("sue")
    await sue.follow(f"conversation:{conversation}")
    await sue.follow(f"conversation:{conversation}:staff")
    await change(live, "sue", role="agent")
    ana = live.agents["ana"].id
    assert (await sue.ask("assign", conversation=conversation, agent=ana))["code"] == "not_allowed"
    assert (await sue.ask("set_capacity", agent=ana, capacity=9))["code"] == "not_allowed"
    assert (await sue.ask("get_earlier", conversation=conversation, before=9))["code"] == "not_found"
    for _ in range(10):
        await live.service.ticker.access()
    for topic in (f"conversation:{conversation}", f"conversation:{conversation}:staff"):
        await sue.event("unsubscribed", topic=topic)
    await vic.ask("send_message", conversation=conversation, client_message_id=fresh(), body="ya no la ve")
    await vic.event("message_sent", entry__body="ya no la ve")
    assert "ya no la ve" not in str(sue.frames)


async def test_a_demo_account_cannot_log_in_to_a_real_server(open_live: Live, web: httpx2.AsyncClient) -> None:
    await change(open_live, "ana", demo=True)
    assert (await log_in(web, "ana@example.com")).status_code == 401


async def test_the_login_leads_nowhere_else(web: httpx2.AsyncClient) -> None:
    away = ("https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "e")
    for wanted in away:
        form = {"login": "ana@example.com", "password": PASSWORD, "next": wanted}
        assert (await web.post("/login", data=form)).headers["location"] == "/console", wanted
