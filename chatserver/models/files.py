"""Files of a conversation. Their bytes are in the store, under `key`."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from chatserver.models.base import LONG, Table, UtcDateTime, words
from chatserver.types import SenderKind

_LOOSE = text("message_id IS NULL OR removed_at IS NOT NULL")


class StoredFile(Table, table=True):
    """A row is written before its bytes, and deleted after them: no bytes are ever without a row.

    `stored_at` says that they are all there; `message_id` is the message or note it belongs to, and until there is one
    nobody but its sender sees it; with `removed_at` it is gone for everybody, and its bytes are about to be.
    """

    __table_args__ = (Index("ix_stored_file_loose", "created_at", sqlite_where=_LOOSE, postgresql_where=_LOOSE),)

    id: int = Field(default=None, primary_key=True, sa_type=LONG)
    key: str = Field(unique=True, max_length=32)
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", sa_type=LONG, index=True)
    sender_kind: SenderKind = Field(sa_type=words(SenderKind))
    sender_id: int
    name: str = Field(max_length=120)
    kind: str = Field(max_length=12)
    size: int = Field(sa_type=LONG)
    digest: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    stored_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
