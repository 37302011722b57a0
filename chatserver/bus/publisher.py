"""The way out to Redis: a bounded queue and one task that empties it, so that no action ever waits for the broker."""

import asyncio
from collections import deque
from collections.abc import Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from chatserver.bus.base import Counters

QUEUE_LIMIT = 4096
QUEUE_BYTES = 16 * 1024 * 1024
BATCH = 256
TIMEOUT = 0.5
PROBE_EVERY = 1.0

Hint = tuple[bytes, bytes]
"""A channel and a payload."""


class Publisher:
    """Hands hints over in the order they were put. A batch that fails is given up: a late hint helps nobody.

    `working` says how the last batch went; `changed` is called with a reason when that changes.
    """

    def __init__(self, client: Redis, counters: Counters, probe_channel: bytes, changed: Callable[[str], None]) -> None:
        self.working = True
        self._client = client
        self._counters = counters
        self._probe: Hint = (probe_channel, b"")
        self._changed = changed
        self._queue: deque[Hint] = deque()
        self._queued_bytes = 0
        self._wanted = asyncio.Event()
        self._closing = False

    def put(self, channel: bytes, payload: bytes) -> None:
        """Queue a hint; when the queue is full the oldest make room."""
        self._queue.append((channel, payload))
        self._queued_bytes += len(payload)
        self._wanted.set()
        while len(self._queue) > QUEUE_LIMIT or self._queued_bytes > QUEUE_BYTES:
            self._take()
            self._counters.dropped += 1

    async def run(self) -> None:
        """Empty the queue until `close`, and then what is left of it."""
        while not (self._closing and not self._queue):
            await self._wait_for_work()
            batch = [self._take() for _ in range(min(BATCH, len(self._queue)))]
            if await self._send(batch or [self._probe]):
                self._counters.published += len(batch)
            else:
                self._counters.dropped += len(batch)

    def close(self) -> None:
        self._closing = True
        self._wanted.set()

    async def _wait_for_work(self) -> None:
        """Wait for a hint; while publishing fails not for long, so that a probe finds out when it works again."""
        if self._queue or self._closing:
            return
        self._wanted.clear()
        try:
            async with asyncio.timeout(None if self.working else PROBE_EVERY):
                await self._wanted.wait()
        except TimeoutError:
            return

    async def _send(self, batch: list[Hint]) -> bool:
        """Publish a batch in one round trip. A lost connection is made anew by the next batch."""
        try:
            async with asyncio.timeout(TIMEOUT), self._client.pipeline(transaction=False) as pipeline:
                for channel, payload in batch:
                    _ = pipeline.publish(channel, payload)  # a pipeline only notes it: nothing to await
                await pipeline.execute()
        except (RedisError, OSError) as error:
            self._counters.errors += 1
            self._note(False, f"publishing fails: {error!r}")
        else:
            self._note(True, "publishing works")
        return self.working

    def _note(self, working: bool, reason: str) -> None:
        if working != self.working:
            self.working = working
            self._changed(reason)

    def _take(self) -> Hint:
        hint = self._queue.popleft()
        self._queued_bytes -= len(hint[1])
        return hint
