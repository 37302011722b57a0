"""How much one address may have: open sockets of this process, and forms that begin something, of all of them. A token
costs nothing, so counting by token would count nobody.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItemPerMinute

from chatserver.addresses import is_outside
from chatserver.rates import Rates

WINDOW = 10
"""Minutes."""


class Crowd:
    def __init__(self, sockets: int, forms: int, rates: Rates) -> None:
        self._most = sockets
        self._forms = RateLimitItemPerMinute(forms, WINDOW, namespace="forms")
        self._rates = rates
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
        return not is_outside(address) or await self._rates.admits(self._forms, address)
