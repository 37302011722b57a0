"""The client's page of a ticket: since when its links are good."""

from datetime import datetime

from sqlmodel import Field

from chatserver.models.base import Table, UtcDateTime


class PageLinks(Table, table=True):
    """There is a row once links were revoked: of those that were made before `good_from` none opens the page."""

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id")
    good_from: datetime = Field(sa_type=UtcDateTime)
