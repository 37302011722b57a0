"""A small world to act in: one desk, a fixed cast, a clock that a test moves, and a check after every action.

Vic (and Val) are visitors, Ana and Ben agents of level 1, Sue supervises, Olly works for another team.
"""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlmodel import select

from chatserver.actions.explaining import explain
from chatserver.actions.once import perform
from chatserver.actions.presence import judge_gone, note_agents, note_departures
from chatserver.actions.routing import route
from chatserver.actions.unit import Context, Unit
from chatserver.db import Database
from chatserver.errors import Refused
from chatserver.jobs.timers import run_due
from chatserver.models import Agent, CalendarRow, CalendarVersion, Conversation, Portal, PresenceClock, Ticket
from chatserver.protocol.codec import parse_command
from chatserver.queries.access import get_visitor, staff_actor
from chatserver.queries.logins import hash_token
from chatserver.routing.hours import ALWAYS, calendar_to_json
from chatserver.settings import Settings
from chatserver.types import (
    AgentId,
    AgentState,
    PortalId,
    Role,
    StaffActor,
    Topic,
    VisitorActor,
    VisitorId,
)
from chatserver.ws.dispatch import STAFF, VISITOR
from tests.passing import keep_present, next_stop
from tests.verify import Applier, Everyone

MONTERREY = ZoneInfo("America/Monterrey")
TUESDAY = datetime(2026, 11, 10, 10, 0, tzinfo=MONTERREY)
"""An ordinary working morning (scenario 1)."""

CONTACT = {
    "name": "Vic Visitor",
    "email": "vic@example.com",
    "subject": "Timbrado",
    "rfc": "XAXX010101000",
    "privacy_version": "2026-01",
}


class ManualClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def advance(self, **parts: float) -> None:
        self._at += timedelta(**parts)


Row = TypeVar("Row")


@dataclass
class World:
    """The cast's doings; every one is checked for every audience."""

    context: Context
    clock: ManualClock
    published: list[tuple[Topic, bytes]]
    applier: Applier | None
    portal: Portal
    agents: dict[str, Agent]
    agents_here: set[str] = field(default_factory=set)
    visitors_here: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.everyone = Everyone(self.context.db, self.published, self.applier) if self.applier else None

    @property
    def checks(self) -> int:
        return self.everyone.checks if self.everyone else 0

    # Acting.

    async def visitor(self, token: str, kind: str, **fields: Any) -> Any:
        """A client's command, as text through the parser, the way a frame comes."""
        command = parse_command(self._frame(kind, fields), staff=False)
        handler = VISITOR[type(command)]

        async def identify(unit: Unit) -> VisitorActor:
            known = await get_visitor(unit.session, PortalId(self.portal.id), hash_token(token))
            id = VisitorId(known.id) if known else None
            return VisitorActor(PortalId(self.portal.id), hash_token(token), id, "es-MX", None, None)

        return await self.checked(lambda: perform(self.context, identify, command, handler.action, keep=handler.keep))

    async def staff(self, name: str, kind: str, **fields: Any) -> Any:
        """A member of staff's command."""
        command = parse_command(self._frame(kind, fields), staff=True)
        handler = STAFF[type(command)]

        async def identify(unit: Unit) -> StaffActor:
            return staff_actor(await unit.session.get_one(Agent, self.agents[name].id))

        return await self.checked(lambda: perform(self.context, identify, command, handler.action, keep=handler.keep))

    async def refused(self, doing: Any) -> str:
        """The code that something is refused with."""
        try:
            await doing
        except Refused as refused:
            return refused.code
        raise AssertionError("it was not refused")

    async def start(self, token: str = "vic", body: str | None = None, **contact: str) -> int:
        """A client joins the queue. Returns the conversation."""
        reply = await self.visitor(
            token, "start_conversation", contact=CONTACT | contact, client_message_id=fresh(), body=body
        )
        self.visitors_here.add(token)
        return int(reply.conversation)

    async def say(self, token: str, conversation: int, body: str = "Buenos días", **fields: Any) -> Any:
        fields = {"client_message_id": fresh()} | fields
        return await self.visitor(token, "send_message", conversation=conversation, body=body, **fields)

    async def reply(self, name: str, conversation: int, body: str = "Con gusto", **fields: Any) -> Any:
        fields = {"client_message_id": fresh()} | fields
        return await self.staff(name, "send_message", conversation=conversation, body=body, **fields)

    async def on_shift(self, *names: str) -> None:
        for name in names:
            await self.staff(name, "set_state", state="online")
            self.agents_here.add(name)

    async def route(self) -> int:
        return int(await self.checked(self._route))

    async def talk(self, token: str = "vic", name: str = "ana") -> int:
        """A conversation that an agent has answered."""
        await self.on_shift(name)
        conversation = await self.start(token, body="Hola")
        await self.route()
        await self.reply(name, conversation)
        return conversation

    # Time.

    async def until(self, at: datetime) -> None:
        """Let time pass to `at`. The loops of a server run at every second at which something may be due, and one
        second before each, so that nothing can happen early unseen."""
        while self.clock.now() < at:
            self.clock.set(await next_stop(self, at))
            await self.tick()

    async def later(self, **parts: float) -> None:
        await self.until(self.clock.now() + timedelta(**parts))

    async def jump(self, at: datetime) -> None:
        """Time passes at once, and only then does anybody look."""
        self.clock.set(at)
        await self.tick()

    async def tick(self) -> None:
        """What the loops of a server do."""
        await keep_present(self)
        await self.checked(self._loops)

    async def _loops(self) -> None:
        await run_due(self.context)
        await judge_gone(self.context)
        await self._route()

    async def _route(self) -> int:
        """The loop of offers, then that of explanations."""
        made = await route(self.context)
        await explain(self.context)
        return made

    async def here(self, *names: str, visitors: tuple[str, ...] = ()) -> None:
        """These are connected from now on, until they leave."""
        self.agents_here.update(names)
        self.visitors_here.update(visitors)
        await keep_present(self)

    async def leaves(self, *, visitor: str | None = None, agent: str | None = None) -> None:
        """A socket ends: who had it is not renewed any more."""
        if visitor:
            self.visitors_here.discard(visitor)
            await note_departures(self.context, [await self.visitor_id(visitor)])
        if agent:
            self.agents_here.discard(agent)
            await note_agents(self.context, [AgentId(self.agents[agent].id)])

    # Looking.

    async def conversation(self, id: int) -> Conversation:
        return await self.get(Conversation, id)

    async def agent(self, name: str) -> Agent:
        return await self.get(Agent, self.agents[name].id)

    async def ticket(self, conversation: int) -> Ticket | None:
        async with self.context.db.read() as session:
            return (await session.exec(select(Ticket).where(Ticket.conversation_id == conversation))).one_or_none()

    async def get(self, kind: type[Row], key: Any) -> Row:
        async with self.context.db.read() as session:
            return await session.get_one(kind, key)

    async def all(self, query: Any) -> list[Any]:
        async with self.context.db.read() as session:
            return list(await session.exec(query))

    async def visitor_id(self, token: str) -> VisitorId:
        async with self.context.db.read() as session:
            visitor = await get_visitor(session, PortalId(self.portal.id), hash_token(token))
            assert visitor is not None
            return VisitorId(visitor.id)

    def local(self, at: datetime | None) -> str:
        """A time as process.md writes it."""
        assert at is not None
        return at.astimezone(MONTERREY).strftime("%a %d %H:%M:%S")

    # Checking.

    async def checked(self, doing: Callable[[], Any]) -> Any:
        """Do something; then for every topic: the old snapshot plus its events is the new snapshot, and the tail is
        whole."""
        if self.everyone is None:
            return await doing()
        await self.everyone.look(self.clock.now())
        try:
            return await doing()
        finally:
            await self.everyone.verify(self.clock.now())

    def _frame(self, kind: str, fields: dict[str, Any]) -> str:
        return json.dumps({"type": kind, "ref": fresh()} | fields)


def fresh() -> str:
    return uuid4().hex


@asynccontextmanager
async def open_world(
    url: str, applier: Applier | None, at: datetime = TUESDAY, **settings: Any
) -> AsyncIterator[World]:
    """A world on a migrated database."""
    published: list[tuple[Topic, bytes]] = []
    clock = ManualClock(at)
    db = Database(url, lambda topic, payload: published.append((topic, payload)), clock.now)
    context = Context(db, clock, Settings(database_url=url, **settings), poke=lambda: None)
    try:
        portal, agents = await furnish(context)
        world = World(context, clock, published, applier, portal, agents)
        await settle_presence(world)
        yield world
        if world.everyone:
            await world.everyone.verify_all(world.clock.now())
    finally:
        await db.close()


@asynccontextmanager
async def another_process(world: World) -> AsyncIterator[Context]:
    """The same database through other connections, as a second server has it."""
    settings = world.context.settings
    db = Database(settings.database_url, lambda *published: world.published.append(published), world.clock.now)
    try:
        yield Context(db, world.clock, settings, poke=lambda: None)
    finally:
        await db.close()


async def furnish(context: Context, *, always_open: bool = False) -> tuple[Portal, dict[str, Agent]]:
    """One desk with the help desk's hours (or open at all hours), and the cast, nobody on shift."""
    long_ago = context.clock.now() - timedelta(days=1)
    async with context.db.transaction() as transaction:
        session = transaction.session
        calendar = (await session.exec(select(CalendarRow))).one()
        if always_open:
            hours = calendar_to_json(ALWAYS)
            session.add(CalendarVersion(calendar_id=calendar.id, version=2, definition=hours, created_at=long_ago))
        portal = Portal(
            public_key="portal-key",
            name="Portal",
            origins=["https://portal.example.com"],
            locale="es-MX",
            accent="#0b63ce",
            topics=["Timbrado", "Otro"],
            calendar_id=calendar.id,
            privacy_version="2026-01",
            created_at=long_ago,
        )
        agents = {name: cast_member(name, long_ago) for name in CAST}
        session.add_all([portal, *agents.values()])
    return portal, agents


CAST = {"ana": Role.AGENT, "ben": Role.AGENT, "sue": Role.SUPERVISOR, "olly": Role.AGENT}


def cast_member(name: str, since: datetime) -> Agent:
    return Agent(
        login=f"{name}@example.com",
        name=name.title(),
        password_hash="-",
        role=CAST[name],
        level=1,
        teams=["elsewhere"] if name == "olly" else [],
        languages=["es", "en"],
        capacity=3,
        state=AgentState.OFFLINE,
        state_since=since,
        idle_since=since,
        seen_at=since,
        created_at=since,
    )


async def settle_presence(world: World) -> None:
    """A process has been renewing for long enough that people can be judged gone."""
    await world.here()
    async with world.context.db.transaction() as transaction:
        clock = await transaction.session.get_one(PresenceClock, 1)
        clock.unbroken_since = world.clock.now() - timedelta(hours=1)
        clock.beat_at = world.clock.now()
