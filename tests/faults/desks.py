"""A desk with conversations under way on servers that are there to be broken; each desk is a team of its own, so that
many may share the servers."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlmodel import select

from chatserver.db import Database
from chatserver.models import Agent, CalendarRow, CalendarVersion, Conversation, LoginSession, Portal
from chatserver.queries.logins import COOKIE, hash_token
from chatserver.routing.hours import ALWAYS, calendar_to_json
from chatserver.types import AgentState, ConversationState, Role
from tests.faults.observers import Observer, assert_promises_kept
from tests.processes import ServerProcess, server_process
from tests.talkers import PING, Talker
from tests.world import CONTACT, fresh

QUICK = {
    "CHATSERVER_TIMERS__RENEW_PRESENCE": "1",
    "CHATSERVER_TIMERS__AGENT_GONE": "6",
    "CHATSERVER_TIMERS__VISITOR_GONE": "7",
    "CHATSERVER_TIMERS__VISITOR_GONE_ACTIVE": "7",
    "CHATSERVER_TIMERS__UNBROKEN_PRESENCE": "6",
    "CHATSERVER_TIMERS__HEARTBEAT": "5",
}
"""Everything that is told by time, sooner; more than a client needs to find another server all the same."""

GONE = 7.0
"""The longest that anybody may be away by these."""

SINGLE = QUICK | {
    "CHATSERVER_TIMERS__RENEW_PRESENCE": "0.5",
    "CHATSERVER_TIMERS__AGENT_GONE": "3",
    "CHATSERVER_TIMERS__VISITOR_GONE": "3",
    "CHATSERVER_TIMERS__VISITOR_GONE_ACTIVE": "3",
    "CHATSERVER_TIMERS__UNBROKEN_PRESENCE": "3",
}
"""Where there is no other server to find."""

SINGLE_GONE = 3.0

_numbers = count(1)


@dataclass
class Desk:
    """One portal and its team; `chats` are under way, an observer on each side."""

    db: Database
    servers: Sequence[ServerProcess]
    portal: Portal
    agents: dict[str, Agent]
    talkers: list[Talker] = field(default_factory=list)
    observers: list[Observer] = field(default_factory=list)
    patience: float = PING

    async def staff(self, name: str, first: int = 0) -> Talker:
        """A member of staff at their console, on the server of that number first."""
        cookie = await _logged_in(self.db, self.agents[name])
        origin = self.servers[0].env.get("CHATSERVER_BASE_URL", self.servers[0].base)
        return await self._begin(Talker(self._urls("/ws/staff", first), origin, cookie, self.patience))

    async def visitor(self, first: int = 0, token: str | None = None) -> Talker:
        hello = {"token": token} if token else {}
        talker = Talker(self._urls(self.path, first), self.portal.origins[0], None, self.patience, hello)
        return await self._begin(talker)

    async def through(self, url: str, token: str) -> Talker:
        """A client's other tab, by another way to the server."""
        return await self._begin(Talker((url,), self.portal.origins[0], hello={"token": token}))

    @property
    def path(self) -> str:
        return f"/ws/visitor/{self.portal.public_key}"

    async def chat(self, vic: Talker, agent: Talker) -> tuple[Observer, Observer]:
        """Begin a conversation that this agent, the only one with room, answers."""
        begun = await start(vic)
        await vic.change(begun["topic"], "offered")
        await agent.follow(begun["topic"])
        pair = Observer(vic, begun["conversation"]), Observer(agent, begun["conversation"])
        await pair[1].say("Buenos días")
        self.observers += pair
        return pair

    async def row(self, conversation: int) -> Conversation:
        async with self.db.read() as session:
            return await session.get_one(Conversation, conversation)

    async def assert_nobody_was_sent_away(self) -> None:
        for observer in self.observers:
            row = await self.row(observer.conversation)
            assert (row.state, row.returned) == (ConversationState.ACTIVE, 0)

    async def check(self) -> None:
        await assert_promises_kept(self.db, self.observers)
        await self.assert_nobody_was_sent_away()

    @asynccontextmanager
    async def traffic(self) -> AsyncIterator[None]:
        """Everybody talks while the block lasts; then what they were told is held against what is there."""
        stop = asyncio.Event()
        talking = [asyncio.create_task(observer.talk(stop)) for observer in self.observers]
        try:
            await asyncio.sleep(0.5)
            yield
            stop.set()
            await asyncio.gather(*talking)
            await self.check()
        finally:
            for task in talking:
                task.cancel()

    async def _begin(self, talker: Talker) -> Talker:
        self.talkers.append(talker)
        await talker.begin()
        return talker

    def _urls(self, path: str, first: int) -> tuple[str, ...]:
        urls = [f"ws://{server.host}:{server.port}{path}" for server in self.servers]
        first %= len(urls)
        return (*urls[first:], *urls[:first])


@asynccontextmanager
async def open_desk(db: Database, servers: Sequence[ServerProcess], *, capacity: int = 5) -> AsyncIterator[Desk]:
    """A desk that is always open, with Ana, Ben and Sue; its clients leave when the block ends."""
    portal, agents = await _furnish(db, capacity)
    desk = Desk(db, servers, portal, agents)
    try:
        yield desk
    finally:
        ended = await asyncio.gather(*(talker.end() for talker in desk.talkers), return_exceptions=True)
    for error in ended:
        if error is not None:
            raise error


@asynccontextmanager
async def open_busy_desk(
    db: Database, servers: Sequence[ServerProcess], chats: int = 2, patience: float = PING
) -> AsyncIterator[Desk]:
    """With conversations of Ana's under way; who talks to whom is on different servers, as far as there are several."""
    async with open_desk(db, servers) as desk:
        desk.patience = patience
        ana = await desk.staff("ana", 1)
        await ana.ask("set_state", state="online")
        for number in range(chats):
            await desk.chat(await desk.visitor(number), ana)
        yield desk


@asynccontextmanager
async def open_server(url: str, env: dict[str, str] = SINGLE) -> AsyncIterator[tuple[Database, ServerProcess]]:
    """One server, and its database seen from outside."""
    db = outside(url)
    try:
        async with server_process(url, **env) as server:
            yield db, server
    finally:
        await db.close()


def outside(url: str) -> Database:
    """A database to look into, and to furnish; it tells nobody."""
    return Database(url, lambda topic, payload: None, lambda: datetime.now(UTC))


def copied(source: Path, file: Path) -> Path:
    """A database file like that one."""
    with closing(sqlite3.connect(source)) as whole, closing(sqlite3.connect(file)) as copy:
        whole.backup(copy)
    return file


async def start(vic: Talker, body: str = "Hola") -> dict[str, Any]:
    """Join the queue and follow the conversation."""
    begun = await vic.ask("start_conversation", contact=CONTACT, client_message_id=fresh(), body=body)
    assert begun["type"] == "conversation_started", begun
    await vic.follow(begun["topic"])
    return begun


async def _furnish(db: Database, capacity: int) -> tuple[Portal, dict[str, Agent]]:
    team = f"team{next(_numbers)}"
    now = datetime.now(UTC) - timedelta(days=1)
    async with db.transaction() as transaction:
        session = transaction.session
        always = (await session.exec(select(CalendarRow).where(CalendarRow.name == "always"))).one_or_none()
        if always is None:
            always = CalendarRow(name="always")
            session.add(always)
            await session.flush()
            hours = calendar_to_json(ALWAYS)
            session.add(CalendarVersion(calendar_id=always.id, version=1, definition=hours, created_at=now))
        portal = Portal(
            public_key=f"key-of-{team}",
            name=team,
            origins=["https://portal.example.com"],
            locale="es-MX",
            accent="#0b63ce",
            topics=["Timbrado"],
            team=team,
            calendar_id=always.id,
            privacy_version="2026-01",
            created_at=now,
        )
        roles = {"ana": Role.AGENT, "ben": Role.AGENT, "sue": Role.SUPERVISOR}
        agents = {name: _agent(name, role, team, capacity, now) for name, role in roles.items()}
        session.add_all([portal, *agents.values()])
    return portal, agents


def _agent(name: str, role: Role, team: str, capacity: int, since: datetime) -> Agent:
    return Agent(
        login=f"{name}@{team}.example.com",
        name=name.title(),
        password_hash="-",
        role=role,
        teams=[team],
        languages=["es", "en"],
        capacity=capacity,
        state=AgentState.OFFLINE,
        state_since=since,
        idle_since=since,
        seen_at=since,
        created_at=since,
    )


async def _logged_in(db: Database, agent: Agent) -> str:
    token = uuid4().hex
    async with db.transaction() as transaction:
        now = transaction.now
        transaction.session.add(
            LoginSession(agent_id=agent.id, token_hash=hash_token(token), created_at=now, used_at=now)
        )
    return f"{COOKIE}={token}"
