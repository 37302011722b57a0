"""One socket of the load client: shakes hands, greets, then hands every text to whoever listens."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from bench.frames import CLOSE, PING, PONG, TEXT, Frames, header

PATIENCE = 180.0
"""Seconds until something that should come counts as lost."""

_END_OF_HEADERS = b"\r\n\r\n"
_KEY = "YmVuY2gtYmVuY2gtYmVuYw=="


@dataclass(frozen=True, slots=True)
class Door:
    """Where a socket is opened, and with which headers; and the text that asks whether we are there, with its answer,
    where the dialect has one."""

    port: int
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    asks: bytes | None = None
    answers: str = ""

    def request(self) -> bytes:
        lines = {
            "Host": f"127.0.0.1:{self.port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": _KEY,
            **self.headers,
        }
        said = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"GET {self.path} HTTP/1.1\r\n{said}\r\n".encode()


class Link(asyncio.Protocol):
    """`listener` gets every text; without one, texts are kept for `answer`."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.listener: Callable[[bytes], None] | None = None
        self.received = 0
        self._ended = ""
        self._frames = Frames()
        self._head: bytes | None = b""
        self._kept: list[bytes] = []
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wanted: tuple[bytes, asyncio.Future[bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self.door.request())

    def connection_lost(self, error: Exception | None) -> None:
        self._ended = self._ended or f"the connection was lost {error or ''}"
        for waiting in (self._opened, self._wanted and self._wanted[1]):
            if waiting is not None and not waiting.done():
                waiting.set_exception(ConnectionError(f"{self.door.path}: {self._ended}"))

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            data = self._shake_hands(self._head, data)
        for opcode, payload in self._frames.feed(data):
            if opcode == TEXT and payload == self.door.asks:
                self.say(self.door.answers)
            elif opcode == TEXT:
                self._take(payload)
            elif opcode == PING:
                self.write(header(len(payload), PONG) + payload)
            elif opcode == CLOSE:
                self._ended = f"the server closed: {int.from_bytes(payload[:2])} {payload[2:].decode()}"
                self.close()

    async def opened(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._opened

    async def ask(self, text: str, wanted: bytes) -> bytes:
        """Say something and return the first text that contains `wanted`."""
        self.say(text)
        return await self.answer(wanted)

    async def answer(self, wanted: bytes) -> bytes:
        """The first text kept or coming that contains `wanted`; what came before it is forgotten."""
        for number, text in enumerate(self._kept):
            if wanted in text:
                del self._kept[: number + 1]
                return text
        self._kept.clear()
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._wanted = wanted, future
        async with asyncio.timeout(PATIENCE):
            return await future

    def say(self, text: str) -> None:
        payload = text.encode()
        self.write(header(len(payload)) + payload)

    def write(self, frames: bytes) -> None:
        if self._ended or self._transport is None:
            raise ConnectionError(f"{self.door.path}: {self._ended or 'not open yet'}")
        self._transport.write(frames)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _shake_hands(self, head: bytes, data: bytes) -> bytes:
        """The bytes after the server's answer to our request."""
        self._head = head + data
        before, found, after = self._head.partition(_END_OF_HEADERS)
        if not found:
            return b""
        self._head = None
        if not before.startswith(b"HTTP/1.1 101 "):
            raise ConnectionError(before.decode(errors="replace"))
        if not self._opened.done():
            self._opened.set_result(None)
        return after

    def _take(self, text: bytes) -> None:
        self.received += len(text)
        if self.listener is not None:
            self.listener(text)
        elif self._wanted is None:
            self._kept.append(text)
        elif self._wanted[0] in text:
            wanted, self._wanted = self._wanted[1], None
            if not wanted.done():
                wanted.set_result(text)


async def open_link(door: Door) -> Link:
    """A socket after its handshake."""
    _, link = await asyncio.get_running_loop().create_connection(lambda: Link(door), "127.0.0.1", door.port)
    await link.opened()
    return link
