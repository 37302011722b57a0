"""The rows of a batch of messages: read and locked in a few statements, written in two, without an ORM object."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from chatserver.actions.batch import Author, Earlier, Facts, FromStaff, FromVisitor, New, Sender, Thread
from chatserver.models import Agent, Assignment, Conversation, LoginSession, Message, Portal, Visitor
from chatserver.protocol.commands import SendMessage
from chatserver.types import Role, SenderKind

Sent = tuple[Sender, SendMessage]
MESSAGES: Any = Message.__table__  # type: ignore[attr-defined]  # SQLModel does not type the tables it makes
CONVERSATIONS: Any = Conversation.__table__  # type: ignore[attr-defined]

INSERT = insert(MESSAGES)
NOW: Any = bindparam("now")
SPOKEN: dict[SenderKind, dict[str, Any]] = {
    SenderKind.VISITOR: {
        "last_visitor_at": NOW,
        "unanswered_since": func.coalesce(CONVERSATIONS.c.unanswered_since, NOW),
    },
    SenderKind.AGENT: {"last_agent_at": NOW, "unanswered_since": None},
}
"""What a word of each side marks in its conversation."""


async def load_facts(connection: AsyncConnection, batch: Sequence[Sent]) -> Facts:
    """Lock the conversations of a batch, in the order of ids, and read what deciding needs."""
    ids = sorted({message.conversation for _, message in batch})
    threads = await _threads(connection, ids)
    return Facts(
        authors=await _visitors(connection, batch) | await _staff(connection, batch),
        threads=threads,
        earlier=await _earlier(connection, ids, batch),
    )


async def store(
    connection: AsyncConnection, made: Sequence[tuple[SendMessage, New]], heads: Mapping[int, int], now: datetime
) -> None:
    """Write the new messages, and move each conversation's head and its marks of who spoke last."""
    await connection.execute(
        INSERT,
        [
            {
                "conversation_id": message.conversation,
                "note": False,
                "seq": new.seq,
                "after": new.seq,
                "sender_kind": new.author.kind,
                "sender_id": new.author.id,
                "sender_name": new.author.name,
                "client_message_id": message.client_message_id,
                "body": new.body,
                "at": now,
            }
            for message, new in made
        ],
    )
    for kind, marks in SPOKEN.items():
        spoken = {message.conversation for message, new in made if new.author.kind is kind}
        if spoken:
            moving = (
                update(CONVERSATIONS)
                .where(CONVERSATIONS.c.id == bindparam("thread"))
                .values({"seq": bindparam("head"), **marks})
            )
            rows = [{"thread": id, "head": heads[id], "now": now} for id in sorted(spoken)]
            await connection.execute(moving, rows)


async def _threads(connection: AsyncConnection, ids: list[int]) -> dict[int, Thread]:
    columns: tuple[Any, ...] = (
        col(Conversation.id),
        col(Conversation.state),
        col(Conversation.visitor_id),
        col(Conversation.seq),
        col(Conversation.alert),
        col(Portal.team).label("portal_team"),
    )
    wanted = (
        select(*columns)
        .join(Portal, col(Portal.id) == col(Conversation.portal_id))
        .where(col(Conversation.id).in_(ids))
        .order_by(col(Conversation.id))
        .with_for_update(of=Conversation)
    )
    rows = list(await connection.execute(wanted))
    owning = select(col(Assignment.conversation_id), col(Assignment.agent_id)).where(
        col(Assignment.conversation_id).in_(ids),
        col(Assignment.ended_at).is_(None),
        col(Assignment.kind) == "owner",
        col(Assignment.accepted_at).is_not(None),
    )
    owners = {row.conversation_id: row.agent_id for row in await connection.execute(owning)}
    return {
        row.id: Thread(row.state, row.visitor_id, row.seq, row.alert, owners.get(row.id), row.portal_team)
        for row in rows
    }


async def _visitors(connection: AsyncConnection, batch: Sequence[Sent]) -> dict[Sender, Author]:
    hashes = {sender.token_hash for sender, _ in batch if isinstance(sender, FromVisitor)}
    if not hashes:
        return {}
    known = select(col(Visitor.id), col(Visitor.portal_id), col(Visitor.token_hash), col(Visitor.name)).where(
        col(Visitor.token_hash).in_(hashes), col(Visitor.erased_at).is_(None)
    )
    return {
        FromVisitor(row.portal_id, row.token_hash): Author(SenderKind.VISITOR, row.id, row.name)
        for row in await connection.execute(known)
    }


async def _staff(connection: AsyncConnection, batch: Sequence[Sent]) -> dict[Sender, Author]:
    logins = {sender.login_id for sender, _ in batch if isinstance(sender, FromStaff)}
    if not logins:
        return {}
    live: Select[int, int, str, Role, list[str]] = (
        select(col(LoginSession.id).label("login"), col(Agent.id), col(Agent.name), col(Agent.role), col(Agent.teams))
        .join(Agent, col(Agent.id) == col(LoginSession.agent_id))
        .where(
            col(LoginSession.id).in_(logins), col(LoginSession.revoked_at).is_(None), col(Agent.disabled_at).is_(None)
        )
    )
    return {
        FromStaff(row.login): Author(
            SenderKind.AGENT, row.id, row.name, frozenset(row.teams) if row.role is Role.AGENT else None
        )
        for row in await connection.execute(live)
    }


async def _earlier(
    connection: AsyncConnection, ids: list[int], batch: Sequence[Sent]
) -> dict[tuple[int, SenderKind, int, str], Earlier]:
    """Messages and notes of these conversations that were stored before under an id of the batch: read after the
    lock."""
    repeated = select(
        col(Message.conversation_id),
        col(Message.sender_kind),
        col(Message.sender_id),
        col(Message.client_message_id),
        col(Message.seq),
        col(Message.at),
        col(Message.body),
    ).where(
        col(Message.conversation_id).in_(ids),
        col(Message.client_message_id).in_({message.client_message_id for _, message in batch}),
    )
    return {
        (row.conversation_id, row.sender_kind, row.sender_id, row.client_message_id): Earlier(row.seq, row.at, row.body)
        for row in await connection.execute(repeated)
    }
