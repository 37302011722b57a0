"""Who was passed over, summed up: a desk of hundreds of agents keeps a decision that a person can read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chatserver.routing.policy import Passed
from chatserver.routing.reasons import REASONS

NEAREST = 5
"""So many are named, those first who came nearest to getting it."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """How many were passed over for which code, and the few who came nearest."""

    counts: Mapping[str, int]
    nearest: tuple[Passed, ...]


def sum_up(passed: Iterable[Passed], limit: int = NEAREST) -> PassedOver:
    """The codes stand in `REASONS` as they are asked in: whoever dropped out at a later one came nearer."""
    everybody = sorted(passed, key=lambda each: (-REASONS.index(each.code), each.agent_id))
    return PassedOver(Counter(each.code for each in everybody), tuple(everybody[:limit]))
