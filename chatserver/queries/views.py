"""Rows as their readers see them: the one place where a table becomes a part of a snapshot or an event."""

from typing import Any, cast

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.files.kinds import KINDS
from chatserver.models import Agent, Assignment, Conversation, DeskDay, Message, StoredFile, Ticket, Visitor
from chatserver.process.fields import check_rfc
from chatserver.protocol.views import (
    AgentView,
    Alert,
    ConversationPublic,
    ConversationStaff,
    ConversationSummary,
    DeskCounts,
    DeskRow,
    FileView,
    InboxItem,
    MessageEntry,
    NoteEntry,
    Person,
    Reason,
    Sender,
    TicketPublic,
    TicketRow,
    TransferView,
    VisitorView,
)
from chatserver.types import ConversationState


async def ticket_of(session: AsyncSession, conversation: Conversation) -> Ticket | None:
    return (await session.exec(select(Ticket).where(Ticket.conversation_id == conversation.id))).one_or_none()


async def conversation_public(session: AsyncSession, row: Conversation, ticket: Ticket | None) -> ConversationPublic:
    asked = row.asked_at is not None and (row.last_visitor_at is None or row.asked_at > row.last_visitor_at)
    return ConversationPublic(
        id=row.id,
        state=row.state,
        subject=row.subject,
        agent=await _agent_name(session, row.agent_id),
        opened_at=row.started_at,
        ended_at=row.ended_at,
        visitor_seen=row.visitor_seen,
        agent_seen=row.agent_seen,
        message_offered=row.message_offered,
        asked=asked,
        ticket=ticket_public(ticket) if ticket else None,
    )


async def conversation_staff(session: AsyncSession, row: Conversation, ticket: Ticket | None) -> ConversationStaff:
    visitor = await session.get_one(Visitor, row.visitor_id)
    return ConversationStaff(
        id=row.id,
        portal=row.portal_id,
        state=row.state,
        visitor=visitor_view(visitor),
        page=row.page,
        level=row.level,
        team=row.team,
        owner=await person(session, row.agent_id),
        transfer=await _transfer(session, row),
        reason=reason_view(row.reason),
        alert=cast("Alert", row.alert),
        returned=row.returned,
        extended=row.extended,
        joined_at=row.joined_at,
        offered_at=row.offered_at,
        first_replied_at=row.first_replied_at,
        disposition=row.disposition,
        previous=row.previous_id,
        ticket_id=ticket.id if ticket else None,
    )


async def desk_row(session: AsyncSession, row: Conversation) -> DeskRow:
    visitor = await session.get_one(Visitor, row.visitor_id)
    return DeskRow(
        id=row.id,
        visitor=visitor.name,
        subject=row.subject,
        language=row.language,
        state=row.state,
        joined_at=row.joined_at,
        since=row.state_since,
        owner=await person(session, row.agent_id),
        reason=reason_view(row.reason),
        returned=row.returned,
        level=row.level,
        team=row.team,
        alert=cast("Alert", row.alert),
    )


def summary(row: Conversation, ticket: Ticket | None) -> ConversationSummary:
    return ConversationSummary(
        id=row.id,
        state=row.state,
        subject=row.subject,
        opened_at=row.started_at,
        ended_at=row.ended_at,
        folio=ticket.folio if ticket else None,
    )


async def ticket_row(session: AsyncSession, ticket: Ticket) -> TicketRow:
    visitor = await session.get_one(Visitor, ticket.visitor_id)
    return TicketRow.model_validate(
        {
            "id": ticket.id,
            "folio": ticket.folio,
            "conversation": ticket.conversation_id,
            "visitor": visitor.name,
            "summary": ticket.summary,
            "severity": ticket.severity,
            "provisional": ticket.provisional,
            "level": ticket.level,
            "state": ticket.state,
            "origin": ticket.origin,
            "first_reply_due": ticket.first_reply_due,
            "first_replied_at": ticket.first_replied_at,
            "resolution_due": ticket.resolution_due,
            "created_at": ticket.created_at,
        }
    )


def ticket_public(ticket: Ticket) -> TicketPublic:
    return TicketPublic(
        folio=ticket.folio,
        state=ticket.state,
        severity=ticket.severity,
        provisional=ticket.provisional,
        level=ticket.level,
        first_reply_due=ticket.first_reply_due,
        update_due=ticket.update_due,
        resolution_due=ticket.resolution_due,
        first_replied_at=ticket.first_replied_at,
    )


def visitor_view(visitor: Visitor) -> VisitorView:
    return VisitorView(
        id=visitor.id,
        name=visitor.name,
        email=visitor.email,
        rfc=visitor.rfc,
        rfc_warning=check_rfc(visitor.rfc).warning if visitor.rfc else None,
        locale=visitor.locale,
        zone=visitor.zone,
    )


def agent_view(agent: Agent) -> AgentView:
    return AgentView(
        id=agent.id,
        name=agent.name,
        role=agent.role,
        level=agent.level,
        teams=sorted(agent.teams),
        languages=sorted(agent.languages),
        capacity=agent.capacity,
        load=agent.load,
        state=agent.state,
        reason=agent.state_reason,
        since=agent.state_since,
        left=agent.disabled_at is not None,
    )


def inbox_item(assignment: Assignment, portal_id: int) -> InboxItem:
    return InboxItem.model_validate(
        {
            "conversation": assignment.conversation_id,
            "portal": portal_id,
            "kind": assignment.kind,
            "since": assignment.offered_at,
        }
    )


def message_entry(message: Message) -> MessageEntry:
    return MessageEntry(
        seq=message.seq,
        at=message.at,
        sender=Sender(kind=message.sender_kind, name=message.sender_name),
        body=message.body,
        client_message_id=message.client_message_id,
        channel=message.channel,
    )


def note_entry(message: Message) -> NoteEntry:
    return NoteEntry(seq=message.seq, after=message.after, at=message.at, author=message.sender_name, body=message.body)


def file_view(file: StoredFile, note: bool, seq: int) -> FileView:
    image = KINDS[file.kind].image
    return FileView(id=file.id, note=note, seq=seq, key=file.key, name=file.name, size=file.size, image=image)


def desk_counts(day: str, row: DeskDay | None) -> DeskCounts:
    names = [name for name in DeskCounts.model_fields if name != "day"]
    return DeskCounts(day=day, **{name: getattr(row, name) if row else 0 for name in names})


def reason_view(stored: dict[str, Any] | None) -> Reason | None:
    return Reason.model_validate(stored) if stored else None


async def person(session: AsyncSession, agent_id: int | None) -> Person | None:
    name = await _agent_name(session, agent_id)
    return Person(id=agent_id, name=name) if agent_id and name else None


async def _agent_name(session: AsyncSession, agent_id: int | None) -> str | None:
    return (await session.get_one(Agent, agent_id)).name if agent_id else None


async def _transfer(session: AsyncSession, row: Conversation) -> TransferView | None:
    """Only what is offered can be on its way."""
    if row.state is not ConversationState.OFFERED:
        return None
    wanted = select(Assignment).where(
        Assignment.conversation_id == row.id,
        Assignment.kind == "transfer",
        col(Assignment.ended_at).is_(None),
    )
    pending = (await session.exec(wanted)).one_or_none()
    if pending is None:
        return None
    to = await session.get_one(Agent, pending.agent_id)
    return TransferView(to=to.name, by=pending.by, note=pending.note)
