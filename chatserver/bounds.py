"""What a connection may send before, and besides, what the application reads: uvicorn's parsers take whatever comes.

A first line and headers of any size, for as long as one likes; pings by the million to somebody who does not read the
pongs; messages in fragments that never end. Each would cost memory that nobody asked for.
"""

from asyncio import TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

MAX_LINE = 8_000
"""Bytes of the request line, and of one header: a little less than where the parser of sockets gives up, wordlessly."""

MAX_HEADERS = 100
MAX_HEAD = 32 * 1024

HEAD_WITHIN = 10.0
"""Seconds from the first byte, or from connecting, to the last header."""

MAX_FRAGMENTS = 256


class BoundedRequests(HttpToolsProtocol):
    """HTTP whose head is bounded in size and time. What is too much is answered with a 400, and that is the end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unread = 0
        self._taken = 0
        self._deadline: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # uvicorn says so, too
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._deadline is None:
            self._unread = 0
            return
        self._unread += len(data)
        if self._unread > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response("The request's headers are too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._taken = 0
        self._await_head()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._take(len(url), line=len(self.url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._take(len(name) + len(value), line=len(name) + len(value))

    def on_headers_complete(self) -> None:
        self._head_came()
        super().on_headers_complete()

    def _take(self, size: int, *, line: int) -> None:
        """The parser turns an exception into a 400."""
        self._taken += size
        if line > MAX_LINE or self._taken > MAX_HEAD or len(self.headers) > MAX_HEADERS:
            raise ValueError("the head of the request is too large")

    def _await_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_WITHIN, self.transport.abort)

    def _head_came(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class BoundedSockets(WebSocketsSansIOProtocol):
    """A WebSocket whose other end must read what it makes us write."""

    def handle_ping(self) -> None:
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.transport.abort()

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) < MAX_FRAGMENTS:
            super().handle_cont(event)
        else:
            self.transport.abort()

    def keepalive_timeout(self) -> None:
        """Who does not answer does not read either: closing would wait for what was written to be taken. But while what
        they sent waits for us (a database that is away, say), we do not read, and their answer may be there."""
        if self.read_paused and self.writable.is_set():
            self.pong_timer = None
            self.schedule_ping()
            return
        super().keepalive_timeout()
        self.transport.abort()
