"""Heads and tails: how far each topic is, and what came after a given point, from the tables alone."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.models import Conversation, EventRow, Installation, Message, TopicHead
from chatserver.protocol.codec import encode
from chatserver.protocol.events import MessageSent, NoteAdded
from chatserver.queries.among import among
from chatserver.queries.views import message_entry, note_entry
from chatserver.types import ConversationId, Topic, conversation_topic, staff_topic

Place = tuple[Topic, int]

TOGETHER = 16
"""Tails in one statement, each of at most some hundred events."""


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
        found = await session.exec(query.where(among(Conversation.id, set(conversations.values()))))
        by_id = {id: (seq, staff_seq) for id, seq, staff_seq in found}
        for topic, number in conversations.items():
            heads[topic] = by_id.get(number, (0, 0))[is_staff(topic)]
    if others:
        rows = await session.exec(select(TopicHead.topic, TopicHead.seq).where(among(TopicHead.topic, others)))
        heads |= {Topic(topic): seq for topic, seq in rows}
    return heads


async def get_tail(session: AsyncSession, topic: Topic, since: int, head: int) -> list[str] | None:
    """The encoded events after `since` up to `head`, contiguous, or None when some are not kept any more."""
    return (await get_tails(session, [(topic, since)], {topic: head}))[topic, since]


async def get_tails(
    session: AsyncSession, places: Collection[Place], heads: Mapping[Topic, int]
) -> dict[Place, list[str] | None]:
    """The tail of each place, which is a topic and the number after which to begin; a few statements for many."""
    events: dict[Place, dict[int, str]] = {place: {} for place in places}
    behind = [(topic, since) for topic, since in events if since < heads[topic]]
    for first in range(0, len(behind), TOGETHER):
        some = behind[first : first + TOGETHER]
        await _add_changes(session, some, events)
        await _add_messages(session, [place for place in some if conversation_of(place[0])], events)
    return {place: _contiguous(found, place[1], heads[place[0]]) for place, found in events.items()}


def _contiguous(events: Mapping[int, str], since: int, head: int) -> list[str] | None:
    tail = [events[seq] for seq in range(since + 1, head + 1) if seq in events]
    return tail if len(tail) == head - since else None


async def _add_changes(session: AsyncSession, places: Sequence[Place], events: dict[Place, dict[int, str]]) -> None:
    after = [and_(col(EventRow.topic) == topic, col(EventRow.seq) > since) for topic, since in _padded(places)]
    for row in await session.exec(select(EventRow.topic, EventRow.seq, EventRow.payload).where(or_(*after))):
        for topic, since in places:
            if topic == row[0] and since < row[1]:
                events[topic, since][row[1]] = row[2]


async def _add_messages(session: AsyncSession, places: Sequence[Place], events: dict[Place, dict[int, str]]) -> None:
    if not places:
        return
    after = [
        and_(
            col(Message.conversation_id) == conversation_of(topic),
            col(Message.note) == is_staff(topic),
            col(Message.seq) > since,
        )
        for topic, since in _padded(places)
    ]
    for row in await session.exec(select(Message).where(or_(*after))):
        said = _said(row)
        for topic, since in places:
            if topic == said.topic and since < row.seq:
                events[topic, since][row.seq] = encode(said)


def _said(row: Message) -> MessageSent | NoteAdded:
    id = ConversationId(row.conversation_id)
    if row.note:
        return NoteAdded(topic=staff_topic(id), seq=row.seq, note=note_entry(row))
    return MessageSent(topic=conversation_topic(id), seq=row.seq, entry=message_entry(row))


def _padded(places: Sequence[Place]) -> Sequence[Place]:
    """One place, or as many as go together: what repeats finds nothing more, and the statement's text is known."""
    return places if len(places) == 1 else [*places, *[places[-1]] * (TOGETHER - len(places))]


def conversation_of(topic: Topic) -> int | None:
    """The conversation whose topic (public or staff) this is."""
    kind, _, rest = topic.partition(":")
    return int(rest.removesuffix(":staff")) if kind == "conversation" else None


def is_staff(topic: Topic) -> bool:
    return topic.endswith(":staff")
