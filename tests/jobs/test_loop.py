"""Work that comes again: at intervals, at once when woken, and after a failure as well."""

import asyncio
from datetime import timedelta

import pytest

from chatserver.jobs.loop import Loop

pytestmark = pytest.mark.asyncio

PATIENCE = 5.0


class Work:
    """Counts its rounds, and fails in the first so many."""

    def __init__(self, failures: int = 0) -> None:
        self.rounds = 0
        self.failures = failures
        self._done = asyncio.Condition()

    async def __call__(self) -> None:
        async with self._done:
            self.rounds += 1
            self._done.notify_all()
        if self.rounds <= self.failures:
            raise RuntimeError("broken on purpose")

    async def until(self, rounds: int) -> None:
        async with asyncio.timeout(PATIENCE), self._done:
            await self._done.wait_for(lambda: self.rounds >= rounds)


async def test_it_works_at_once_and_then_at_every_interval() -> None:
    work = Work()
    loop = Loop("test", timedelta(milliseconds=5), work)
    loop.start()
    await work.until(3)
    await loop.stop()
    rounds = work.rounds
    await asyncio.sleep(0.02)
    assert work.rounds == rounds


async def test_it_is_woken_before_its_interval_is_over() -> None:
    work = Work()
    loop = Loop("test", timedelta(hours=1), work)
    loop.start()
    await work.until(1)
    loop.wake()
    await work.until(2)
    await loop.stop()


async def test_a_call_that_comes_during_the_work_is_not_lost() -> None:
    started, go_on = asyncio.Event(), asyncio.Event()
    rounds = 0

    async def work() -> None:
        nonlocal rounds
        rounds += 1
        started.set()
        await go_on.wait()

    loop = Loop("test", timedelta(hours=1), work)
    loop.start()
    await started.wait()
    started.clear()
    loop.wake()
    go_on.set()
    async with asyncio.timeout(PATIENCE):
        await started.wait()
    await loop.stop()
    assert rounds == 2


async def test_a_failure_is_survived() -> None:
    work = Work(failures=2)
    loop = Loop("test", timedelta(milliseconds=1), work)
    loop.start()
    await work.until(4)
    await loop.stop()


async def test_a_loop_that_never_began_can_be_stopped() -> None:
    await Loop("test", timedelta(hours=1), Work()).stop()
