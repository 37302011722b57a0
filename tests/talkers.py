"""Clients that behave like the faces when the line breaks: same refs, same ids, resume, never give up."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.typing import Origin, Subprotocol

from chatserver.protocol import SUBPROTOCOL
from tests.world import fresh

BACK_OFF = 0.2
PING = 2.0
"""Seconds between pings, and until one without an answer ends a line: the server may be frozen."""

UNKNOWN = {"type": "unknown"}
"""The answer to what was said once when the line broke before there was one: it may have been done, or not."""

LATER = ("unavailable", "busy")
"""Refusals after which the same command may be given again."""


@dataclass
class Talker:
    """A client that stays in touch with one server after the other. It records every event it applied."""

    urls: tuple[str, ...]
    origin: str
    cookie: str | None = None
    patience: float = PING
    hello: dict[str, Any] = field(default_factory=dict)
    pings: float | None = PING
    heads: dict[str, int] = field(default_factory=dict)
    epochs: dict[str, str] = field(default_factory=dict)
    applied: list[dict[str, Any]] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    close_codes: list[int | None] = field(default_factory=list)
    connected: int = 0
    _pending: dict[str, str] = field(default_factory=dict)
    _once: set[str] = field(default_factory=set)
    _resuming: dict[str, str] = field(default_factory=dict)
    _waiting: "dict[str, asyncio.Future[dict[str, Any]]]" = field(default_factory=dict)
    _begun_with: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _socket: ClientConnection | None = None
    _task: "asyncio.Task[None] | None" = None

    async def begin(self) -> None:
        self._task = asyncio.create_task(self._stay_connected())

    async def end(self) -> None:
        """Leave. Raises what went wrong on the way: a gap, above all."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            self.raise_what_went_wrong()

    def raise_what_went_wrong(self) -> None:
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.result()

    async def ask(self, kind: str, within: float = 60, **fields: Any) -> dict[str, Any]:
        """A command, sent again with the same ref over every new connection until it is carried out or refused."""
        async with asyncio.timeout(within):
            while (reply := await self._ask(kind, fields)).get("code") in LATER:
                await asyncio.sleep(min(reply["retry_after"], 0.5))
            return reply

    async def ask_once(self, kind: str, within: float = 60, **fields: Any) -> dict[str, Any]:
        """A command that is never repeated; `UNKNOWN` when the line broke before the answer."""
        async with asyncio.timeout(within):
            while self._socket is None:
                await asyncio.sleep(0.01)
            return await self._ask(kind, fields, once=True)

    async def whisper(self, kind: str, **fields: Any) -> None:
        """Something that nobody answers, and that is not said again."""
        await self._send(json.dumps({"type": kind} | fields))

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

    async def change(self, topic: str, name: str, within: float = 20) -> None:
        """Return when a line of this kind stands in a followed thread: told since, or in the snapshot already."""

        def stands() -> bool:
            told = [event.get("entry", {}) for event in self.applied if event["topic"] == topic]
            return any(entry.get("change") == name for entry in (*self._begun_with.get(topic, ()), *told))

        async with asyncio.timeout(within):
            while not stands():
                self._changed.clear()
                await self._changed.wait()

    async def reach(self, topic: str, seq: int, within: float = 20) -> None:
        """Return when everything up to there was applied."""
        async with asyncio.timeout(within):
            while self.heads[topic] < seq:
                self._changed.clear()
                await self._changed.wait()

    def seqs(self, topic: str) -> list[int]:
        return [event["seq"] for event in self.applied if event["topic"] == topic]

    async def _ask(self, kind: str, fields: dict[str, Any], *, once: bool = False) -> dict[str, Any]:
        ref = fresh()
        text = json.dumps({"type": kind, "ref": ref} | fields)
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[ref] = future
        if once:
            self._once.add(ref)
        else:
            self._pending[ref] = text
        await self._send(text)
        return await future

    async def _stay_connected(self) -> None:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        for url in cycle(self.urls):
            try:
                async with connect(
                    url,
                    origin=Origin(self.origin),
                    subprotocols=[Subprotocol(SUBPROTOCOL)],
                    additional_headers=headers,
                    compression=None,
                    open_timeout=self.patience,
                    ping_interval=self.pings,
                    ping_timeout=self.patience,
                    close_timeout=PING,
                ) as socket:
                    await self._talk(socket)
                    self.close_codes.append(socket.close_code)
            except ConnectionClosed as closed:
                self.close_codes.append(closed.rcvd.code if closed.rcvd else None)
            except (OSError, InvalidHandshake, InvalidMessage, TimeoutError):
                pass
            self._socket = None
            for ref in list(self._once):
                self._settle(ref, UNKNOWN)
            await asyncio.sleep(BACK_OFF)

    async def _talk(self, socket: ClientConnection) -> None:
        await socket.send(json.dumps({"type": "hello", "ref": fresh()} | self.hello))
        welcome = json.loads(await socket.recv())
        if welcome["type"] == "refused":
            return
        if "token" in welcome:
            self.hello["token"] = welcome["token"]
        self.connected += 1
        self._resuming.clear()
        for topic in self.heads:
            await self._resume(socket, topic)
        for text in list(self._pending.values()):
            await socket.send(text)
        self._socket = socket
        async for received in socket:
            await self._take(socket, json.loads(received))

    async def _resume(self, socket: ClientConnection, topic: str) -> None:
        head = self.heads[topic]
        since = {"since": head, "epoch": self.epochs[topic]} if head >= 0 else {}
        ref = fresh()
        self._resuming[ref] = topic
        await socket.send(json.dumps({"type": "subscribe", "ref": ref, "topic": topic} | since))

    async def _send(self, text: str) -> None:
        if self._socket is not None:
            try:
                await self._socket.send(text)
            except ConnectionClosed:
                self._socket = None

    async def _take(self, socket: ClientConnection, frame: dict[str, Any]) -> None:
        self.heard.append(frame)
        topic = self._resuming.pop(str(frame.get("ref")), None)
        if topic is not None and frame.get("code") in LATER:
            await asyncio.sleep(min(frame["retry_after"], 0.5))
            await self._resume(socket, topic)
        if frame["type"] == "subscribed":
            self._resumed(frame)
        elif frame["type"] == "heartbeat":
            for topic, head in frame["heads"].items():
                if head > self.heads.get(topic, head):
                    await self._resume(socket, topic)
        elif "seq" in frame and "topic" in frame:
            self._apply(frame)
        self._settle(frame.get("ref"), frame)

    def _settle(self, ref: str | None, frame: dict[str, Any]) -> None:
        if ref in self._waiting:
            self._pending.pop(ref, None)
            self._once.discard(ref)
            future = self._waiting.pop(ref)
            if not future.done():
                future.set_result(frame)

    def _resumed(self, frame: dict[str, Any]) -> None:
        topic = frame["topic"]
        self.epochs[topic] = frame["epoch"]
        if frame["snapshot"] is not None:
            self.heads[topic] = frame["head"]
            self._begun_with[topic] = frame["snapshot"].get("entries", [])
        for event in frame["events"]:
            self._apply(event)
        self._changed.set()

    def _apply(self, event: dict[str, Any]) -> None:
        """The cursor's rules: the next one is applied, an old one dropped, a gap must not be."""
        head = self.heads.get(event["topic"], -1)
        if head < 0 or event["seq"] <= head:
            return
        assert event["seq"] == head + 1, f"a gap in {event['topic']}: {head} then {event['seq']}"
        self.heads[event["topic"]] = event["seq"]
        self.applied.append(event)
        self._changed.set()
