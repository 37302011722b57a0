"""Work that comes again: every so often, or at once when woken. One failure is logged, the next round tries again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

log = structlog.get_logger()


class Loop:
    """A task that calls `work` until it is stopped."""

    def __init__(self, name: str, interval: timedelta, work: Callable[[], Awaitable[object]]) -> None:
        self.name = name
        self._interval = interval.total_seconds()
        self._work = work
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=f"loop:{self.name}")

    def wake(self) -> None:
        self._wake.set()

    async def stop(self) -> None:
        """End the task, in the middle of its work if need be: every piece of work is a transaction or nothing."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        while True:
            try:
                await self._work()
            except Exception:
                log.exception("loop.failed", loop=self.name)
            try:
                async with asyncio.timeout(self._interval):
                    await self._wake.wait()
            except TimeoutError:
                continue
            self._wake.clear()
