"""Calls that level 1 has logged."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from chatserver.models.base import Table, UtcDateTime, words
from chatserver.process.telephone import Direction


class PhoneCall(Table, table=True):
    """Who called or was called, as they said it, and what was said. `number` is E.164. `ticket_id` is the ticket it
    began or belongs to, if any. `form_id` makes a form that is sent twice one call."""

    __table_args__ = (UniqueConstraint("agent_id", "form_id"),)

    id: int = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agent.id")
    form_id: str = Field(max_length=64)
    direction: Direction = Field(sa_type=words(Direction))
    reached: bool
    at: datetime = Field(sa_type=UtcDateTime)
    name: str = Field(max_length=200)
    number: str | None = Field(default=None, max_length=20, index=True)
    email: str | None = Field(default=None, max_length=254, index=True)
    rfc: str | None = Field(default=None, max_length=20, index=True)
    said: str
    portal_id: int = Field(foreign_key="portal.id")
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
