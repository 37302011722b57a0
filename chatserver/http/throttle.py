"""How often somebody may try to log in. What is counted is the address, and the account at that address: who guesses
elsewhere never locks out its owner."""

from limits import RateLimitItemPerMinute
from starlette.requests import Request

from chatserver.rates import Rates

WINDOW = 5
"""Minutes."""

PER_ACCOUNT = RateLimitItemPerMinute(8, WINDOW, namespace="account")
PER_ADDRESS = RateLimitItemPerMinute(60, WINDOW, namespace="address")
"""A whole office may come from one address."""


class Throttle:
    def __init__(self, rates: Rates) -> None:
        self._rates = rates

    async def admits(self, address: str, login: str) -> bool:
        """Count an attempt, and say whether it may be looked at."""
        return await self._rates.admits(PER_ADDRESS, address) and await self._rates.admits(PER_ACCOUNT, address, login)

    async def forget(self, address: str, login: str) -> None:
        """A login that succeeded was its owner's."""
        await self._rates.forget(PER_ACCOUNT, address, login)


def throttle_of(request: Request) -> Throttle:
    return Throttle(request.app.state.service.rates)
