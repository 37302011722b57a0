"""Where clients come from: portals, and the versioned calendars and policies that promises are made by."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from chatserver.models.base import Table, UtcDateTime


class CalendarRow(Table, table=True):
    """A named calendar; its hours are in its versions."""

    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=80)


class CalendarVersion(Table, table=True):
    """Hours as `routing.hours` reads them. Never changed: editing a calendar adds a version, old promises keep
    theirs."""

    __table_args__ = (UniqueConstraint("calendar_id", "version"),)

    id: int = Field(default=None, primary_key=True)
    calendar_id: int = Field(foreign_key="calendar_row.id")
    version: int
    definition: dict[str, Any] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)


class PolicyVersion(Table, table=True):
    """Budgets a severity as `process.sla` reads them; never changed, only followed by a newer one."""

    id: int = Field(default=None, primary_key=True)
    version: int = Field(unique=True)
    definition: dict[str, Any] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Portal(Table, table=True):
    """A page that carries the widget. `team`, when set, is the only team that serves it."""

    id: int = Field(default=None, primary_key=True)
    public_key: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=120)
    origins: list[str] = Field(sa_type=JSON)
    locale: str = Field(max_length=10)
    accent: str = Field(max_length=32)
    topics: list[str] = Field(sa_type=JSON)
    team: str | None = Field(default=None, max_length=40)
    calendar_id: int = Field(foreign_key="calendar_row.id")
    privacy_version: str = Field(max_length=40)
    privacy_url: str | None = Field(default=None, max_length=500)
    demo: bool = False
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
