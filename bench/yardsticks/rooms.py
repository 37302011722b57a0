"""What the Starlette yardsticks share: a door a conversation and side, and who is in the room."""

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.websockets import WebSocket

Heard = Callable[[WebSocket, int, str, dict[str, Any]], Awaitable[None]]

rooms: defaultdict[int, set[WebSocket]] = defaultdict(set)


async def serve_room(socket: WebSocket, heard: Heard) -> None:
    """Greet, join the room, and hand over what is said until the socket ends."""
    conversation, side = int(socket.path_params["conversation"]), socket.path_params["side"]
    await socket.accept()
    await socket.receive_json()
    await socket.send_json({"type": "welcome"})
    rooms[conversation].add(socket)
    try:
        async for text in socket.iter_text():
            await heard(socket, conversation, side, _parse(text))
    finally:
        rooms[conversation].discard(socket)


def others(socket: WebSocket, conversation: int) -> list[WebSocket]:
    return [each for each in rooms[conversation] if each is not socket]


def _parse(text: str) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(text)
    return message
