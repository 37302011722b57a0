"""Who may open a socket, and what ends one."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import update
from websockets.exceptions import InvalidStatus

from chatserver.errors import CloseCode
from chatserver.models import Agent, LoginSession, Portal
from chatserver.types import AgentState
from tests.wire import PATIENCE, Live

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    "origin",
    [
        "https://elsewhere.example.com",
        "https://portal.example.com.evil.example",
        "https://evil.example/?https://portal.example.com",
        "http://portal.example.com",
        "https://portal.example.com:8443",
        "null",
    ],
)
async def test_a_foreign_page_opens_no_visitor_socket(live: Live, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await live.open(f"/ws/visitor/{live.portal.public_key}", origin=origin)
    assert refused.value.response.status_code == 403


async def test_an_unknown_portal_is_refused_in_the_same_way(live: Live) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await live.open("/ws/visitor/nothing", origin=live.portal.origins[0])
    assert refused.value.response.status_code == 403


async def test_a_portal_opens_no_staff_socket_even_with_the_cookie(live: Live) -> None:
    cookie = await live.login("ana")
    with pytest.raises(InvalidStatus) as refused:
        await live.open("/ws/staff", origin=live.portal.origins[0], cookie=cookie)
    assert refused.value.response.status_code == 403


async def test_without_a_login_the_console_is_told_to_log_in(live: Live) -> None:
    client = await live.open("/ws/staff", cookie="chatserver_session=nonsense")
    assert await client.closed() == CloseCode.LOGIN_AGAIN


async def test_a_revoked_login_ends_its_sockets(live: Live) -> None:
    ana, _ = await live.staff("ana")
    async with live.service.db.transaction() as transaction:
        await transaction.session.exec(update(LoginSession).values(revoked_at=transaction.now))
    await live.service.ticker.access()
    assert await ana.closed() == CloseCode.LOGIN_AGAIN


async def test_a_visitor_cannot_say_what_staff_say(live: Live) -> None:
    vic, _ = await live.visitor()
    answer = await vic.ask("set_state", state="online")
    assert (answer["type"], answer["code"]) == ("refused", "bad_frame")


async def test_hello_comes_first(live: Live) -> None:
    client = await live.open(f"/ws/visitor/{live.portal.public_key}", origin=live.portal.origins[0])
    await client.push("subscribe", topic="agents")
    assert await client.closed() == CloseCode.HELLO_FIRST


async def test_a_frame_that_is_too_big_ends_its_socket_and_no_other(live: Live) -> None:
    vic, _ = await live.visitor()
    val, _ = await live.visitor()
    await vic.socket.send("x" * (65536 + 1))
    assert await vic.closed() == CloseCode.TOO_BIG
    assert (await val.ask("subscribe", topic="agents"))["code"] == "not_found"


async def test_who_floods_is_sent_away(live: Live) -> None:
    vic, _ = await live.visitor()
    async with asyncio.timeout(PATIENCE):
        for _ in range(200):
            if vic.socket.close_code is not None:
                break
            await vic.push("mark_seen", conversation=1, seq=1)
    assert await vic.closed() == CloseCode.TOO_FAST


async def test_a_login_that_nobody_used_for_too_long_ends_its_sockets_and_commands(live: Live) -> None:
    ana, _ = await live.staff("ana")
    live.clock.advance(hours=12, seconds=1)
    await ana.push("set_state", state="online")
    assert await ana.closed() == CloseCode.LOGIN_AGAIN
    async with live.service.db.read() as session:
        assert (await session.get_one(Agent, live.agents["ana"].id)).state is AgentState.OFFLINE


@pytest.mark.parametrize("door", ["visitor", "staff"])
async def test_a_database_that_is_away_asks_to_come_again(
    live: Live, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    cookie = await live.login("ana")

    def away() -> None:
        raise PoolTimeout("nobody has a connection to spare")

    monkeypatch.setattr(live.service.db, "read", away)
    path = f"/ws/visitor/{live.portal.public_key}" if door == "visitor" else "/ws/staff"
    with pytest.raises(InvalidStatus) as refused:
        await live.open(path, origin=live.portal.origins[0] if door == "visitor" else None, cookie=cookie)
    monkeypatch.undo()
    assert refused.value.response.status_code == 503


async def test_a_portal_that_went_out_of_use_after_the_handshake_is_not_there(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same answer as for a portal that never was; nobody is noted as there, and the socket is of no more use."""
    vic, welcome = await live.visitor()
    await live.start(vic)
    again = await live.open(f"/ws/visitor/{live.portal.public_key}", origin=live.portal.origins[0])
    async with live.service.db.transaction() as transaction:
        await transaction.session.exec(update(Portal).values(disabled_at=transaction.now))
    monkeypatch.setattr("chatserver.ws.front.KEPT", timedelta())
    answer = await again.ask("hello", token=welcome["token"])
    assert (answer["type"], answer["code"], answer["retry_after"]) == ("refused", "not_found", None)
    assert list(live.service.hub.visitors.values()) == [1]
