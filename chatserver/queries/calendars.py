"""Calendars and policies by version: what is current now, and what an earlier promise was made by."""

import json
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import CalendarVersion, PolicyVersion, Portal
from chatserver.process.sla import Policy, policy_from_json
from chatserver.routing.hours import Calendar, calendar_from_json


async def current_calendar(session: AsyncSession, portal: Portal) -> tuple[int, Calendar]:
    """The newest version of a portal's calendar, with its id."""
    query = select(CalendarVersion).where(CalendarVersion.calendar_id == portal.calendar_id)
    row = (await session.exec(query.order_by(col(CalendarVersion.version).desc()).limit(1))).one()
    return row.id, _calendar(json.dumps(row.definition))


async def get_calendar(session: AsyncSession, version_id: int) -> Calendar:
    row = await session.get_one(CalendarVersion, version_id)
    return _calendar(json.dumps(row.definition))


async def current_policy(session: AsyncSession) -> tuple[int, Policy]:
    """The newest policy, with its id."""
    row = (await session.exec(select(PolicyVersion).order_by(col(PolicyVersion.version).desc()).limit(1))).one()
    return row.id, _policy(json.dumps(row.definition))


async def get_policy(session: AsyncSession, version_id: int) -> Policy:
    row = await session.get_one(PolicyVersion, version_id)
    return _policy(json.dumps(row.definition))


async def desk_day_of(session: AsyncSession, portal_id: int, now: datetime) -> str:
    """Today's date (ISO) at a portal's desk."""
    _, calendar = await current_calendar(session, await session.get_one(Portal, portal_id))
    return now.astimezone(ZoneInfo(calendar.zone)).date().isoformat()


# Parsing costs more than reading: equal text, equal meaning, so the text is the key.


@lru_cache(maxsize=256)
def _calendar(definition: str) -> Calendar:
    return calendar_from_json(json.loads(definition))


@lru_cache(maxsize=64)
def _policy(definition: str) -> Policy:
    return policy_from_json(json.loads(definition))
