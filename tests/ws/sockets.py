"""A socket that writes down what it is sent, or does not read at all."""

import asyncio
import json
from typing import Any, cast

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from chatserver.ws.connection import Connection


class FakeSocket:
    """What a `Connection` needs of a WebSocket."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.closed: tuple[int, str] | None = None
        self.aborted = False
        self.reads = asyncio.Event()
        self.reads.set()
        self.gone = False
        self.application_state = WebSocketState.CONNECTED
        self.scope: dict[str, Any] = {"extensions": {"chatserver.abort": self._abort}}

    async def send_text(self, text: str) -> None:
        if self.gone:
            raise WebSocketDisconnect(1006)
        await self.reads.wait()
        self.sent.append(text)

    async def close(self, code: int, reason: str) -> None:
        if self.gone:
            raise RuntimeError("closed already")
        await self.reads.wait()
        self.closed = code, reason

    def _abort(self) -> None:
        self.aborted = True


def connect(*, staff: bool = False) -> tuple[FakeSocket, Connection]:
    socket = FakeSocket()
    return socket, Connection(cast("WebSocket", socket), staff=staff)


def waiting(connection: Connection) -> list[Any]:
    """The frames that wait to be written."""
    return [json.loads(text) for text, _ in connection._queue]


def take(connection: Connection) -> list[Any]:
    """The same, and they wait no more."""
    frames = waiting(connection)
    connection._queue.clear()
    connection._bytes = 0
    return frames
