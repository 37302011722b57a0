"""The bus of several processes: Redis publish/subscribe, over one connection in and one out."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import structlog
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import parse_url
from redis.backoff import EqualJitterBackoff
from redis.exceptions import RedisError
from redis.maint_notifications import MaintNotificationsConfig

from chatserver.bus.base import BusUnavailable, Counters, Deliver, Recovered
from chatserver.bus.link import Link
from chatserver.bus.publisher import TIMEOUT as LAST_WORDS
from chatserver.bus.publisher import Publisher
from chatserver.types import Topic

CONNECT_TIMEOUT = 2.0
SUBSCRIBE_DEADLINE = 1.0
RESTORE_BATCH = 500
BACKOFF = EqualJitterBackoff(cap=2.0, base=0.1)
STABLE_AFTER = 5.0
"""Seconds after which a lost connection counts as a first failure again: a flapping broker is not hammered."""

log = structlog.get_logger(__name__)
logging.getLogger("push_response").setLevel(logging.INFO)  # at DEBUG redis-py logs what people say to each other


class RedisBus:
    """Healthy while every subscription stands, PINGs are answered and publishing works.

    `prefix` keeps the installations apart that share a Redis.
    """

    def __init__(self, url: str, prefix: str = "chatserver:") -> None:
        self.counters = Counters()
        self._prefix = prefix
        self._pool = connection_pool(url)
        client = Redis.from_pool(self._pool)
        self._publisher = Publisher(client, self.counters, self._channel(Topic("probe")), self._review)
        self._topics: dict[bytes, Topic] = {}
        self._listener: tuple[Deliver, Recovered] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._link: Link | None = None
        self._attempted = asyncio.Event()
        self._restored = False
        self._outage = False

    @property
    def healthy(self) -> bool:
        return self._restored and self._publisher.working

    async def start(self, deliver: Deliver, recovered: Recovered) -> None:
        self._listener = deliver, recovered
        self._tasks = [_spawn(self._stay_connected()), _spawn(self._publisher.run())]
        await self._attempted.wait()

    async def stop(self) -> None:
        if self._listener is None:
            return
        self._listener = None
        self._topics.clear()
        self._publisher.close()
        await asyncio.wait(self._tasks[1:], timeout=LAST_WORDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)  # a crash was logged when it happened
        await self._pool.aclose()

    def publish(self, topic: Topic, payload: bytes) -> None:
        if self._listener is not None:
            self._publisher.put(self._channel(topic), payload)
        else:
            self.counters.dropped += 1

    async def subscribe(self, topic: Topic) -> None:
        channel = self._channel(topic)
        self._topics[channel] = topic
        if self._link is None:
            raise BusUnavailable(f"{topic}: the broker is away")
        try:
            async with asyncio.timeout(SUBSCRIBE_DEADLINE):
                await self._link.ask("SUBSCRIBE", channel)
        except TimeoutError as error:
            raise BusUnavailable(f"{topic}: not confirmed within {SUBSCRIBE_DEADLINE} s") from error

    async def unsubscribe(self, topic: Topic) -> None:
        channel = self._channel(topic)
        if self._topics.pop(channel, None) is not None and self._link is not None:
            with suppress(BusUnavailable):  # the connection is lost, and the subscription with it
                await self._link.tell("UNSUBSCRIBE", channel)

    def _channel(self, topic: Topic) -> bytes:
        return f"{self._prefix}{topic}".encode()

    async def _stay_connected(self) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            began = loop.time()
            try:
                # In a task of its own: up to Python 3.12 one whose TaskGroup fails while it ends stays marked as
                # cancelled, and the next time-out in it would not be one, but our end.
                await asyncio.create_task(self._live())
            except* (RedisError, OSError, BusUnavailable) as errors:
                self._review("; ".join(repr(error) for error in errors.exceptions))
            failures = 1 if loop.time() - began > STABLE_AFTER else failures + 1
            await asyncio.sleep(BACKOFF.compute(failures))

    async def _live(self) -> None:
        """One connection from its handshake to its loss, which raises."""
        connection = self._pool.connection_class(**self._pool.connection_kwargs)
        link = Link(connection, self._on_message)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await connection.connect_check_health(check_health=False)
            self._link = link
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(link.read())
                tasks.create_task(link.keep_asking())
                await self._restore(link)
                self._restored = True
                self._attempted.set()
                self._review("every subscription stands")
        finally:
            self._attempted.set()
            self._link = None
            self._restored = False
            await link.close()

    async def _restore(self, link: Link) -> None:
        """Subscribe again, a batch a round trip; what is asked for or given up meanwhile goes its own way."""
        channels = list(self._topics)
        for start in range(0, len(channels), RESTORE_BATCH):
            wanted = [channel for channel in channels[start : start + RESTORE_BATCH] if channel in self._topics]
            if wanted:
                await link.ask("SUBSCRIBE", *wanted)

    def _review(self, reason: str) -> None:
        """Log when an outage begins and ends, not what happens meanwhile; and tell the listener that it is over."""
        if self._outage == (not self.healthy):
            return
        self._outage = not self.healthy
        log.warning("bus.down" if self._outage else "bus.up", reason=reason)
        if not self._outage:
            asyncio.get_running_loop().call_soon(self._tell_recovered)

    def _on_message(self, channel: bytes, payload: bytes) -> None:
        """Deliver by the loop: what a listener raises is the loop's to report, and does not end the connection."""
        asyncio.get_running_loop().call_soon(self._hand_over, channel, payload)

    def _hand_over(self, channel: bytes, payload: bytes) -> None:
        topic = self._topics.get(channel)
        if topic is not None and self._listener is not None:
            self._listener[0](topic, payload)

    def _tell_recovered(self) -> None:
        if self._listener is not None:
            self._listener[1]()


def connection_pool(url: str) -> ConnectionPool:
    """Connections without redis-py's own retries and time-outs: the bus has its own, which win over the URL's.

    So there is one deadline for connecting: two that pass at the same moment cancel the task twice. Maintenance notices
    are off: with them the pool hands out connections that the broker has closed.
    """
    options: dict[str, Any] = {
        **parse_url(url),
        "protocol": 3,
        "socket_timeout": None,
        "socket_connect_timeout": None,
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }
    return ConnectionPool(**options)


def _spawn(work: Coroutine[None, None, None]) -> asyncio.Task[None]:
    task = asyncio.create_task(work)
    task.add_done_callback(_report_crash)
    return task


def _report_crash(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("bus.crashed", exc_info=error)
