"""The bus of a server that is one process, and the broker that tests can cut and mend."""

import asyncio

from chatserver.bus.base import BusUnavailable, Counters, Deliver, Recovered
from chatserver.types import Topic


class MemoryExchange:
    """What a broker is to several buses in one event loop."""

    def __init__(self) -> None:
        self.working = True
        self._buses: list[MemoryBus] = []

    def cut(self) -> None:
        """Begin an outage: what is published until `mend` is lost."""
        self.working = False

    def mend(self) -> None:
        self.working = True
        for bus in self._buses:
            bus.notice_recovery()

    def attach(self, bus: "MemoryBus") -> None:
        self._buses.append(bus)

    def detach(self, bus: "MemoryBus") -> None:
        self._buses.remove(bus)

    def hand_out(self, topic: Topic, payload: bytes) -> None:
        for bus in self._buses:
            bus.take(topic, payload)


class MemoryBus:
    """A bus without a broker process; buses given the same exchange hear each other."""

    def __init__(self, exchange: MemoryExchange | None = None) -> None:
        self.counters = Counters()
        self._exchange = exchange or MemoryExchange()
        self._topics: set[Topic] = set()
        self._listener: tuple[Deliver, Recovered] | None = None

    @property
    def healthy(self) -> bool:
        return self._listener is not None and self._exchange.working

    async def start(self, deliver: Deliver, recovered: Recovered) -> None:
        self._listener = deliver, recovered
        self._exchange.attach(self)

    async def stop(self) -> None:
        if self._listener is not None:
            self._listener = None
            self._topics.clear()
            self._exchange.detach(self)

    def publish(self, topic: Topic, payload: bytes) -> None:
        if self.healthy:
            self.counters.published += 1
            self._exchange.hand_out(topic, payload)
        else:
            self.counters.dropped += 1

    async def subscribe(self, topic: Topic) -> None:
        self._topics.add(topic)
        if not self.healthy:
            raise BusUnavailable(topic)

    async def unsubscribe(self, topic: Topic) -> None:
        self._topics.discard(topic)

    def take(self, topic: Topic, payload: bytes) -> None:
        """Accept a hint from the exchange, and deliver it once the publisher has gone on with its own work."""
        if topic in self._topics:
            asyncio.get_running_loop().call_soon(self._hand_over, topic, payload)

    def notice_recovery(self) -> None:
        if self._listener is not None:
            asyncio.get_running_loop().call_soon(self._listener[1])

    def _hand_over(self, topic: Topic, payload: bytes) -> None:
        if self._listener is not None and topic in self._topics:
            self._listener[0](topic, payload)
