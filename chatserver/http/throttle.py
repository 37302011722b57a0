"""How often somebody may try to log in. What is counted is the address, and the account at that address: who guesses
elsewhere never locks out its owner. Each process counts for itself, so nothing that is away can stop a login."""

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.requests import Request

WINDOW = 5
"""Minutes."""

PER_ACCOUNT = RateLimitItemPerMinute(8, WINDOW, namespace="account")
PER_ADDRESS = RateLimitItemPerMinute(60, WINDOW, namespace="address")
"""A whole office may come from one address."""


class Throttle:
    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def admits(self, address: str, login: str) -> bool:
        """Count an attempt, and say whether it may be looked at."""
        return await self._limiter.hit(PER_ADDRESS, address) and await self._limiter.hit(PER_ACCOUNT, address, login)

    async def forget(self, address: str, login: str) -> None:
        """A login that succeeded was its owner's."""
        await self._limiter.clear(PER_ACCOUNT, address, login)


def throttle_of(request: Request) -> Throttle:
    """The one of this process, made at the first login."""
    state = request.app.state
    if not hasattr(state, "throttle"):
        state.throttle = Throttle()
    throttle: Throttle = state.throttle
    return throttle
