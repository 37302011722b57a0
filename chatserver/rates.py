"""How often something may be done, counted over all processes while Redis answers.

Each process also counts for itself, and its own count always holds: a Redis that is away, silent or wrong lets nobody
do more than one process allows, and stops nobody either.
"""

import asyncio
from collections.abc import Coroutine
from hashlib import sha256
from typing import Any, TypeVar

import structlog
from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

DEADLINE = 0.3
"""Seconds that an answer is waited for."""

PAUSE = 5.0
"""Seconds without a question after one that was not answered: a login asks three, and waits for one."""

Answer = TypeVar("Answer")

log = structlog.get_logger(__name__)


class Rates:
    """`pool`: connections to the Redis that the processes share; without one, each process stands alone. The pool is
    the limiter's own, and ends with it."""

    def __init__(self, pool: ConnectionPool | None = None, prefix: str = "chatserver") -> None:
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._pool = pool
        self._shared = MovingWindowRateLimiter(_storage(pool, prefix)) if pool else None
        self._silent_until = 0.0
        self._alone = False

    async def admits(self, rate: RateLimitItem, *who: str) -> bool:
        """Count an attempt, and say whether it may be looked at. A refused one is not counted."""
        whose = digest(*who)
        if not await self._own.test(rate, whose):
            return False
        if self._shared and await self._ask(self._shared.hit(rate, whose)) is False:
            return False
        return await self._own.hit(rate, whose)

    async def forget(self, rate: RateLimitItem, *who: str) -> None:
        """Begin the count again. What other processes counted for themselves stays until it is old."""
        whose = digest(*who)
        await self._own.clear(rate, whose)
        if self._shared:
            await self._ask(self._shared.clear(rate, whose))

    async def stop(self) -> None:
        if self._pool:
            await self._pool.aclose()

    async def _ask(self, question: Coroutine[Any, Any, Answer]) -> Answer | None:
        """What Redis says, or None while it says nothing."""
        now = asyncio.get_running_loop().time
        if now() < self._silent_until:
            question.close()
            return None
        try:
            async with asyncio.timeout(DEADLINE):
                answer = await question
        except (RedisError, OSError) as error:
            self._silent_until = now() + PAUSE
            self._note(alone=True, reason=repr(error))
            return None
        self._note(alone=False, reason="Redis answers")
        return answer

    def _note(self, *, alone: bool, reason: str) -> None:
        """Log when an outage begins and ends, not what happens meanwhile."""
        if alone != self._alone:
            self._alone = alone
            log.warning("rates.alone" if alone else "rates.shared", reason=reason)


def digest(*who: str) -> str:
    """What stands in the key: no address or login lies in Redis, and whatever was typed makes a sound key."""
    return sha256("\0".join(who).encode("utf-8", "surrogatepass")).hexdigest()


def _storage(pool: ConnectionPool, prefix: str) -> RedisStorage:
    """The library would read a URL in its own way, and makes no use of it where it gets connections."""
    connections: dict[str, Any] = {"connection_pool": pool}
    return RedisStorage("redis://", implementation="redispy", key_prefix=f"{prefix}:rates", **connections)
