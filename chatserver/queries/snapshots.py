"""What a client of a topic starts from. Read in one transaction together with the topic's head."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, cast

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.errors import not_found
from chatserver.models import Agent, Assignment, Conversation, DeskDay, EventRow, Message, Ticket, Visitor
from chatserver.protocol.codec import decode_event
from chatserver.protocol.events import ConversationChanged
from chatserver.protocol.snapshots import (
    DESK_TICKETS,
    AgentsSnapshot,
    ContextSnapshot,
    ConversationSnapshot,
    DeskSnapshot,
    InboxSnapshot,
    TicketSnapshot,
    VisitorSnapshot,
)
from chatserver.protocol.views import ChangeEntry, MessageEntry
from chatserver.queries import views
from chatserver.queries.calendars import desk_day_of
from chatserver.queries.files import list_files
from chatserver.queries.ticket_board import get_board, portal_and_level
from chatserver.queries.ticket_views import get_ticket_snapshot
from chatserver.queries.topics import is_staff
from chatserver.types import OPEN_STATES, ConversationId, Topic, conversation_topic

ENTRIES = 200
"""Entries of a thread in a snapshot, and in a page of earlier ones."""

CHARACTERS = 100_000
"""Of all words in them, at most: a client who writes much must not make a frame that nobody can read in time."""

VISITOR_CONVERSATIONS = 10


async def get_snapshot(session: AsyncSession, topic: Topic, now: datetime) -> Any:
    """The snapshot of a topic. Raises `Refused` (not_found) when what it is about does not exist."""
    kind, _, rest = topic.partition(":")
    if kind == "board":
        return await get_board(session, *portal_and_level(topic))
    number = int(rest.removesuffix(":staff") or 0)
    if kind == "conversation" and is_staff(topic):
        kind = "context"
    snapshot = await READERS[kind](session, number, now)
    if snapshot is None:
        raise not_found("topic")
    return snapshot


async def get_entries(
    session: AsyncSession, conversation_id: int, before: int | None = None
) -> tuple[list[MessageEntry | ChangeEntry], bool]:
    """The last entries of a thread (before a seq), oldest first, and whether there are earlier ones."""
    said = select(Message).where(Message.conversation_id == conversation_id, col(Message.note).is_(False))
    changed = select(EventRow).where(
        EventRow.topic == conversation_topic(ConversationId(conversation_id)), EventRow.type == "conversation_changed"
    )
    if before is not None:
        said, changed = said.where(Message.seq < before), changed.where(EventRow.seq < before)
    messages = await session.exec(said.order_by(col(Message.seq).desc()).limit(ENTRIES + 1))
    changes = await session.exec(changed.order_by(col(EventRow.seq).desc()).limit(ENTRIES + 1))
    entries: list[MessageEntry | ChangeEntry] = [views.message_entry(row) for row in messages]
    entries += [_change_entry(row.payload) for row in changes]
    entries.sort(key=lambda entry: entry.seq)
    newest = _newest(entries)
    return newest, len(newest) < len(entries)


def _newest(entries: list[MessageEntry | ChangeEntry]) -> list[MessageEntry | ChangeEntry]:
    """As many of the last ones as one frame may well carry, and one at the least."""
    size = 0
    for count, entry in enumerate(reversed(entries)):
        size += len(entry.body) if isinstance(entry, MessageEntry) else 0
        if count and (count == ENTRIES or size > CHARACTERS):
            return entries[-count:]
    return entries


def _change_entry(payload: str) -> ChangeEntry:
    return cast("ConversationChanged", decode_event(payload)).entry


async def _conversation(session: AsyncSession, id: int, _now: datetime) -> ConversationSnapshot | None:
    row = await session.get(Conversation, id)
    if row is None:
        return None
    entries, earlier = await get_entries(session, id)
    public = await views.conversation_public(session, row, await views.ticket_of(session, row))
    return ConversationSnapshot(conversation=public, entries=entries, earlier=earlier)


async def _context(session: AsyncSession, id: int, _now: datetime) -> ContextSnapshot | None:
    row = await session.get(Conversation, id)
    if row is None:
        return None
    notes = await session.exec(
        select(Message).where(Message.conversation_id == id, col(Message.note).is_(True)).order_by(col(Message.seq))
    )
    context = await views.conversation_staff(session, row, await views.ticket_of(session, row))
    files = sorted((await list_files(session, id)).items(), key=lambda placed: placed[1].id)
    return ContextSnapshot(
        conversation=context,
        notes=[views.note_entry(note) for note in notes],
        files=[views.file_view(file, *place) for place, file in files],
    )


async def _visitor(session: AsyncSession, id: int, _now: datetime) -> VisitorSnapshot | None:
    visitor = await session.get(Visitor, id)
    if visitor is None:
        return None
    query = select(Conversation).where(Conversation.visitor_id == id)
    newest = query.order_by(col(Conversation.started_at).desc(), col(Conversation.id).desc())
    rows = await session.exec(newest.limit(VISITOR_CONVERSATIONS))
    conversations = [views.summary(row, await views.ticket_of(session, row)) for row in rows]
    return VisitorSnapshot(visitor=views.visitor_view(visitor), conversations=conversations)


async def _inbox(session: AsyncSession, id: int, _now: datetime) -> InboxSnapshot:
    query = (
        select(Assignment, Conversation.portal_id)
        .join(Conversation, col(Conversation.id) == col(Assignment.conversation_id))
        .where(Assignment.agent_id == id, col(Assignment.ended_at).is_(None))
        .order_by(col(Assignment.offered_at), col(Assignment.conversation_id))
    )
    return InboxSnapshot(items=[views.inbox_item(row, portal) for row, portal in await session.exec(query)])


async def _agents(session: AsyncSession, _id: int, _now: datetime) -> AgentsSnapshot:
    agents = await session.exec(select(Agent).where(col(Agent.disabled_at).is_(None)).order_by(col(Agent.id)))
    return AgentsSnapshot(agents=[views.agent_view(agent) for agent in agents])


async def _desk(session: AsyncSession, id: int, now: datetime) -> DeskSnapshot:
    in_queue = (Conversation.portal_id == id, col(Conversation.state).in_(OPEN_STATES))
    newest = select(Ticket).where(Ticket.portal_id == id).order_by(col(Ticket.created_at).desc(), col(Ticket.id).desc())
    rows = (await session.exec(select(Conversation).where(*in_queue).order_by(col(Conversation.id)))).all()
    tickets = (await session.exec(newest.limit(DESK_TICKETS))).all()
    # Held until the views are made: the session then has every person at hand and asks for none of them alone.
    visitors = {ticket.visitor_id for ticket in tickets}
    waiting = select(Conversation.visitor_id).where(*in_queue)
    people = [
        *await session.exec(select(Visitor).where(or_(col(Visitor.id).in_(waiting), col(Visitor.id).in_(visitors)))),
        *await session.exec(select(Agent).where(col(Agent.id).in_({row.agent_id for row in rows}))),
    ]
    day = await desk_day_of(session, id, now)
    snapshot = DeskSnapshot(
        rows=[await views.desk_row(session, row) for row in rows],
        tickets=[await views.ticket_row(session, ticket) for ticket in tickets],
        counts=views.desk_counts(day, await session.get(DeskDay, (id, day))),
    )
    people.clear()
    return snapshot


async def _ticket(session: AsyncSession, id: int, _now: datetime) -> TicketSnapshot | None:
    return await get_ticket_snapshot(session, id)


READERS: dict[str, Callable[[AsyncSession, int, datetime], Awaitable[Any]]] = {
    "conversation": _conversation,
    "context": _context,
    "visitor": _visitor,
    "agent": _inbox,
    "agents": _agents,
    "desk": _desk,
    "ticket": _ticket,
}
