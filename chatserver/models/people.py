"""Visitors, staff, and the logins of staff."""

from datetime import datetime

from sqlalchemy import JSON, Index
from sqlmodel import Field

from chatserver.models.base import Table, UtcDateTime, words
from chatserver.types import AgentState, Role


class Visitor(Table, table=True):
    """A client of one portal. `seen_at` is the one column that says whether they are there.

    Who came by mail or telephone has no token that anybody knows, has accepted no notice (`privacy_version` is empty),
    and is nobody whom we knew before, whatever they say. A caller may have no address: `email` is empty then.
    """

    id: int = Field(default=None, primary_key=True)
    portal_id: int = Field(foreign_key="portal.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    token_used_at: datetime = Field(sa_type=UtcDateTime)
    name: str = Field(max_length=200)
    email: str = Field(max_length=254, index=True)
    phone: str | None = Field(default=None, max_length=20, index=True)
    rfc: str | None = Field(default=None, max_length=20)
    locale: str = Field(max_length=10)
    zone: str | None = Field(default=None, max_length=64)
    privacy_version: str = Field(max_length=40)
    privacy_accepted_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Agent(Table, table=True):
    """A member of staff. `load` is the number of open assignments, changed only together with them."""

    __table_args__ = (Index("ix_agent_state_load", "state", "load"),)

    id: int = Field(default=None, primary_key=True)
    login: str = Field(unique=True, max_length=254)
    name: str = Field(max_length=80)
    password_hash: str = Field(max_length=200)
    role: Role = Field(sa_type=words(Role))
    level: int = 1
    teams: list[str] = Field(sa_type=JSON)
    languages: list[str] = Field(sa_type=JSON)
    capacity: int = 3
    load: int = 0
    state: AgentState = Field(default=AgentState.OFFLINE, sa_type=words(AgentState))
    state_reason: str | None = Field(default=None, max_length=40)
    state_since: datetime = Field(sa_type=UtcDateTime)
    idle_since: datetime = Field(sa_type=UtcDateTime)
    misses: int = 0
    seen_at: datetime = Field(sa_type=UtcDateTime)
    demo: bool = False
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class LoginSession(Table, table=True):
    """One browser that is logged in. Revoked by setting `revoked_at`; the cookie holds the token, we its hash."""

    id: int = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
