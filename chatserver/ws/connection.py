"""One socket's way out: at once while its other end reads, else a bounded queue and one writer. A reader that does not
read hurts only itself."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from chatserver.errors import CloseCode
from chatserver.types import AgentId, PortalId, Topic, VisitorId

log = structlog.get_logger()

MAX_FRAMES = 256
MAX_BYTES = 1 << 20
SEND_TIMEOUT = 10.0
CLOSE_TIMEOUT = 2.0

FEW_FRAMES, FEW_BYTES = MAX_FRAMES // 4, MAX_BYTES // 4
"""With so little waiting, the next command is read: whoever asks for much gets one answer after another."""

SLOW = "you read too slowly; reconnect and resume"

_ids = count(1)


@dataclass(eq=False, slots=True)
class Connection:
    """What the hub knows of a socket: who it is, and what waits to be written."""

    socket: WebSocket
    staff: bool
    portal_id: PortalId | None = None
    visitor_id: VisitorId | None = None
    agent_id: AgentId | None = None
    login_id: int | None = None
    id: int = field(default_factory=lambda: next(_ids))
    topics: set[Topic] = field(default_factory=set)
    closing: CloseCode | None = None
    _queue: list[tuple[str, bool]] = field(default_factory=list)
    _bytes: int = 0
    _writing: bool = False
    _at_once: Callable[[str], bool] | None = field(init=False)
    _wake: asyncio.Future[None] | None = None
    _room: asyncio.Future[None] | None = None
    _reason: str = ""

    def __post_init__(self) -> None:
        self._at_once = self._offered("chatserver.write")

    def send(self, text: str, *, ephemeral: bool = False) -> None:
        """Write a frame, or queue it while the socket takes none. When the queue is full, ephemeral frames go first;
        then the socket is too slow and ends."""
        if self.closing is not None:
            return
        if not self._queue and not self._writing and self._at_once is not None and self._at_once(text):
            return
        if self._full():
            self._drop_ephemeral()
            if ephemeral:
                return
            if self._full():
                self.close(CloseCode.TOO_SLOW, SLOW)
                return
        self._queue.append((text, ephemeral))
        self._bytes += _size(text)
        _end(self._wake)

    @property
    def crowded(self) -> bool:
        """Whether so much waits to be written that nothing more should be asked for."""
        return self.closing is None and (len(self._queue) > FEW_FRAMES or self._bytes > FEW_BYTES)

    async def room(self) -> None:
        """Return when little waits to be written, or nothing will be any more."""
        while self.crowded:
            self._room = asyncio.get_running_loop().create_future()
            await self._room

    def close(self, code: CloseCode, reason: str = "") -> None:
        """End the socket after what is queued; a slow one at once."""
        if self.closing is None:
            self.closing, self._reason = code, reason
            if code is CloseCode.TOO_SLOW:
                self._queue.clear()
            _end(self._wake)
            _end(self._room)

    async def write(self) -> None:
        """Write what is queued until the socket ends. Returns when nothing can be written any more."""
        try:
            while True:
                self._writing = True
                while self._queue:
                    text, _ = self._queue.pop(0)
                    self._bytes -= _size(text)
                    async with asyncio.timeout(SEND_TIMEOUT):
                        await self.socket.send_text(text)
                    _end(self._room)
                self._writing = False
                if self.closing is not None:
                    await self._finish(self.closing)
                    return
                self._wake = asyncio.get_running_loop().create_future()
                await self._wake
        except TimeoutError:
            log.info("socket.too_slow", connection=self.id)
            self.close(CloseCode.TOO_SLOW, SLOW)
            await self._finish(CloseCode.TOO_SLOW)
        except (WebSocketDisconnect, RuntimeError, OSError):
            self.close(CloseCode.GOING_AWAY)  # the other side is gone; the reader notices the same and cleans up

    async def _finish(self, code: CloseCode) -> None:
        """Say why, for as long as somebody may be listening; then cut: closing waits for a reader that may not read."""
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT):
                if self.socket.application_state is not WebSocketState.DISCONNECTED:
                    await self.socket.close(code, self._reason)
        except (TimeoutError, WebSocketDisconnect, RuntimeError, OSError):
            pass
        if code is CloseCode.TOO_SLOW:
            abort = self._offered("chatserver.abort")
            if abort is not None:
                abort()

    def _offered(self, name: str) -> Any:
        """What our own protocol class can do beyond ASGI, if it is what serves this socket."""
        return self.socket.scope.get("extensions", {}).get(name)

    def _full(self) -> bool:
        """What waits is bounded, and not a single frame: a long answer may go out, however long."""
        return len(self._queue) >= MAX_FRAMES or self._bytes >= MAX_BYTES

    def _drop_ephemeral(self) -> None:
        kept = [entry for entry in self._queue if not entry[1]]
        self._queue = kept
        self._bytes = sum(_size(text) for text, _ in kept)


def _size(text: str) -> int:
    """Bytes on the wire; plain ASCII, which most frames are, is not encoded to know it."""
    return len(text) if text.isascii() else len(text.encode())


def _end(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)
