"""Mail: what is to leave, what came in, and how far the mailbox was read."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from chatserver.models.base import LONG, Table, UtcDateTime, words

_QUEUED = text("state = 'queued'")
_NEW = text("state = 'new'")


class NoticeState(StrEnum):
    """`sent`: a server has taken it. The last three never arrived: refused at the door, tried too long, sent back."""

    QUEUED = "queued"
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    BOUNCED = "bounced"


class MailState(StrEnum):
    NEW = "new"
    DONE = "done"
    FAILED = "failed"


class NoticeRow(Table, table=True):
    """A mail to a ticket's client, queued in the transaction of what it tells; without a ticket, a letter to staff.

    The unique key is what makes the same notice exist once; `message_id` is the mail's identity, made here and never
    again, so that one which is sent twice is one mail. `thread`: the ids of the mails before it, oldest first.
    """

    __table_args__ = (
        UniqueConstraint("ticket_id", "kind", "key"),
        Index("ix_notice_row_due", "due_at", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
        Index("ix_notice_row_address_created_at", "address", "created_at"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=LONG)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    kind: str = Field(max_length=24)
    key: str = Field(max_length=64)
    address: str = Field(max_length=254)
    name: str = Field(max_length=200)
    locale: str = Field(max_length=10)
    facts: dict[str, Any] = Field(sa_type=JSON)
    automatic: bool
    message_id: str = Field(unique=True, max_length=255)
    thread: list[str] = Field(sa_type=JSON)
    state: NoticeState = Field(default=NoticeState.QUEUED, sa_type=words(NoticeState))
    attempts: int = 0
    due_at: datetime = Field(sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str | None = Field(default=None, max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)


class LetterVersion(Table, table=True):
    """What a kind of notice says in a language by an administrator's decision: `words` are those that differ from the
    program's, none when they are the program's again. Never changed, only followed by a newer one."""

    __table_args__ = (UniqueConstraint("kind", "locale", "version"),)

    id: int = Field(default=None, primary_key=True)
    kind: str = Field(max_length=24)
    locale: str = Field(max_length=10)
    version: int
    words: dict[str, Any] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)


class InboundMail(Table, table=True):
    """A mail as it came, stored before anybody looked into it. Its place in the mailbox is unique, and so are its
    bytes: a mailbox that numbers itself anew brings nothing twice. `outcome` is what was done about it."""

    __table_args__ = (
        UniqueConstraint("account", "uidvalidity", "uid"),
        UniqueConstraint("account", "digest"),
        Index("ix_inbound_mail_due", "due_at", sqlite_where=_NEW, postgresql_where=_NEW),
        Index("ix_inbound_mail_sender_received_at", "sender", "received_at"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=LONG)
    account: str = Field(max_length=254)
    uidvalidity: int = Field(sa_type=LONG)
    uid: int = Field(sa_type=LONG)
    digest: str = Field(max_length=64)
    raw: bytes = Field(sa_type=LargeBinary)
    cut: bool = False
    received_at: datetime = Field(sa_type=UtcDateTime)
    stored_at: datetime = Field(sa_type=UtcDateTime)
    state: MailState = Field(default=MailState.NEW, sa_type=words(MailState))
    kind: str | None = Field(default=None, max_length=24)
    outcome: str | None = Field(default=None, max_length=24)
    sender: str | None = Field(default=None, max_length=254)
    message_id: str | None = Field(default=None, max_length=255, index=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    attempts: int = 0
    due_at: datetime = Field(sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str | None = Field(default=None, max_length=500)


class MailboxCursor(Table, table=True):
    """How far a mailbox was read. `began_at`: mail from before it is not ours to answer. One process holds it at a
    time; two would only do the same work twice."""

    account: str = Field(primary_key=True, max_length=254)
    uidvalidity: int = Field(sa_type=LONG)
    uid: int = Field(sa_type=LONG)
    began_at: datetime = Field(sa_type=UtcDateTime)
    holder: str | None = Field(default=None, max_length=40)
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
