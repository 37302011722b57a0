"""How a client catches up: with the tail it misses, or with a snapshot. Pure."""

from dataclasses import dataclass

LONGEST_TAIL = 500
"""Beyond this many missed events a snapshot is the shorter answer."""

LARGEST_TAIL = 512 * 1024
"""And beyond so many characters of them."""


@dataclass(frozen=True, slots=True)
class Tail:
    """Send the events after `since`."""

    since: int


@dataclass(frozen=True, slots=True)
class Fresh:
    """Send a snapshot."""


def decide_resume(since: int | None, epoch: str | None, current_epoch: str, head: int) -> Tail | Fresh:
    """A client without a place, of another epoch, ahead of the database, or too far behind starts afresh."""
    if since is None or epoch != current_epoch or not 0 <= head - since <= LONGEST_TAIL:
        return Fresh()
    return Tail(since)
