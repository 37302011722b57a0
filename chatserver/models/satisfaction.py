"""What clients said of how they were helped."""

from datetime import datetime

from sqlmodel import Field

from chatserver.models.base import Table, UtcDateTime


class Rating(Table, table=True):
    """One answer to one question, of a ticket that is closed or of a chat that ended; one of the two is set."""

    id: int = Field(default=None, primary_key=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", unique=True)
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id", unique=True)
    score: int
    comment: str | None = None
    rated_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
