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
        self._failing = False
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
            await self._round()
            if not self._stopping:
                await self._rest()

    async def _round(self) -> None:
        """Failing is told when it begins, recovering when it ends; a database that is away does not fill the log."""
        try:
            await self._work()
        except Exception as error:
            LOOP_FAILURES.labels(self.name).inc()
            if not self._failing:
                log.exception("loop.failed", loop=self.name)
            else:
                log.debug("loop.fails_still", loop=self.name, error=type(error).__name__)
            self._failing = True
        else:
            if self._failing:
                log.info("loop.recovered", loop=self.name)
            self._failing = False

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._interval):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()
