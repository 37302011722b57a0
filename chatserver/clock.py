"""The one source of "now" for everything that means business; only a test puts another one in its place."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's time as it was at the beginning, and what has passed since by the clock that nobody sets. A wall
    clock that jumps by an hour would make every wait of the desk an hour longer; `follow` puts this one right."""

    def __init__(self) -> None:
        self._began = time.time() - time.monotonic()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._began + time.monotonic(), UTC)

    def follow(self, now: datetime) -> None:
        self._began = now.timestamp() - time.monotonic()
