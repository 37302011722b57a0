"""Finding files, by the door of the conversation they belong to; and those that belong nowhere any more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.errors import Refused, not_found
from chatserver.files import is_key
from chatserver.models import Conversation, Message, StoredFile
from chatserver.queries.access import get_conversation
from chatserver.types import Actor, ConversationId, VisitorActor

BATCH = 100


@dataclass(frozen=True, slots=True)
class Usage:
    """What is kept already: of one conversation, and in bytes of all conversations of its client."""

    files: int
    bytes: int
    visitor_bytes: int


async def get_file(session: AsyncSession, actor: Actor, key: str, *, of: ConversationId | None = None) -> StoredFile:
    """A file that `actor` may open now; of that one conversation, if they came by its door. What was never attached to
    anything is nobody's, and a note's is no client's. Raises `Refused` (not_found), whatever the reason."""
    found = None
    if is_key(key):
        query = select(StoredFile, Message).join(Message, col(Message.id) == col(StoredFile.message_id))
        found = (await session.exec(query.where(StoredFile.key == key, *_there()))).one_or_none()
    if found is None or (found[1].note and isinstance(actor, VisitorActor)):
        raise not_found("file")
    conversation = ConversationId(found[0].conversation_id)
    if of is not None and conversation != of:
        raise not_found("file")
    try:
        await get_conversation(session, actor, conversation)
    except Refused:
        raise not_found("file") from None
    return found[0]


Place = tuple[bool, int]
"""Whether a message is a note, and its number among its like: where it stands in a thread."""


async def list_files(session: AsyncSession, conversation_id: int) -> dict[Place, StoredFile]:
    """The files in a conversation's thread and notes, by what they came with."""
    query = (
        select(StoredFile, Message.note, Message.seq)
        .join(Message, col(Message.id) == col(StoredFile.message_id))
        .where(StoredFile.conversation_id == conversation_id, *_there())
    )
    return {(note, seq): file for file, note, seq in await session.exec(query)}


def _there() -> tuple[ColumnElement[bool], ...]:
    return col(StoredFile.stored_at).is_not(None), col(StoredFile.removed_at).is_(None)


async def get_usage(session: AsyncSession, row: Conversation) -> Usage:
    """Everything that has not been removed counts, also what is on its way or was never attached."""
    kept = col(StoredFile.removed_at).is_(None)
    size = func.coalesce(func.sum(StoredFile.size), 0)
    here = select(func.count(), size).where(StoredFile.conversation_id == row.id, kept)
    theirs = (
        select(size)
        .join(Conversation, col(Conversation.id) == col(StoredFile.conversation_id))
        .where(Conversation.visitor_id == row.visitor_id, kept)
    )
    files, bytes_here = (await session.exec(here)).one()
    return Usage(int(files), int(bytes_here), int((await session.exec(theirs)).one()))


async def list_loose(session: AsyncSession, before: datetime) -> list[int]:
    """The ids of what is to go: removed, or sent before `before` and never attached to anything. The oldest first, a
    batch at a time."""
    orphan = and_(col(StoredFile.message_id).is_(None), col(StoredFile.created_at) < before)
    query = select(StoredFile.id).where(or_(orphan, col(StoredFile.removed_at).is_not(None)))
    return list(await session.exec(query.order_by(col(StoredFile.created_at)).limit(BATCH)))
