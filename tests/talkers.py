"""Clients that behave like the faces when the line breaks: same refs, same ids, resume, never give up."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin, Subprotocol

from chatserver.protocol import SUBPROTOCOL
from tests.world import fresh

BACK_OFF = 0.3


@dataclass
class Talker:
    """A client that stays in touch with one server. It records what was acknowledged and every event it applied."""

    url: str
    origin: str
    cookie: str | None = None
    hello: dict[str, Any] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    epochs: dict[str, str] = field(default_factory=dict)
    applied: list[dict[str, Any]] = field(default_factory=list)
    replies: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    close_codes: list[int | None] = field(default_factory=list)
    connected: int = 0
    _pending: dict[str, str] = field(default_factory=dict)
    _waiting: "dict[str, asyncio.Future[dict[str, Any]]]" = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _socket: ClientConnection | None = None
    _task: "asyncio.Task[None] | None" = None

    async def begin(self) -> None:
        self._task = asyncio.create_task(self._stay_connected())

    async def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def ask(self, kind: str, within: float = 60, **fields: Any) -> dict[str, Any]:
        """A command, sent again with the same ref over every new connection until it is answered."""
        ref = fresh()
        text = json.dumps({"type": kind, "ref": ref} | fields)
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._pending[ref], self._waiting[ref] = text, future
        await self._send(text)
        async with asyncio.timeout(within):
            return await future

    async def follow(self, topic: str) -> dict[str, Any]:
        self.heads.setdefault(topic, -1)
        return await self.ask("subscribe", topic=topic)

    async def event(self, fits: Callable[[dict[str, Any]], bool], within: float = 20) -> dict[str, Any]:
        """The first applied event that fits."""
        async with asyncio.timeout(within):
            while True:
                self._changed.clear()
                for event in self.applied:
                    if fits(event):
                        return event
                await self._changed.wait()

    def seqs(self, topic: str) -> list[int]:
        return [event["seq"] for event in self.applied if event["topic"] == topic]

    async def _stay_connected(self) -> None:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        while True:
            try:
                async with connect(
                    self.url,
                    origin=Origin(self.origin),
                    subprotocols=[Subprotocol(SUBPROTOCOL)],
                    additional_headers=headers,
                    compression=None,
                ) as socket:
                    await self._talk(socket)
                    self.close_codes.append(socket.close_code)
            except ConnectionClosed as closed:
                self.close_codes.append(closed.rcvd.code if closed.rcvd else None)
            except (OSError, InvalidHandshake, TimeoutError):
                pass
            self._socket = None
            await asyncio.sleep(BACK_OFF)

    async def _talk(self, socket: ClientConnection) -> None:
        await socket.send(json.dumps({"type": "hello", "ref": fresh()} | self.hello))
        welcome = json.loads(await socket.recv())
        if "token" in welcome:
            self.hello["token"] = welcome["token"]
        self.connected += 1
        for topic, head in self.heads.items():
            since = {"since": head, "epoch": self.epochs[topic]} if head >= 0 else {}
            await socket.send(json.dumps({"type": "subscribe", "ref": fresh(), "topic": topic} | since))
        for text in list(self._pending.values()):
            await socket.send(text)
        self._socket = socket
        async for received in socket:
            self._take(json.loads(received))

    async def _send(self, text: str) -> None:
        if self._socket is not None:
            try:
                await self._socket.send(text)
            except ConnectionClosed:
                self._socket = None

    def _take(self, frame: dict[str, Any]) -> None:
        self.heard.append(frame)
        if frame["type"] == "subscribed":
            self._resume(frame)
        elif "seq" in frame and "topic" in frame:
            self._apply(frame)
        ref = frame.get("ref")
        if ref in self._waiting:
            del self._pending[ref]
            self.replies[ref] = frame
            self._waiting.pop(ref).set_result(frame)

    def _resume(self, frame: dict[str, Any]) -> None:
        topic = frame["topic"]
        self.epochs[topic] = frame["epoch"]
        if frame["snapshot"] is not None:
            self.heads[topic] = frame["head"]
        for event in frame["events"]:
            self._apply(event)

    def _apply(self, event: dict[str, Any]) -> None:
        """The cursor's rules: the next one is applied, an old one dropped, a gap must not be."""
        head = self.heads.get(event["topic"], -1)
        if head < 0 or event["seq"] <= head:
            return
        assert event["seq"] == head + 1, f"a gap in {event['topic']}: {head} then {event['seq']}"
        self.heads[event["topic"]] = event["seq"]
        self.applied.append(event)
        self._changed.set()
