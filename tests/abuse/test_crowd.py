"""Many sockets, many tokens, many forms: one address has its share and no more, and cannot pretend to be another."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlmodel import col, func, select
from websockets.exceptions import InvalidStatus

from chatserver.actions import visitors
from chatserver.models import Conversation, Ticket, Visitor
from tests.wire import Client, Live, live_server
from tests.world import CONTACT, TUESDAY, fresh

pytestmark = pytest.mark.asyncio

HERE, THERE = "8.8.8.8", "2001:4860:4860::8888"


@pytest_asyncio.fixture
async def proxied(sqlite_url: str) -> AsyncIterator[Live]:
    """A server behind a proxy that it was told of."""
    limits: dict[str, Any] = {"sockets_per_address": 3, "forms_per_address": 2}
    async with live_server(sqlite_url, TUESDAY, trusted_proxies=("127.0.0.1",), **limits) as live:
        yield live


async def come(live: Live, forwarded: str) -> Client:
    """A client's socket, greeted, from where the proxy says."""
    path = f"/ws/visitor/{live.portal.public_key}"
    client = await live.open(path, origin=live.portal.origins[0], forwarded=forwarded)
    assert (await client.ask("hello"))["type"] == "welcome"
    return client


async def begin(client: Client, kind: str = "start_conversation", body: str = "Hola") -> str:
    """The type of the answer, or the code of the refusal."""
    answer = await client.ask(kind, contact=CONTACT, client_message_id=fresh(), body=body)
    return str(answer.get("code") or answer["type"])


async def count(live: Live, table: Any) -> int:
    async with live.service.db.read() as session:
        return int((await session.exec(select(func.count()).select_from(table))).one())


async def test_an_address_has_so_many_sockets_and_others_have_theirs(proxied: Live) -> None:
    clients = [await come(proxied, HERE) for _ in range(3)]
    with pytest.raises(InvalidStatus) as refused:
        await come(proxied, HERE)
    assert refused.value.response.status_code == 429
    await come(proxied, THERE)
    await clients[0].leave()
    await proxied.noticed(clients[0])
    await come(proxied, HERE)


async def test_another_address_of_the_same_network_is_the_same(proxied: Live) -> None:
    for number in range(3):
        await come(proxied, f"2001:4860:4860::{number}")
    with pytest.raises(InvalidStatus):
        await come(proxied, "2001:4860:4860::ffff")


async def test_what_a_client_says_of_itself_to_the_proxy_does_not_count(proxied: Live) -> None:
    """Only what the named proxy added is believed: the last entry."""
    for number in range(3):
        await come(proxied, f"9.9.9.{number}, {HERE}")
    with pytest.raises(InvalidStatus):
        await come(proxied, f"9.9.9.9, {HERE}")


async def test_without_a_named_proxy_nobody_forwards_anything(live: Live) -> None:
    await come(live, HERE)
    assert list(live.service.hub.crowd._open) == ["127.0.0.1"]


async def test_fresh_tokens_begin_no_more_than_one_address_may(proxied: Live) -> None:
    answers = [await begin(await come(proxied, HERE)) for _ in range(3)]
    assert answers == ["conversation_started", "conversation_started", "too_many"]
    assert await begin(await come(proxied, THERE), "leave_message") == "ticket_opened"
    assert (await count(proxied, Conversation), await count(proxied, Ticket)) == (3, 1)


async def test_tokens_that_are_never_used_leave_nothing(live: Live) -> None:
    for _ in range(30):
        client, _ = await live.visitor()
        await client.leave()
    assert await count(live, Visitor) == 0
    assert live.service.hub.connections == set()
    assert not live.service.hub.crowd._open


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many conversations a client may begin in an hour."""
    monkeypatch.setattr(visitors, "MOST", 4)
    return 4


async def test_a_client_begins_no_conversation_after_the_other_without_end(live: Live, few: int) -> None:
    vic, welcome = await live.visitor()
    for _ in range(few):
        conversation = await live.start(vic)
        assert (await vic.ask("end_conversation", conversation=conversation))["type"] == "done"
        live.clock.advance(seconds=10)
        await vic.leave()
        vic, _ = await live.visitor(welcome["token"])
    assert await begin(vic) == "too_many"
    assert await begin(vic, "leave_message") == "too_many"
    live.clock.advance(hours=1)
    assert await begin(vic) == "conversation_started"


async def test_words_into_an_ended_conversation_open_no_tickets_without_end(live: Live, few: int) -> None:
    """Out of hours each would be a ticket of its own."""
    vic, welcome = await live.visitor()
    conversation = await live.start(vic)
    await vic.ask("end_conversation", conversation=conversation)
    live.clock.advance(hours=11)
    codes = []
    for _ in range(few + 1):
        again, _ = await live.visitor(welcome["token"])
        said = await again.ask("send_message", conversation=conversation, client_message_id=fresh(), body="Hola")
        codes.append(said.get("code"))
        await again.leave()
    assert codes == [None] * few + ["too_many"]
    async with live.service.db.read() as session:
        assert (await session.exec(select(func.max(col(Ticket.id))))).one() == few
