"""How much one address may have of this process: open sockets, and forms that begin something. A token costs nothing,
so counting by token would count nobody. Each process counts for itself, so nothing that is away can stop anybody.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from chatserver.addresses import is_outside

WINDOW = 10
"""Minutes."""


class Crowd:
    def __init__(self, sockets: int, forms: int) -> None:
        self._most = sockets
        self._forms = RateLimitItemPerMinute(forms, WINDOW, namespace="forms")
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._open: Counter[str] = Counter()

    @contextmanager
    def enter(self, address: str) -> Iterator[bool]:
        """Count a socket while the block lasts, and say whether it may be opened."""
        if is_outside(address) and self._open[address] >= self._most:
            yield False
            return
        self._open[address] += 1
        try:
            yield True
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]

    async def may_begin(self, address: str) -> bool:
        """Count a form, and say whether it may be looked at."""
        return not is_outside(address) or await self._limiter.hit(self._forms, address)
