"""Keeping a file: a place is taken, the bytes are stored, then a message takes it along into the history.

The bytes never travel inside a transaction. Whatever is interrupted between two steps is found by its row, and cleared.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlmodel import col, delete, select, update

from chatserver.actions.unit import Context, Unit
from chatserver.actions.visitors import lock_visitor
from chatserver.errors import Refused, not_found
from chatserver.file_settings import FileSettings
from chatserver.files import Store, is_key, new_key
from chatserver.files.receiving import Received
from chatserver.models import Conversation, Message, StoredFile
from chatserver.queries.files import Usage, get_usage
from chatserver.types import ConversationId, SenderKind

Say = Callable[[Unit], Awaitable[Message]]
"""Says, in a unit of its own and once however often it is tried, what the file goes with."""


@dataclass(frozen=True, slots=True)
class FileSender:
    """Who sends a file, as the message it goes with will say."""

    kind: SenderKind
    id: int


async def send_file(
    context: Context, store: Store, sender: FileSender, conversation: ConversationId, received: Received, say: Say
) -> None:
    """Keep a file and attach it to what `say` says. That the sender may speak in the conversation at all was asked
    before. What is refused on the way leaves no file; of a form that is sent twice the first copy stays."""
    key = await keep_file(context, store, sender, conversation, received)
    attached = False

    async def attach_to_words(unit: Unit) -> bool:
        message = await say(unit)
        await unit.flush()
        return await attach(unit, message, key)

    try:
        attached = await context.attempt(attach_to_words)
    finally:
        if not attached:
            await context.attempt(lambda unit: discard(unit, key))


async def keep_file(
    context: Context, store: Store, sender: FileSender, conversation: ConversationId, received: Received
) -> str:
    """Store a file for a conversation. Returns its key; until `attach` nobody can open it. Raises `Refused`
    (file_quota)."""

    async def take_place(unit: Unit) -> str:
        return (await reserve(unit, sender, conversation, received)).key

    async def note_stored(unit: Unit) -> None:
        await unit.session.exec(update(StoredFile).where(col(StoredFile.key) == key).values(stored_at=unit.now))

    key = await context.attempt(take_place)
    await store.put(key, received.chunks())
    await context.attempt(note_stored)
    return key


async def reserve(unit: Unit, sender: FileSender, conversation: ConversationId, received: Received) -> StoredFile:
    """A row for bytes that are about to come. The client's row is locked: of two at once, both count."""
    row = await unit.session.get(Conversation, conversation)
    if row is None:
        raise not_found("conversation")
    await lock_visitor(unit, row.visitor_id)
    must_fit(await get_usage(unit.session, row), received.size, unit.settings.files)
    file = StoredFile(
        key=new_key(),
        conversation_id=row.id,
        sender_kind=sender.kind,
        sender_id=sender.id,
        name=received.name,
        kind=received.kind.name,
        size=received.size,
        digest=received.digest,
        created_at=unit.now,
    )
    unit.session.add(file)
    return file


def must_fit(usage: Usage, size: int, limits: FileSettings) -> None:
    """Raises `Refused` (file_quota)."""
    full = (
        usage.files >= limits.conversation_files
        or usage.bytes + size > limits.conversation_bytes
        or usage.visitor_bytes + size > limits.visitor_bytes
    )
    if full:
        raise Refused("file_quota", "There is no room for more files in this conversation.", field="file")


async def attach(unit: Unit, message: Message, key: str) -> bool:
    """From now on the file is part of what `message` said; False when that has a file already. Raises `Refused`
    (not_found) unless it was sent for this conversation by who wrote the message, is whole, and is not cleared yet."""
    query = select(StoredFile).where(StoredFile.key == key).with_for_update()
    file = (await unit.session.exec(query)).one_or_none() if is_key(key) else None
    if file is None or file.stored_at is None or file.removed_at is not None or file.message_id is not None:
        raise not_found("file")
    theirs = (message.conversation_id, message.sender_kind, message.sender_id)
    if (file.conversation_id, file.sender_kind, file.sender_id) != theirs:
        raise not_found("file")
    taken = await unit.session.exec(select(StoredFile.id).where(StoredFile.message_id == message.id))
    if taken.first() is not None:
        return False
    file.message_id = message.id
    row = await unit.session.get_one(Conversation, message.conversation_id, with_for_update=True)
    unit.file(row, message, file)
    return True


async def discard(unit: Unit, key: str) -> None:
    """It will not be attached: it counts no more, and the next clearing removes it."""
    loose = (col(StoredFile.key) == key, col(StoredFile.message_id).is_(None))
    await unit.session.exec(update(StoredFile).where(*loose).values(removed_at=unit.now))


async def forget_files(unit: Unit, conversations: Sequence[int], erased: str) -> None:
    """Gone for everybody at once; the next clearing removes the bytes."""
    gone = {"name": erased, "digest": "", "removed_at": unit.now}
    await unit.session.exec(update(StoredFile).where(col(StoredFile.conversation_id).in_(conversations)).values(**gone))


async def mark_removed(unit: Unit, ids: Sequence[int]) -> list[str]:
    """Take what is loose out of everybody's reach, as it is now: what was attached meanwhile stays. Returns keys."""
    loose = col(StoredFile.message_id).is_(None) | col(StoredFile.removed_at).is_not(None)
    query = select(StoredFile).where(col(StoredFile.id).in_(ids), loose).order_by(col(StoredFile.id)).with_for_update()
    files = list(await unit.session.exec(query))
    for file in files:
        file.removed_at = file.removed_at or unit.now
    return [file.key for file in files]


async def delete_row(unit: Unit, key: str) -> None:
    """The last step: the bytes are gone."""
    gone = (col(StoredFile.key) == key, col(StoredFile.removed_at).is_not(None))
    await unit.session.exec(delete(StoredFile).where(*gone))
