"""Work that comes again: every so often, or at once when woken. One failure is logged, the next round tries again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from chatserver.metrics import LOOP_FAILURES

log = structlog.get_logger()


FINISH_WITHIN = 5.0
"""Seconds that work under way gets when the loop is stopped, before it is cut off."""


class Loop:
    """A task that calls `work` until it is stopped."""

    def __init__(self, name: str, interval: timedelta, work: Callable[[], Awaitable[object]]) -> None:
        self.name = name
        self._interval = interval.total_seconds()
        self._work = work
        self._wake = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=f"loop:{self.name}")

    def wake(self) -> None:
        self._wake.set()

    async def stop(self) -> None:
        """End between two rounds: a transaction cut off in the middle would leave its connection to be cleaned up."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=FINISH_WITHIN)
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        while not self._stopping:
            try:
                await self._work()
            except Exception:
                LOOP_FAILURES.labels(self.name).inc()
                log.exception("loop.failed", loop=self.name)
            if not self._stopping:
                await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._interval):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()
