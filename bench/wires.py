"""How the load client speaks to each server: where a side of a conversation knocks, how it greets, what a message is.

Every message carries `MARK` and its number in eight hex digits, wherever the vocabulary has a place for a client's id;
so one search tells which message a frame is about.
"""

import json
from typing import Literal, Protocol

from bench.desk import ORIGIN, PORTAL_KEY, agent_of, login_token, visitor_token
from bench.link import Door, Link
from chatserver.protocol import SUBPROTOCOL
from chatserver.queries.logins import COOKIE

Side = Literal["visitor", "agent"]
SIDES: tuple[Side, Side] = ("visitor", "agent")

MARK = b"bench-"
BODY = "x" * 120
"""The words of every message: 120 bytes."""


class Wire(Protocol):
    """One server's dialect."""

    ack: bytes
    """What a frame to the sender contains when it is the acknowledgement, and not the sender's own echo."""

    def door(self, port: int, conversation: int, side: Side) -> Door: ...

    async def greet(self, link: Link, conversation: int, side: Side) -> None: ...

    def message(self, conversation: int) -> tuple[bytes, ...]:
        """The text of a message, cut where its number belongs."""
        ...


class ChatserverWire:
    """`chatserver.v1`, as the widget and the console speak it: greet, then follow the conversation."""

    ack = b'"message_stored"'

    def door(self, port: int, conversation: int, side: Side) -> Door:
        return visitor_door(port) if side == "visitor" else staff_door(port, agent_of(conversation))

    async def greet(self, link: Link, conversation: int, side: Side) -> None:
        token = {"token": visitor_token(conversation)} if side == "visitor" else {}
        await link.ask(json.dumps({"type": "hello", "ref": "greeting", **token}), b'"greeting"')
        follow = {"type": "subscribe", "ref": "following", "topic": f"conversation:{conversation}"}
        answer = await link.ask(json.dumps(follow), b'"following"')
        assert b'"subscribed"' in answer, answer

    def message(self, conversation: int) -> tuple[bytes, ...]:
        hole = "\0"
        frame = {"type": "send_message", "ref": f"{MARK.decode()}{hole}", "conversation": conversation}
        frame |= {"client_message_id": f"{MARK.decode()}{hole}", "body": BODY}
        return _cut(json.dumps(frame, separators=(",", ":")))


class PlainWire:
    """The Python yardsticks: JSON with an id, a conversation and a side in the path."""

    ack = b'"ack"'

    def door(self, port: int, conversation: int, side: Side) -> Door:
        return Door(port, f"/ws/{conversation}/{side}")

    async def greet(self, link: Link, conversation: int, side: Side) -> None:
        await link.ask(json.dumps({"type": "hello"}), b'"welcome"')

    def message(self, conversation: int) -> tuple[bytes, ...]:
        return _cut(json.dumps({"type": "message", "id": f"{MARK.decode()}\0", "body": BODY}, separators=(",", ":")))


class SocketIoWire:
    """Socket.IO 4 over its WebSocket transport: an event whose acknowledgement is asked for by number."""

    ack = b"43"

    def door(self, port: int, conversation: int, side: Side) -> Door:
        path = f"/socket.io/?EIO=4&transport=websocket&conversation={conversation}&side={side}"
        return Door(port, path, asks=b"2", answers="3")

    async def greet(self, link: Link, conversation: int, side: Side) -> None:
        await link.answer(b"0{")
        await link.ask("40", b"40{")
        await link.ask('420["hello"]', b"430")

    def message(self, conversation: int) -> tuple[bytes, ...]:
        """The acknowledgement's number may be the same for all: the id in it tells them apart."""
        event = json.dumps(["message", {"id": f"{MARK.decode()}\0", "body": BODY}], separators=(",", ":"))
        return _cut(f"421{event}")


def visitor_door(port: int) -> Door:
    headers = {"Origin": ORIGIN, "Sec-WebSocket-Protocol": SUBPROTOCOL}
    return Door(port, f"/ws/visitor/{PORTAL_KEY}", headers)


def staff_door(port: int, login: int) -> Door:
    headers = {"Origin": f"http://127.0.0.1:{port}", "Sec-WebSocket-Protocol": SUBPROTOCOL}
    return Door(port, "/ws/staff", headers | {"Cookie": f"{COOKIE}={login_token(login)}"})


def _cut(text: str) -> tuple[bytes, ...]:
    """Cut at the holes: a NUL, which JSON writes as an escape."""
    return tuple(part.encode() for part in text.replace("\\u0000", "\0").split("\0"))
