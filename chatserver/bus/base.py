"""What every bus promises, and what it does not.

The table is the truth; the bus is a hint that may be lost, doubled or late. So nothing here waits for a broker that
is away, and whoever listens can catch up without it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from chatserver.types import Topic

Deliver = Callable[[Topic, bytes], None]
"""Called from the event loop, never from inside `publish`; it must not block."""

Recovered = Callable[[], None]
"""Called each time the bus is healthy again: hints were lost meanwhile, so whoever listens should catch up."""


class BusUnavailable(Exception):
    """The broker did not confirm a subscription. It is remembered all the same, and made when the broker is back."""


@dataclass(slots=True)
class Counters:
    """Hints since the start: handed to the broker, given up, and how often handing over failed."""

    published: int = 0
    dropped: int = 0
    errors: int = 0


class Bus(Protocol):
    """One process's end of the bus. Subscriptions are a set: asking twice is once, one `unsubscribe` ends it."""

    counters: Counters

    @property
    def healthy(self) -> bool:
        """Whether hints go out and come in now."""
        ...

    async def start(self, deliver: Deliver, recovered: Recovered) -> None:
        """Return after the first attempt to reach the broker, also when it failed: the bus goes on trying."""
        ...

    async def stop(self) -> None:
        """Hand over what is queued if that is quick, then forget every subscription; nothing is delivered any more."""
        ...

    def publish(self, topic: Topic, payload: bytes) -> None:
        """Queue a hint for every subscriber, this process included. Never waits, never raises for a broker's sake."""
        ...

    async def subscribe(self, topic: Topic) -> None:
        """Return once the broker confirmed: what is published from now on arrives. Raises BusUnavailable within 1 s."""
        ...

    async def unsubscribe(self, topic: Topic) -> None:
        """From this call on nothing of the topic is delivered, whatever the broker still sends."""
        ...
