"""Who listens to a bus in the tests, and the brokers that can be cut and mended under it."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from chatserver.bus import Bus, MemoryBus, MemoryExchange, RedisBus
from chatserver.types import Topic
from tests.awake import awake
from tests.servers import RedisServer

FENCE = Topic("fence")


class Broker(Protocol):
    """Makes buses that hear each other, and outages."""

    def bus(self, installation: str = "a") -> Bus: ...
    def cut(self) -> None: ...
    def mend(self) -> None: ...


class MemoryBroker:
    def __init__(self) -> None:
        self._exchanges: dict[str, MemoryExchange] = {}

    def bus(self, installation: str = "a") -> Bus:
        return MemoryBus(self._exchanges.setdefault(installation, MemoryExchange()))

    def cut(self) -> None:
        for exchange in self._exchanges.values():
            exchange.cut()

    def mend(self) -> None:
        for exchange in self._exchanges.values():
            exchange.mend()


class RedisBroker:
    def __init__(self, server: RedisServer) -> None:
        self._server = server

    def bus(self, installation: str = "a") -> Bus:
        return RedisBus(self._server.url, prefix=f"{installation}:")

    def cut(self) -> None:
        self._server.kill()

    def mend(self) -> None:
        self._server.start()


class Ear:
    """A hub as the bus sees it: notes what it is told."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.heard: list[tuple[Topic, bytes]] = []
        self.recoveries = 0

    async def start(self, *topics: Topic) -> None:
        await self.bus.start(self._deliver, self._recovered)
        for topic in topics:
            await self.bus.subscribe(topic)

    async def hears(self, *expected: tuple[Topic, bytes]) -> None:
        """Wait for exactly these, in this order."""
        await eventually(lambda: len(self.heard) >= len(expected))
        assert self.heard == list(expected)

    async def hears_no_more(self) -> None:
        """Everything published before is here or never comes: a hint sent after it has arrived."""
        before = list(self.heard)
        await self.bus.subscribe(FENCE)
        self.bus.publish(FENCE, b"")
        await eventually(lambda: (FENCE, b"") in self.heard)
        assert self.heard == [*before, (FENCE, b"")]

    def _deliver(self, topic: Topic, payload: bytes) -> None:
        self.heard.append((topic, payload))

    def _recovered(self) -> None:
        self.recoveries += 1


async def eventually(condition: Callable[[], bool], within: float = 20.0) -> None:
    """Wait until it holds; `within` is in seconds, stalls of the machine not counted."""
    with awake() as seconds:
        while not condition():
            assert seconds() < within, f"still not so after {within} s"
            await asyncio.sleep(0.005)
