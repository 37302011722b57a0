"""Readers that do not read, and writers who write a lot: each hurts only itself."""

import asyncio
import json
import socket

import pytest

from chatserver.errors import CloseCode
from chatserver.protocol.events import TypingChanged
from chatserver.types import ConversationId, conversation_topic
from chatserver.ws import connection as connections
from chatserver.ws import endpoint
from chatserver.ws.connection import MAX_BYTES, Connection
from chatserver.ws.quota import Quota
from tests.abuse.raw import PING, TEXT, Line, frame, handshake, line
from tests.awake import awake
from tests.wire import PATIENCE, Client, Live, live_server
from tests.world import TUESDAY, fresh

pytestmark = pytest.mark.asyncio

LONGEST = '"' * 4000
"""A text of the longest kind, each sign of which takes two on the wire."""


async def deaf(live: Live, token: str, conversation: int) -> Line:
    """A client's socket that has followed its conversation and then reads no more, with little room in between."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", live.port))
    reader, writer = await asyncio.open_connection(sock=sock, limit=2048)
    it = Line(reader, writer)
    await it.send(handshake(f"/ws/visitor/{live.portal.public_key}", live.portal.origins[0]))
    await it.until(b"\r\n\r\n")
    for command in (
        {"type": "hello", "token": token},
        {"type": "subscribe", "topic": f"conversation:{conversation}"},
    ):
        await it.send(frame(json.dumps(command | {"ref": fresh()}).encode()))
    await it.until(b'"type":"subscribed"')
    return it


async def talk(live: Live) -> tuple[Client, str, int]:
    vic, welcome = await live.visitor()
    return vic, welcome["token"], await live.start(vic, body="Hola")


def ours(live: Live, it: Line) -> Connection:
    port = it.writer.get_extra_info("sockname")[1]
    (found,) = (each for each in live.service.hub.connections if each.socket.client and each.socket.client.port == port)
    return found


async def test_ten_thousand_events_for_a_deaf_reader_stay_bounded_and_end_it(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SEND_TIMEOUT", 0.5)
    monkeypatch.setattr(connections, "CLOSE_TIMEOUT", 0.2)
    vic, token, conversation = await talk(live)
    await vic.leave()
    val, _ = await live.visitor()
    it = await deaf(live, token, conversation)
    kept = ours(live, it)
    topic = conversation_topic(ConversationId(conversation))
    largest, head = 0, live.service.hub._channels[topic].head or 0
    for number in range(10_000):
        live.service.hub.deliver(topic, _event(topic, head + number + 1).encode())
        largest = max(largest, kept._bytes)
        if number % 50 == 0:
            await asyncio.sleep(0)
    assert largest <= MAX_BYTES + 10_000
    async with asyncio.timeout(PATIENCE):
        while kept in live.service.hub.connections:
            await asyncio.sleep(0.02)
    assert kept.closing is CloseCode.TOO_SLOW
    with awake() as seconds:
        assert (await val.ask("subscribe", topic="agents"))["code"] == "not_found"
        assert seconds() < 1
    it.writer.close()


def _event(topic: str, seq: int) -> str:
    """Passed on by the channel as it is, as long as the numbers follow."""
    return json.dumps({"topic": topic, "seq": seq, "type": "x", "pad": "y" * 8000}, separators=(",", ":"))


async def test_ephemeral_frames_are_the_first_that_a_slow_reader_does_without(live: Live) -> None:
    _, token, conversation = await talk(live)
    it = await deaf(live, token, conversation)
    kept = ours(live, it)
    topic = conversation_topic(ConversationId(conversation))
    for _ in range(10_000):
        live.service.hub.whisper(topic, TypingChanged(conversation=conversation, by="agent", on=True))
    assert kept.closing is None
    assert len(kept._queue) <= connections.MAX_FRAMES
    it.writer.close()


@pytest.fixture
def unmetered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread of long texts, without the minutes that a client would need to write it."""
    monkeypatch.setattr(Quota, "take", lambda *_: None)


@pytest.mark.usefixtures("unmetered")
async def test_who_asks_without_reading_waits_for_itself(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are not made for who does not take them: the commands stay unread, and nothing is kept."""
    monkeypatch.setattr(connections, "SEND_TIMEOUT", 1.0)
    monkeypatch.setattr(connections, "CLOSE_TIMEOUT", 0.2)
    vic, token, conversation = await talk(live)
    for _ in range(30):
        await vic.ask("send_message", conversation=conversation, client_message_id=fresh(), body=LONGEST)
    it = await deaf(live, token, conversation)
    kept = ours(live, it)
    asking = json.dumps({"type": "get_earlier", "conversation": conversation, "before": 1000})
    largest = 0
    for _ in range(40):
        it.writer.write(frame(asking.replace("{", f'{{"ref":"{fresh()}",', 1).encode()))
        await asyncio.sleep(0.01)
        largest = max(largest, kept._bytes)
    assert largest <= MAX_BYTES
    async with asyncio.timeout(PATIENCE):
        while kept in live.service.hub.connections:
            await asyncio.sleep(0.02)
    assert kept.closing is CloseCode.TOO_SLOW
    it.writer.close()


async def test_pings_by_the_million_to_who_does_not_read_the_pongs(live: Live) -> None:
    _, token, conversation = await talk(live)
    it = await deaf(live, token, conversation)
    assert await it.pour(frame(b"x" * 125, PING) * 500, at_most=1000) < 1000


@pytest.mark.usefixtures("unmetered")
async def test_a_client_who_writes_much_does_not_cut_off_who_reads_it(live: Live) -> None:
    """Two hundred of the longest texts: the thread comes in pieces, and every reader stays."""
    vic, token, conversation = await talk(live)
    for _ in range(4):
        sender, _ = await live.visitor(token)
        for _ in range(50):
            await sender.ask("send_message", conversation=conversation, client_message_id=fresh(), body=LONGEST)
        await sender.leave()
    sue, welcome = await live.staff("sue")
    for _ in range(3):
        await sue.push("subscribe", topic=f"conversation:{conversation}")
    thread = await sue.follow(f"conversation:{conversation}")
    assert thread["snapshot"]["earlier"] is True
    assert len(json.dumps(thread)) < MAX_BYTES
    entries = thread["snapshot"]["entries"]
    assert [entry["seq"] for entry in entries] == list(range(entries[0]["seq"], thread["head"] + 1))
    seen = len(entries)
    while thread.get("earlier") or thread.get("snapshot", {}).get("earlier"):
        thread = await sue.ask("get_earlier", conversation=conversation, before=entries[0]["seq"])
        entries = thread["entries"]
        seen += len(entries)
    assert seen == 202
    tail = await sue.follow(f"conversation:{conversation}", since=1, epoch=welcome["epoch"])
    assert len(json.dumps(tail)) < MAX_BYTES
    assert sue.socket.close_code is None
    assert vic.socket.close_code is None


async def test_hundreds_of_topics_on_one_socket(live: Live) -> None:
    """Asking for what one may not have leaves nothing behind, neither here nor at the bus."""
    sue, _ = await live.staff("sue")
    topics = len(live.service.hub._channels)
    for number in range(250):
        assert (await sue.ask("subscribe", topic=f"conversation:{number + 4711}"))["code"] == "not_found"
    assert len(live.service.hub._channels) == topics


async def test_unsubscribing_from_what_was_never_followed_is_nothing(live: Live) -> None:
    vic, _ = await live.visitor()
    for topic in ("agents", "desk:1", "agent:1", "conversation:1:staff", "zzz", "conversation"):
        assert (await vic.ask("unsubscribe", topic=topic))["type"] == "done"


async def test_a_silent_line_is_let_go(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "HELLO_WITHIN", 0.3)
    async with line(live.port) as it:
        await it.send(handshake(f"/ws/visitor/{live.portal.public_key}", live.portal.origins[0]))
        await it.until(b"\r\n\r\n")
        await it.send(frame(b'{"type":', TEXT, final=False))
        assert await it.close_code() == CloseCode.HELLO_TIMEOUT


async def test_who_answers_no_ping_is_let_go_even_with_words_unread(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing would wait until those are read, which is never."""
    monkeypatch.setattr("chatserver.serve.PING", 0.3)
    async with live_server(sqlite_url, TUESDAY) as live:
        _, token, conversation = await talk(live)
        it = await deaf(live, token, conversation)
        kept = ours(live, it)
        kept.send("x" * 3_000_000)
        async with asyncio.timeout(PATIENCE):
            while kept in live.service.hub.connections:
                await asyncio.sleep(0.02)
        it.writer.close()
