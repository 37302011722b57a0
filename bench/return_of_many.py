"""Checks one point of the road to a million widgets by simulation: a process dies, and its clients come back.

Each waits as the widget does (`widget/src/core/socket.ts`: a random time from 0.5 s up to a bound that doubles from 1 s
to 15 s), gives up a handshake after `PATIENCE` and waits again. The processes that are left greet so many a second
between them, in order of arrival. Run it: `python -m bench.return_of_many`.
"""

import heapq
import random
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

FIRST, LONGEST, PATIENCE = 0.5, 15.0, 10.0
SEED = 20261124


@dataclass(frozen=True, slots=True)
class Outcome:
    """Seconds until half, 99 of 100 and all clients were back, and how many handshakes were given up."""

    half: float
    most: float
    all: float
    given_up: int


def simulate(clients: int, accepts: float) -> Outcome:
    """So many clients return to processes that greet `accepts` of them a second between them."""
    chance = random.Random(SEED)
    knocks = [(chance.uniform(FIRST, 2 * FIRST), 0, client) for client in range(clients)]
    heapq.heapify(knocks)
    free_at, given_up, back = 0.0, 0, []
    while knocks:
        at, tries, client = heapq.heappop(knocks)
        begin = max(at, free_at)
        if begin - at > PATIENCE:
            given_up += 1
            bound = min(LONGEST, 2 * FIRST * 2.0 ** (tries + 1))
            heapq.heappush(knocks, (at + PATIENCE + chance.uniform(FIRST, bound), tries + 1, client))
            continue
        free_at = begin + 1 / accepts
        back.append(free_at)
    back.sort()
    return Outcome(back[len(back) // 2], back[int(len(back) * 0.99)], back[-1], given_up)


def main() -> None:
    table = Table("clients of the dead process", "greeted a second by the rest", "half", "99 %", "all", "given up")
    for clients in (5_000, 20_000, 50_000):
        for accepts in (500, 2_000, 10_000):
            made = simulate(clients, accepts)
            times = [f"{seconds:.1f} s" for seconds in (made.half, made.most, made.all)]
            table.add_row(f"{clients:,}", f"{accepts:,}", *times, f"{made.given_up:,}")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
