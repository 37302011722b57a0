"""How busy a desk is: who could answer, who waits, how long conversations last, and what to tell a client of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Agent, Assignment, Conversation, Portal
from chatserver.process.rules import Timers
from chatserver.protocol import views as wire
from chatserver.queries.among import among
from chatserver.queries.calendars import current_calendar
from chatserver.routing.capacity import free_places
from chatserver.routing.estimate import Wait, estimate_wait, leave_message_first
from chatserver.routing.hours import closes_at, next_opening
from chatserver.routing.policy import Candidate
from chatserver.types import AgentId, AgentState

RECENT = 20
"""How many of the last ended conversations the wait is estimated from."""

IN_QUEUE = col(Conversation.state) == literal_column("'queued'")
"""Spelled out, not a parameter: only so can a database know that an index of those who wait will do."""


@dataclass(frozen=True, slots=True)
class Line:
    """Who waits behind whom: everybody for the same level and team, of whichever portal, as routing takes them."""

    level: int
    team: str | None


@dataclass(frozen=True, slots=True)
class DeskLoad:
    """What the wait depends on."""

    places: int
    free: int
    waiting: int
    handling: Sequence[timedelta]

    def wait_at(self, position: int) -> Wait | None:
        return estimate_wait(position, self.free, self.places, self.handling)


async def list_candidates(session: AsyncSession, now: datetime, timers: Timers) -> list[Candidate]:
    """Everybody who may log in, as routing needs to know them. Present is who was seen within the lease."""
    rows = await session.exec(
        select(  # type: ignore[call-overload]  # SQLModel knows the types of up to four columns
            Agent.id,
            Agent.name,
            Agent.state,
            Agent.seen_at,
            Agent.level,
            Agent.teams,
            Agent.languages,
            Agent.capacity,
            Agent.load,
            Agent.idle_since,
        ).where(col(Agent.disabled_at).is_(None))
    )
    return [_candidate(row, now - timers.agent_gone) for row in rows]


def _candidate(row: Any, seen_after: datetime) -> Candidate:
    return Candidate(
        agent_id=AgentId(row.id),
        name=row.name,
        state=row.state,
        present=row.seen_at > seen_after,
        level=row.level,
        teams=frozenset(row.teams),
        languages=frozenset(row.languages),
        capacity=row.capacity,
        load=row.load,
        idle_since=row.idle_since,
    )


async def get_load(session: AsyncSession, line: Line, now: datetime, timers: Timers) -> DeskLoad:
    """The load of whoever may answer a line."""
    here = select(Agent.capacity, Agent.load, Agent.teams).where(
        col(Agent.disabled_at).is_(None),
        Agent.state == AgentState.ONLINE,
        Agent.level == line.level,
        col(Agent.seen_at) > now - timers.agent_gone,
    )
    able = [(most, load) for most, load, teams in await session.exec(here) if line.team is None or line.team in teams]
    queued = select(func.count()).select_from(Conversation)
    waiting = await session.exec(queued.where(*_waiting_in(line)))
    return DeskLoad(
        places=sum(capacity for capacity, _ in able),
        free=sum(free_places(load, capacity) for capacity, load in able),
        waiting=waiting.one(),
        handling=await _recent_handling(session),
    )


async def _recent_handling(session: AsyncSession) -> list[timedelta]:
    query = (
        select(Assignment.offered_at, Assignment.ended_at)
        .where(col(Assignment.accepted_at).is_not(None), col(Assignment.ended_at).is_not(None))
        .order_by(col(Assignment.ended_at).desc())
        .limit(RECENT)
    )
    return [ended - offered for offered, ended in await session.exec(query) if ended]


async def get_availability(session: AsyncSession, portal: Portal, now: datetime, timers: Timers) -> wire.Availability:
    """Whether a portal's desk answers now, when it is back, and whether the message form is the better offer."""
    _, calendar = await current_calendar(session, portal)
    opening = next_opening(calendar, now)
    is_open = opening == now
    closing = closes_at(calendar, now)
    message_first = False
    if is_open:
        load = await get_load(session, Line(1, portal.team), now, timers)
        message_first = leave_message_first(now, closing, load.wait_at(load.waiting + 1), timers.message_first)
    return wire.Availability(
        open=is_open,
        message_first=message_first,
        closes_at=closing,
        reopens_at=None if is_open else opening,
        zone=calendar.zone,
    )


async def list_places(session: AsyncSession, line: Line, ids: Collection[int]) -> dict[int, int]:
    """The places in a line, from 1 on, of those of these conversations that wait in it. The database counts: of a long
    line only the places that are asked for come here."""
    came_back = col(Conversation.returned) > 0
    order = (came_back.desc(), col(Conversation.joined_at), col(Conversation.id))
    place = func.row_number().over(order_by=order).label("place")
    everybody = select(Conversation.id, place).where(*_waiting_in(line)).subquery()
    found = await session.exec(select(everybody.c.id, everybody.c.place).where(among(everybody.c.id, ids)))
    return dict(found.all())


def _waiting_in(line: Line) -> tuple[ColumnElement[bool], ...]:
    return (
        IN_QUEUE,
        col(Conversation.level) == line.level,
        col(Conversation.team).is_(None) if line.team is None else col(Conversation.team) == line.team,
    )
