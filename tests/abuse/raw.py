"""Bytes on a line, with nobody in between to put them right."""

import asyncio
import base64
import os
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from chatserver.protocol import SUBPROTOCOL
from tests.wire import PATIENCE


@dataclass
class Line:
    """A connection. `heard` is all that came."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard: bytes = b""

    async def send(self, data: bytes) -> None:
        """Raises ConnectionError when the other side has hung up."""
        self.writer.write(data)
        await self.writer.drain()

    async def pour(self, data: bytes, at_most: int, pause: float = 0) -> int:
        """Send the same again and again until the other side hangs up. Returns how often that was possible."""
        for sent in range(at_most):
            try:
                await self.send(data)
            except ConnectionError:
                return sent
            await asyncio.sleep(pause)
        return at_most

    async def until(self, mark: bytes) -> bytes:
        async with asyncio.timeout(PATIENCE):
            while mark not in self.heard:
                data = await self.reader.read(65536)
                if not data:
                    raise ConnectionError("it ended before that was said")
                self.heard += data
        return self.heard

    async def ended(self, within: float = PATIENCE) -> bytes:
        """All that was said until the other side hung up. Raises TimeoutError when it does not."""
        try:
            async with asyncio.timeout(within):
                while data := await self.reader.read(65536):
                    self.heard += data
        except ConnectionError:
            pass  # cut, not closed: ended all the same
        return self.heard

    async def close_code(self) -> int | None:
        """The code of the close frame that came last, as soon as one came; None when it ended without."""
        async with asyncio.timeout(PATIENCE):
            while _close_code(self.heard) is None and (data := await self.reader.read(65536)):
                self.heard += data
        return _close_code(self.heard)

    @property
    def status(self) -> int:
        return int(self.heard.split(b" ", 2)[1])


@asynccontextmanager
async def line(port: int) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()


async def ask(port: int, head: str, body: bytes = b"", within: float = PATIENCE) -> Line:
    """One request (lines parted by \\n, without the last empty one), read to the end."""
    async with line(port) as it:
        text = head.strip().replace("\n", "\r\n") + "\r\nConnection: close\r\n\r\n"
        await it.send(text.encode("latin-1") + body)
        await it.ended(within)
        return it


def handshake(path: str, origin: str, *extra: str) -> bytes:
    """The request that opens a WebSocket."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: chat.example.com",
        f"Origin: {origin}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Protocol: {SUBPROTOCOL}",
        *extra,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


TEXT, CONTINUATION, BINARY, CLOSE, PING = 0x1, 0x0, 0x2, 0x8, 0x9


def frame(data: bytes, opcode: int = TEXT, *, final: bool = True, masked: bool = True, reserved: int = 0) -> bytes:
    """A WebSocket frame, well made or not."""
    head = bytes([(0x80 if final else 0) | reserved | opcode])
    mark = 0x80 if masked else 0
    if len(data) < 126:
        head += bytes([mark | len(data)])
    elif len(data) < 65536:
        head += bytes([mark | 126]) + struct.pack("!H", len(data))
    else:
        head += bytes([mark | 127]) + struct.pack("!Q", len(data))
    return head + (bytes(4) if masked else b"") + data


def _close_code(heard: bytes) -> int | None:
    """The code of the close frame that ends what was heard, short as the server's are."""
    for size in range(2, 126):
        tail = heard[-size - 2 :]
        if len(tail) == size + 2 and tail[0] == 0x88 and tail[1] == size:
            return int.from_bytes(tail[2:4], "big")
    return None
