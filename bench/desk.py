"""Fills chatserver's database with a desk under way: clients, agents, logins, conversations in any number.

Rows are written as the actions would leave them, because making thousands by hand through sockets would take longer
than what is measured.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel, select

from chatserver.actions.unit import Context
from chatserver.clock import SystemClock
from chatserver.db import Database
from chatserver.models import Agent, Assignment, CalendarVersion, Conversation, LoginSession, Visitor
from chatserver.queries.logins import hash_token
from chatserver.settings import Settings
from chatserver.types import AgentState, ConversationState, Role
from tests.world import furnish

PORTAL_KEY = "portal-key"
ORIGIN = "https://portal.example.com"

PER_AGENT = 5
"""Conversations that one agent has at a time."""

THERE = timedelta(hours=6)
"""So far ahead clients without a socket were "seen": nobody of the crowd is judged gone while we measure."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many of each. Conversation N is visitor N's; the first `active` are answered, `PER_AGENT` by one agent, the
    others wait. Staff N logs in with `login_token(N)`: first the agents who answer, then `agents` more who have nothing
    and no room, then the supervisors."""

    active: int = 0
    waiting: int = 0
    agents: int = 0
    supervisors: int = 0

    @property
    def all_agents(self) -> int:
        return -(-self.active // PER_AGENT) + self.agents


def visitor_token(number: int) -> str:
    return f"bench-visitor-{number:08d}"


def agent_of(conversation: int) -> int:
    """The number of the agent who answers a conversation."""
    return (conversation - 1) // PER_AGENT + 1


def login_token(number: int) -> str:
    return f"bench-login-{number:08d}"


async def fill(url: str, crowd: Crowd) -> None:
    """Furnish a migrated, empty database."""
    clock = SystemClock()
    db = Database(url, lambda _topic, _payload: None, clock.now)
    try:
        context = Context(db, clock, Settings(database_url=url), poke=lambda: None)
        portal, cast = await furnish(context, always_open=True)
        first_staff = max(agent.id for agent in cast.values()) + 1
        async with db.transaction() as transaction:
            calendar = (await transaction.session.exec(select(CalendarVersion.id))).all()[-1]
            rows = _Rows(crowd, portal.id, calendar, first_staff)
            connection = await transaction.session.connection()
            await rows.write(connection)
            await connection.exec_driver_sql("ANALYZE")  # a desk under way has statistics; autovacuum comes too late
    finally:
        await db.close()


class _Rows:
    """The rows of a crowd, a table at a time."""

    def __init__(self, crowd: Crowd, portal_id: int, calendar_id: int, first_staff: int) -> None:
        self.crowd = crowd
        self.portal_id = portal_id
        self.calendar_id = calendar_id
        self.first_staff = first_staff
        self.now = datetime.now(UTC)
        self.began = self.now - timedelta(minutes=5)

    async def write(self, connection: AsyncConnection) -> None:
        for model, rows in (
            (Visitor, self._visitors()),
            (Agent, self._staff()),
            (LoginSession, self._logins()),
            (Conversation, self._conversations()),
            (Assignment, self._assignments()),
        ):
            made = list(rows)
            if made:
                await connection.execute(insert(_table(model)), made)

    def _visitors(self) -> Iterable[dict[str, Any]]:
        for number in range(1, self.crowd.active + self.crowd.waiting + 1):
            yield _row(
                Visitor(
                    portal_id=self.portal_id,
                    token_hash=hash_token(visitor_token(number)),
                    token_used_at=self.now,
                    name=f"Visitor {number}",
                    email=f"visitor{number}@example.com",
                    locale="es-MX",
                    privacy_version="2026-01",
                    privacy_accepted_at=self.began,
                    seen_at=self.now + THERE,
                    created_at=self.began,
                )
            )

    def _staff(self) -> Iterable[dict[str, Any]]:
        for number in range(1, self.crowd.all_agents + self.crowd.supervisors + 1):
            agent = number <= self.crowd.all_agents
            load = min(PER_AGENT, max(0, self.crowd.active - PER_AGENT * (number - 1)))
            yield _row(
                Agent(
                    login=f"staff{number}@example.com",
                    name=f"Staff {number}",
                    password_hash="-",
                    role=Role.AGENT if agent else Role.SUPERVISOR,
                    teams=[],
                    languages=["es", "en"],
                    capacity=load,
                    load=load,
                    state=AgentState.ONLINE if agent else AgentState.OFFLINE,
                    state_since=self.began,
                    idle_since=self.began,
                    seen_at=self.now + THERE,
                    created_at=self.began,
                )
            )

    def _logins(self) -> Iterable[dict[str, Any]]:
        for number in range(1, self.crowd.all_agents + self.crowd.supervisors + 1):
            yield _row(
                LoginSession(
                    agent_id=self.staff_id(number),
                    token_hash=hash_token(login_token(number)),
                    created_at=self.now,
                    used_at=self.now,
                )
            )

    def _conversations(self) -> Iterable[dict[str, Any]]:
        for number in range(1, self.crowd.active + self.crowd.waiting + 1):
            active = number <= self.crowd.active
            joined = self.began + timedelta(milliseconds=number)
            yield _row(
                Conversation(
                    portal_id=self.portal_id,
                    visitor_id=number,
                    state=ConversationState.ACTIVE if active else ConversationState.QUEUED,
                    subject="Timbrado",
                    language="es",
                    agent_id=self.staff_id(agent_of(number)) if active else None,
                    started_at=joined,
                    joined_at=joined,
                    queued_at=joined,
                    state_since=joined,
                    first_replied_at=joined if active else None,
                    last_visitor_at=self.now,
                    last_agent_at=self.now if active else None,
                    calendar_version_id=self.calendar_id,
                )
            )

    def _assignments(self) -> Iterable[dict[str, Any]]:
        for number in range(1, self.crowd.active + 1):
            yield _row(
                Assignment(
                    conversation_id=number,
                    agent_id=self.staff_id(agent_of(number)),
                    kind="owner",
                    by="routing",
                    reason={"code": "longest_idle", "params": {}},
                    offered_at=self.began,
                    accepted_at=self.began,
                )
            )

    def staff_id(self, number: int) -> int:
        return self.first_staff + number - 1


def _table(model: type[SQLModel]) -> Table:
    table = model.metadata.tables[str(model.__tablename__)]
    assert isinstance(table, Table)
    return table


def _row(made: SQLModel) -> dict[str, Any]:
    return made.model_dump(exclude={"id"})
