"""Mail that somebody should look at: letters to staff and what became of them; what came, and was taken for nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, or_
from sqlalchemy.orm import defer
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import InboundMail, MailState, NoticeRow

LAST_LETTERS = 10
MOST_ASIDE = 50

HEAD = 64 * 1024
"""Bytes of a mail that are looked into for a list of many: its headers and the beginning of what it says."""

SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class AsideMail:
    """A mail as it lies there: `head` is its beginning, empty once its bytes were forgotten."""

    id: int
    received_at: datetime
    sender: str | None
    kind: str | None
    failed: bool
    problem: str | None
    head: bytes


async def list_staff_letters(session: AsyncSession) -> list[NoticeRow]:
    """The last ones, newest first."""
    query = select(NoticeRow).where(col(NoticeRow.ticket_id).is_(None)).order_by(col(NoticeRow.id).desc())
    return list(await session.exec(query.limit(LAST_LETTERS)))


async def list_aside(session: AsyncSession) -> tuple[list[AsideMail], int]:
    """What was set aside, or could not be dealt with, newest first; and how many there are in all."""
    waits = or_(col(InboundMail.outcome) == SET_ASIDE, col(InboundMail.state) == MailState.FAILED)
    total = (await session.exec(select(func.count()).select_from(InboundMail).where(waits))).one()
    head = func.substr(InboundMail.raw, 1, HEAD, type_=LargeBinary)
    without_rest = defer(col(InboundMail.raw))  # type: ignore[arg-type]  # sqlmodel types its attributes as Mapped
    query = select(InboundMail, head).where(waits).options(without_rest)
    newest = query.order_by(col(InboundMail.received_at).desc(), col(InboundMail.id).desc()).limit(MOST_ASIDE)
    return [_aside(row, begins or b"") for row, begins in await session.exec(newest)], total


def _aside(row: InboundMail, head: bytes) -> AsideMail:
    failed = row.state is MailState.FAILED
    return AsideMail(row.id, row.received_at, row.sender, row.kind, failed, row.problem, head)
