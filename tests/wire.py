"""A real server on a real port, and clients that speak to it in frames: `push`, `reply`, `event`."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from chatserver.actions.explaining import explain
from chatserver.actions.presence import judge_gone
from chatserver.actions.routing import route
from chatserver.app import Service, create_app
from chatserver.jobs.timers import run_due
from chatserver.models import Agent, LoginSession, Portal
from chatserver.protocol import SUBPROTOCOL
from chatserver.queries.logins import COOKIE, hash_token
from chatserver.serve import server_config
from chatserver.settings import Settings
from tests.world import CONTACT, ManualClock, fresh, furnish

PATIENCE = 30.0
"""Seconds until a frame that should come counts as lost: not how quick a server is, which a neighbour may slow down."""


@dataclass
class Client:
    """One socket, with everything it was told."""

    socket: ClientConnection
    frames: list[dict[str, Any]] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _reader: "asyncio.Task[None] | None" = None

    async def push(self, kind: str, ref: str | None = None, **fields: Any) -> str:
        """Send a command and return its ref."""
        ref = ref or fresh()
        await self.socket.send(json.dumps({"type": kind, "ref": ref} | fields))
        return ref

    async def whisper(self, kind: str, **fields: Any) -> None:
        """Say something that has no answer."""
        await self.socket.send(json.dumps({"type": kind} | fields))

    async def ask(self, kind: str, ref: str | None = None, **fields: Any) -> dict[str, Any]:
        """Send a command and wait for its reply."""
        ref = await self.push(kind, ref, **fields)
        return await self.until(lambda frame: frame.get("ref") == ref)

    async def follow(self, topic: str, **fields: Any) -> dict[str, Any]:
        return await self.ask("subscribe", topic=topic, **fields)

    async def event(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """The first event of this kind whose fields (`a.b` for nested ones) are these."""

        def fits(frame: dict[str, Any]) -> bool:
            return frame["type"] == kind and all(dig(frame, path) == value for path, value in wanted.items())

        return await self.until(fits)

    async def change(self, name: str) -> dict[str, Any]:
        """The first line of this kind in a thread."""
        return await self.until(
            lambda frame: frame["type"] == "conversation_changed" and frame["entry"]["change"] == name
        )

    async def until(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            while True:
                self._changed.clear()
                for frame in self.frames:
                    if fits(frame):
                        return frame
                await self._changed.wait()

    def durable(self, topic: str) -> list[int]:
        """The numbers of a topic's events, in the order they came."""
        return [frame["seq"] for frame in self.frames if frame.get("topic") == topic and "seq" in frame]

    async def closed(self) -> int | None:
        """The code that the server closed with."""
        async with asyncio.timeout(PATIENCE):
            await self.socket.wait_closed()
        return self.socket.close_code

    async def read(self) -> None:
        try:
            async for text in self.socket:
                self.frames.append(json.loads(text))
                self._changed.set()
        except ConnectionClosed:
            return

    async def leave(self) -> None:
        await self.socket.close()
        if self._reader is not None:
            await self._reader


def dig(frame: Any, path: str) -> Any:
    for part in path.split("__"):
        frame = frame.get(part) if isinstance(frame, dict) else None
    return frame


@dataclass
class Live:
    """A server with the cast's desk. Its loops stand still: a test moves the clock and calls `tick`."""

    service: Service
    clock: ManualClock
    port: int
    portal: Portal
    agents: dict[str, Agent]
    clients: list[Client] = field(default_factory=list)

    async def tick(self) -> None:
        """One round of everything that a server does by itself."""
        await self.service.ticker.presence()
        await run_due(self.service.context)
        await judge_gone(self.service.context)
        await route(self.service.context)
        await explain(self.service.context)
        await self.service.hub.sweep()

    async def later(self, **parts: float) -> None:
        """Time passes second by second."""
        await self.until(self.clock.now() + timedelta(**parts))

    async def until(self, at: datetime) -> None:
        while self.clock.now() < at:
            self.clock.set(min(self.clock.now() + timedelta(seconds=1), at))
            await self.tick()

    async def visitor(self, token: str | None = None, **hello: Any) -> tuple[Client, dict[str, Any]]:
        """A client's socket, greeted. Returns it with the welcome."""
        client = await self.open(f"/ws/visitor/{self.portal.public_key}", origin=self.portal.origins[0])
        return client, await client.ask("hello", token=token, **hello)

    async def staff(self, name: str) -> tuple[Client, dict[str, Any]]:
        """A console's socket, greeted."""
        client = await self.open("/ws/staff", cookie=await self.login(name))
        return client, await client.ask("hello")

    async def noticed(self, client: Client) -> None:
        """Return when the server has let go of a socket that ended."""
        port = client.socket.local_address[1]
        async with asyncio.timeout(PATIENCE):
            while any(each.socket.client and each.socket.client.port == port for each in self.service.hub.connections):
                await asyncio.sleep(0.01)

    async def login(self, name: str) -> str:
        """A login session, as the login page would make one. Returns the cookie."""
        token = uuid4().hex
        now = self.clock.now()
        async with self.service.db.transaction() as transaction:
            transaction.session.add(
                LoginSession(agent_id=self.agents[name].id, token_hash=hash_token(token), created_at=now, used_at=now)
            )
        return f"{COOKIE}={token}"

    async def open(
        self, path: str, *, origin: str | None = None, cookie: str | None = None, forwarded: str | None = None
    ) -> Client:
        """A bare socket. Raises `websockets.InvalidStatus` when it is refused."""
        headers = {"Cookie": cookie} if cookie else {}
        headers |= {"X-Forwarded-For": forwarded} if forwarded else {}
        socket = await connect(
            f"ws://127.0.0.1:{self.port}{path}",
            origin=Origin(origin or f"http://127.0.0.1:{self.port}"),
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            additional_headers=headers,
            compression=None,
            max_size=None,
        )
        client = Client(socket)
        client._reader = asyncio.create_task(client.read())
        self.clients.append(client)
        return client

    async def start(self, client: Client, body: str | None = None, **contact: str) -> int:
        """Join the queue and follow the conversation."""
        reply = await client.ask("start_conversation", contact=CONTACT | contact, client_message_id=fresh(), body=body)
        assert reply["type"] == "conversation_started", reply
        await client.follow(reply["topic"])
        return int(reply["conversation"])


@asynccontextmanager
async def live_server(url: str, at: datetime, beside: Live | None = None, **settings: Any) -> AsyncIterator[Live]:
    """Serve on a free port of loopback until the block ends; `beside` another server of the same desk, if given."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    made = Settings(database_url=url, base_url=f"http://127.0.0.1:{port}", port=port, **settings)
    clock = beside.clock if beside else ManualClock(at)
    app = create_app(made, clock=clock)
    server = uvicorn.Server(server_config(made, app))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        async with asyncio.timeout(PATIENCE):
            while not server.started:
                await asyncio.sleep(0.01)
        service: Service = app.state.service
        for loop in service.loops:
            await loop.stop()
        portal, agents = (beside.portal, beside.agents) if beside else await furnish(service.context)
        live = Live(service, clock, port, portal, agents)
        yield live
        for client in live.clients:
            await client.leave()
    finally:
        server.should_exit = True
        await serving
