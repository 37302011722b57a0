"""The one place where everything is put together, started and stopped."""

import asyncio
import os
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from chatserver.actions.explaining import explain
from chatserver.actions.presence import begin, judge_gone, stop_beating
from chatserver.actions.routing import route
from chatserver.actions.unit import Context
from chatserver.bus import Bus, MemoryBus, MemoryExchange, RedisBus
from chatserver.bus.redis import connection_pool
from chatserver.clock import Clock, SystemClock
from chatserver.db import Database
from chatserver.errors import CloseCode
from chatserver.files import open_store
from chatserver.http.middleware import middleware
from chatserver.http.post import Post
from chatserver.http.routes import routes
from chatserver.jobs.files import clear_files
from chatserver.jobs.loop import Loop
from chatserver.jobs.time import keep_time
from chatserver.jobs.timers import clear, run_due
from chatserver.mail.parse import parse_mail
from chatserver.mail.reach import reach_all
from chatserver.mail.samples import sample_letters
from chatserver.mail.work import mail_work
from chatserver.protocol.codec import encode
from chatserver.protocol.events import Drain
from chatserver.rates import Rates
from chatserver.settings import Settings
from chatserver.ws.endpoint import staff_door, visitor_door
from chatserver.ws.hub import Hub
from chatserver.ws.ticker import Ticker

CLEAR_EVERY = timedelta(hours=1)

DRAIN_SPREAD = 3.0
"""Seconds over which clients are asked to come back, so that they do not all come at once."""


class Service:
    """Everything of one process that has a lifetime."""

    def __init__(self, settings: Settings, clock: Clock, bus: Bus) -> None:
        self.settings = settings
        self.bus = bus
        self.db = Database(settings.database_url, bus.publish, clock.now)
        self.context = Context(self.db, clock, settings, poke=self._wake_router)
        self.rates = _rates(settings)
        self.store = open_store(settings.files)
        self.hub = Hub(self.context, bus, self.rates)
        self.process_id = f"{socket.gethostname()[:16]}-{os.getpid()}-{uuid4().hex[:8]}"
        self.ticker = Ticker(self.hub, self.process_id)
        self.mail = mail_work(self.context, self.store, self.process_id)
        self.draining = False
        self._drain: asyncio.Task[None] | None = None
        self._clock = clock
        timers = settings.timers
        self.router = Loop("route", timers.sweep, lambda: route(self.context))
        self.loops = (
            self.router,
            Loop("explain", timers.sweep, lambda: explain(self.context)),
            Loop("presence", timers.renew_presence, self.ticker.presence),
            Loop("timers", timers.sweep, lambda: run_due(self.context)),
            Loop("gone", timers.sweep, lambda: judge_gone(self.context)),
            Loop("sweep", timers.sweep, self.hub.sweep),
            Loop("access", timers.sweep, self.ticker.access),
            Loop("heartbeat", timers.heartbeat, self.hub.heartbeat),
            Loop("positions", timers.position, self.ticker.positions),
            Loop("availability", timers.position, self.ticker.availability),
            Loop("time", timers.renew_presence, self._keep_time),
            Loop("clear", CLEAR_EVERY, lambda: clear(self.context)),
            Loop("files", CLEAR_EVERY, lambda: clear_files(self.context, self.store)),
            *(Loop(task.name, task.interval, task.work) for task in self.mail.tasks),
        )

    def _wake_router(self) -> None:
        self.router.wake()

    async def start(self) -> None:
        await self._keep_time()
        await self.bus.start(self.hub.deliver, self.hub.recovered)
        await begin(self.context, self.process_id)
        for loop in self.loops:
            loop.start()

    async def _keep_time(self) -> None:
        """A clock that a test has given is the test's to set."""
        if isinstance(self._clock, SystemClock):
            await keep_time(self.db, self._clock)

    def begin_drain(self) -> None:
        """The server is about to end; called for every open socket, the first call counts."""
        if not self.draining:
            self.draining = True
            self._drain = asyncio.create_task(self._say_goodbye())

    async def stop(self) -> None:
        await self._stop_loops()
        if self._drain is not None:
            await self._drain
        await self.bus.stop()
        await self.rates.stop()
        await self.mail.close()
        await stop_beating(self.context, self.process_id)
        await self.db.close()

    async def _say_goodbye(self) -> None:
        """Begin no new work, and ask clients to come back one by one, elsewhere or later."""
        await self._stop_loops()
        for connection in self.hub.connections:
            connection.send(encode(Drain(delay=random.uniform(0, DRAIN_SPREAD))))  # noqa: S311 -- spreads load
        self.hub.close_all(CloseCode.RESTARTING, "restarting")

    async def _stop_loops(self) -> None:
        await asyncio.gather(*(loop.stop() for loop in self.loops))


def create_app(
    settings: Settings, *, clock: Clock | None = None, bus: Bus | None = None, demo: bool = False
) -> Starlette:
    """The application. Its database must be migrated. `clock` and `bus` are given by tests only."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, object]]:
        service = Service(settings, clock or SystemClock(), bus or _bus(settings))
        app.state.service = service
        app.state.context = service.context
        app.state.hub = service.hub
        await service.start()
        try:
            yield {"service": service}
        finally:
            await service.stop()

    doors = [
        WebSocketRoute("/ws/visitor/{public_key:str}", visitor_door),
        WebSocketRoute("/ws/staff", staff_door),
    ]
    app = Starlette(routes=[*doors, *routes(demo)], middleware=middleware(settings), lifespan=lifespan)
    app.state.settings = settings
    app.state.demo = demo
    app.state.post = Post(read=parse_mail, reach=reach_all, letters=sample_letters)
    return app


def _bus(settings: Settings) -> Bus:
    if settings.redis_url:
        return RedisBus(settings.redis_url, settings.redis_prefix)
    return MemoryBus(MemoryExchange())


def _rates(settings: Settings) -> Rates:
    pool = connection_pool(settings.redis_url) if settings.redis_url else None
    return Rates(pool, settings.redis_prefix)
