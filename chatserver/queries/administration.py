"""What the pages of administration show: the policy and the calendars as they stand, since when, and by whose hand."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Agent, AuditEntry, CalendarRow, CalendarVersion, PolicyVersion, Portal
from chatserver.process.sla import Policy, policy_from_json
from chatserver.routing.hours import Calendar, calendar_from_json

SHIPPED = 1
"""The version that every installation starts from. Any later one was somebody's decision."""

HELP_DESK = "help-desk"
"""The calendar that every installation has; portals without hours of their own share it."""


@dataclass(frozen=True, slots=True)
class Made:
    """Which version something is, since when, and by whom where that is known."""

    version: int
    at: datetime
    by: str | None
    is_default: bool


@dataclass(frozen=True, slots=True)
class PolicyState:
    made: Made
    policy: Policy


@dataclass(frozen=True, slots=True)
class CalendarState:
    """`portals` are the names of those that are served by it."""

    id: int
    name: str
    made: Made
    calendar: Calendar = field(repr=False)
    portals: tuple[str, ...]

    @property
    def is_shared(self) -> bool:
        return self.name == HELP_DESK

    @property
    def is_used(self) -> bool:
        return self.is_shared or bool(self.portals)


async def get_policy_state(session: AsyncSession) -> PolicyState:
    """The newest policy."""
    row = await latest_policy(session)
    by = await author_of(session, f"policy:{row.version}")
    made = Made(row.version, row.created_at, by, row.version == SHIPPED)
    return PolicyState(made, policy_from_json(row.definition))


async def latest_policy(session: AsyncSession) -> PolicyVersion:
    return (await session.exec(select(PolicyVersion).order_by(col(PolicyVersion.version).desc()).limit(1))).one()


async def list_calendar_states(session: AsyncSession) -> list[CalendarState]:
    """The newest version of each calendar, the shared one first."""
    rows = (await session.exec(select(CalendarRow).order_by(col(CalendarRow.id)))).all()
    return [await _calendar_state(session, row) for row in rows]


async def get_calendar_state(session: AsyncSession, id: int) -> CalendarState | None:
    row = await session.get(CalendarRow, id)
    return await _calendar_state(session, row) if row else None


async def latest_hours(session: AsyncSession, calendar_id: int) -> CalendarVersion:
    query = select(CalendarVersion).where(CalendarVersion.calendar_id == calendar_id)
    return (await session.exec(query.order_by(col(CalendarVersion.version).desc()).limit(1))).one()


async def list_staff(session: AsyncSession) -> list[Agent]:
    """All accounts, level by level; closed ones last."""
    closed = col(Agent.disabled_at).is_not(None)
    return list(await session.exec(select(Agent).order_by(col(Agent.level), closed, col(Agent.name), col(Agent.id))))


async def _calendar_state(session: AsyncSession, row: CalendarRow) -> CalendarState:
    latest = await latest_hours(session, row.id)
    served = select(Portal.name).where(Portal.calendar_id == row.id, col(Portal.disabled_at).is_(None))
    by = await author_of(session, f"calendar:{row.id}:{latest.version}")
    is_default = row.name == HELP_DESK and latest.version == SHIPPED
    return CalendarState(
        id=row.id,
        name=row.name,
        made=Made(latest.version, latest.created_at, by, is_default),
        calendar=calendar_from_json(latest.definition),
        portals=tuple(await session.exec(served.order_by(col(Portal.id)))),
    )


async def author_of(session: AsyncSession, entity: str) -> str | None:
    """Who made a version, by the audit trail; None for what no member of staff made."""
    query = select(AuditEntry.actor).where(AuditEntry.entity == entity).order_by(col(AuditEntry.id).desc()).limit(1)
    kind, _, id = ((await session.exec(query)).first() or "").partition(":")
    agent = await session.get(Agent, int(id)) if kind == "agent" else None
    return agent.name if agent else None
