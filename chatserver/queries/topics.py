"""Heads and tails: how far each topic is, and what came after a given point, from the tables alone."""

from collections.abc import Iterable

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Conversation, EventRow, Installation, Message, TopicHead
from chatserver.protocol.codec import encode
from chatserver.protocol.events import MessageSent, NoteAdded
from chatserver.queries.views import message_entry, note_entry
from chatserver.types import Topic


async def get_epoch(session: AsyncSession) -> str:
    return (await session.exec(select(Installation.db_epoch))).one()


async def get_heads(session: AsyncSession, topics: Iterable[Topic]) -> dict[Topic, int]:
    """The head of each topic, 0 where nothing was said yet; two statements whatever their number."""
    wanted = set(topics)
    heads = dict.fromkeys(wanted, 0)
    conversations = {topic: number for topic in wanted if (number := conversation_of(topic))}
    others = wanted - conversations.keys()
    if conversations:
        query = select(Conversation.id, Conversation.seq, Conversation.staff_seq)
        found = await session.exec(query.where(col(Conversation.id).in_(set(conversations.values()))))
        by_id = {id: (seq, staff_seq) for id, seq, staff_seq in found}
        for topic, number in conversations.items():
            heads[topic] = by_id.get(number, (0, 0))[is_staff(topic)]
    if others:
        rows = await session.exec(select(TopicHead).where(col(TopicHead.topic).in_(others)))
        heads |= {Topic(row.topic): row.seq for row in rows}
    return heads


async def get_tail(session: AsyncSession, topic: Topic, since: int, head: int) -> list[str] | None:
    """The encoded events after `since` up to `head`, contiguous, or None when some are not kept any more."""
    rows = await session.exec(select(EventRow).where(EventRow.topic == topic, EventRow.seq > since))
    events = {row.seq: row.payload for row in rows}
    if number := conversation_of(topic):
        events |= await _messages(session, topic, number, since)
    tail = [events[seq] for seq in range(since + 1, head + 1) if seq in events]
    return tail if len(tail) == head - since else None


async def _messages(session: AsyncSession, topic: Topic, number: int, since: int) -> dict[int, str]:
    staff = is_staff(topic)
    query = select(Message).where(Message.conversation_id == number, Message.note == staff, Message.seq > since)
    if staff:
        notes = (NoteAdded(topic=topic, seq=row.seq, note=note_entry(row)) for row in await session.exec(query))
        return {note.seq: encode(note) for note in notes}
    sent = (MessageSent(topic=topic, seq=row.seq, entry=message_entry(row)) for row in await session.exec(query))
    return {message.seq: encode(message) for message in sent}


def conversation_of(topic: Topic) -> int | None:
    """The conversation whose topic (public or staff) this is."""
    kind, _, rest = topic.partition(":")
    return int(rest.removesuffix(":staff")) if kind == "conversation" else None


def is_staff(topic: Topic) -> bool:
    return topic.endswith(":staff")
