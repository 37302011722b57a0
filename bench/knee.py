"""Finds the highest rate that a server holds: the knee, beyond which the 99th percentile passes 100 ms."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter, process_time

from bench.load import Load, Speaker, Step
from bench.machine import REST_CORE, core_busy, core_times
from bench.subjects import Up

COARSE, FINE = 1.25, 1.04
"""Rates are tried in steps of the one, then halved down to the other."""

SLOWEST, FASTEST = 50.0, 60_000.0


@dataclass(frozen=True, slots=True)
class Knee:
    """The highest step that held. What was used meanwhile: of its core by the server, of the other one by the load
    client and by all; and the microseconds of the server's core that a message took, which others who use the machine
    change least."""

    step: Step
    server: float
    client: float
    rest: float
    cost: float

    @property
    def rate(self) -> float:
        return self.step.rate


class Search:
    """Steps on one server. `_best` is the last step that held, which is the highest."""

    _best: Knee

    def __init__(self, up: Up, speakers: Sequence[Speaker], seconds: float) -> None:
        self._up = up
        self._speakers = speakers
        self._seconds = seconds

    async def find(self, start: float) -> Knee:
        """Climb from `start` (descend, should it not hold), then halve the gap."""
        low, high = start, 0.0
        while not await self._try(low):
            low, high = low / COARSE, low
            if low < SLOWEST:
                raise RuntimeError(f"nothing is held, not even {high:.0f} messages a second")
        while not high:
            if await self._try(low * COARSE) and low < FASTEST:
                low *= COARSE
            else:
                high = low * COARSE
        while high / low > FINE:
            middle = (low * high) ** 0.5
            low, high = (middle, high) if await self._try(middle) else (low, middle)
        return self._best

    async def _try(self, rate: float) -> bool:
        cpu, client, rest, begin = self._up.cpu(), process_time(), core_times(REST_CORE), perf_counter()
        step = await Load(self._speakers, self._up.wire).run(rate, self._seconds)
        if step.holds:
            took, server = perf_counter() - begin, self._up.cpu() - cpu
            client = (process_time() - client) / took
            self._best = Knee(step, server / took, client, core_busy(REST_CORE, rest), server / step.sent * 1e6)
        return step.holds
