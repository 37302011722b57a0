"""Running it: uvicorn with defaults that suit many quiet sockets, and an end that nobody notices."""

import asyncio
import gc
import logging
from typing import Any

import structlog
import uvicorn
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.applications import Starlette
from websockets.protocol import State

from chatserver.app import Service, create_app
from chatserver.bounds import BoundedRequests, BoundedSockets
from chatserver.errors import ConfigurationError
from chatserver.logs import configure_logs
from chatserver.migrations.runner import is_current, upgrade_async
from chatserver.protocol.codec import MAX_FRAME
from chatserver.settings import Settings, load_settings
from chatserver.workers import Workers

log = structlog.get_logger()

sockets_log = logging.getLogger("chatserver.sockets")
"""Where uvicorn's own class tells of each socket that comes and goes: nobody asks when all is well."""

sockets_log.setLevel(logging.WARNING)

PING = 10.0
"""Seconds between pings, and until an unanswered one ends a socket: a dead line is noticed within twice that."""

MOST_UNSENT = 32_768
"""Characters that may gather for one write."""

GRACE = 10
"""Seconds that requests and sockets get to finish when the server ends."""


class Protocol(BoundedSockets):
    """Lets the application cut a socket whose other end does not read, for which an ordinary close would wait; and
    write to one whose other end does read, without the layers between, which cost more than the write itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = self.conn.logger = sockets_log
        self._unsent = 0

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        scope: dict[str, Any] | None = getattr(self, "scope", None)  # none when the handshake was refused
        if scope is not None:
            scope["extensions"] |= {"chatserver.abort": self.transport.abort, "chatserver.write": self.write_at_once}

    def write_at_once(self, text: str) -> bool:
        """Write one frame, as `send` would; False when it would have to wait, or is too late."""
        if self.conn.state is not State.OPEN or self.transport.is_closing() or not self.writable.is_set():
            return False
        self.conn.send_text(text.encode())
        self._unsent += len(text)
        if self._unsent >= MOST_UNSENT:
            self._flush()
        elif self._unsent == len(text):
            self.loop.call_soon(self._flush)
        return True

    def _flush(self) -> None:
        """What was written in one turn of the loop, an answer and the events after it, say, goes out as one."""
        self._unsent = 0
        frames = self.conn.data_to_send()
        if frames and not self.transport.is_closing():
            self.transport.write(b"".join(frames))

    def shutdown(self) -> None:
        """Called for every socket when the server ends. An open one is ended by the application, which says first when
        to come back; uvicorn alone would close it here and ask the application later."""
        if self.handshake_complete and not self.close_sent:
            service: Service = self.app_state["service"]
            service.begin_drain()
        else:
            super().shutdown()


def tame_collector() -> None:
    """Have the collector of cycles look seldom, and never at what is there from the start: each look at everything
    stops all sockets for as long as it takes, which grows with them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def serve(settings: Settings, *, demo: bool = False) -> None:
    """Serve until a signal ends it. Raises `ConfigurationError` when the database is not as this version needs it."""
    configure_logs(json=settings.log_json)
    asyncio.run(prepare(settings))
    if settings.workers > 1:
        config = server_config(settings, "chatserver.serve:worker_app", factory=True, workers=settings.workers)
        Workers(config, sockets=[config.bind_socket()]).run()
        return
    app = create_app(settings, demo=demo)
    tame_collector()
    uvicorn.Server(server_config(settings, app)).run()


def worker_app() -> Starlette:
    """The application of one of several workers; each reads the settings of the same environment."""
    settings = load_settings()
    configure_logs(json=settings.log_json)
    app = create_app(settings)
    tame_collector()
    return app


async def prepare(settings: Settings) -> None:
    """Make sure of the schema. SQLite is brought up to date; a shared PostgreSQL only by `chatserver migrate`."""
    if settings.sqlite:
        await upgrade_async(settings.database_url)
        return
    engine = create_async_engine(settings.database_url)
    try:
        async with engine.connect() as connection:
            current = await connection.run_sync(is_current)
    finally:
        await engine.dispose()
    if not current:
        raise ConfigurationError("The database does not have this version's schema: run `chatserver migrate`.")


def server_config(settings: Settings, app: Any, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=BoundedRequests,
        ws=Protocol,
        ws_max_size=MAX_FRAME,
        ws_per_message_deflate=False,
        ws_ping_interval=PING,
        ws_ping_timeout=PING,
        timeout_graceful_shutdown=GRACE,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        server_header=False,
        access_log=False,
        log_config=None,
        **more,
    )
