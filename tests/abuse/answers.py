"""What a socket made of the last thing it was sent: an answer, or its end."""

import asyncio
from dataclasses import dataclass
from typing import Any

from tests.wire import PATIENCE, Client


@dataclass(frozen=True)
class Outcome:
    """`code`: of the refusal, or None; `closed`: the close code, or None."""

    type: str | None
    code: str | None
    closed: int | None


async def outcome(client: Client, text: str) -> Outcome:
    """Send text and wait for the next frame, or for the end."""
    before = len(client.frames)
    await client.socket.send(text)
    async with asyncio.timeout(PATIENCE):
        while len(client.frames) == before and client.socket.close_code is None:
            await asyncio.sleep(0.002)
    frame: dict[str, Any] = client.frames[before] if len(client.frames) > before else {}
    return Outcome(frame.get("type"), frame.get("code"), client.socket.close_code)
