"""The rows of a batch of messages, straight on the driver: locked, read and written in three statements of fixed text.

Each database has its own wording of the same three; what is asked and what is stored is put together here. What is
read to decide is read after the lock, so that it is what the earlier holder of the lock left.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chatserver.actions import batch_postgres, batch_sqlite
from chatserver.actions.batch import (
    Author,
    Earlier,
    Facts,
    FromStaff,
    FromVisitor,
    Mark,
    New,
    Outcome,
    Sender,
    Thread,
    decide_batch,
    marks_of,
)
from chatserver.protocol.commands import SendMessage
from chatserver.types import ConversationState, Role, SenderKind

Sent = tuple[Sender, SendMessage]
Row = Sequence[Any]
Made = tuple[SendMessage, New]


@dataclass(frozen=True, slots=True)
class BatchWork:
    """One commit of many messages; the transaction around it is the database's."""

    sent: Sequence[Sent]

    async def on_postgres(self, connection: Any, now: datetime) -> list[Outcome]:
        threads = await connection.fetch(batch_postgres.LOCK, _conversations(self.sent))
        rows = await connection.fetch(batch_postgres.READ, *_columns(map(_question, self.sent), 5))
        outcomes = decide_batch(self.sent, _facts(self.sent, threads, rows))
        if made := _made(self.sent, outcomes):
            messages, marks = map(_message, made), map(_mark, marks_of(made))
            await connection.execute(batch_postgres.STORE, now, *_columns(messages, 7), *_columns(marks, 5))
        return outcomes

    def on_sqlite(self, connection: sqlite3.Connection, now: datetime) -> list[Outcome]:
        at = now.astimezone(UTC).strftime(batch_sqlite.INSTANT)
        threads = connection.execute(batch_sqlite.LOCK, (json.dumps(_conversations(self.sent)),)).fetchall()
        asked = json.dumps([_question(sent) for sent in self.sent])
        rows = connection.execute(batch_sqlite.READ, (asked,)).fetchall()
        outcomes = decide_batch(self.sent, _facts(self.sent, threads, rows))
        if made := _made(self.sent, outcomes):
            connection.executemany(batch_sqlite.INSERT, [(at, *_message(one)) for one in made])
            connection.executemany(batch_sqlite.MARK, [(at, *_mark(mark)) for mark in marks_of(made)])
        return outcomes


def _conversations(sent: Iterable[Sent]) -> list[int]:
    return sorted({message.conversation for _, message in sent})


def _question(sent: Sent) -> Row:
    sender, message = sent
    portal, token = (sender.portal_id, sender.token_hash) if isinstance(sender, FromVisitor) else (None, None)
    login = sender.login_id if isinstance(sender, FromStaff) else None
    return message.conversation, message.client_message_id, portal, token, login


def _message(made: Made) -> Row:
    message, new = made
    author = new.author
    return (
        message.conversation,
        new.seq,
        author.kind.value,
        author.id,
        author.name,
        message.client_message_id,
        new.body,
    )


def _mark(mark: Mark) -> Row:
    return mark.conversation, mark.head, mark.asked, mark.answered, mark.unanswered


def _made(sent: Sequence[Sent], outcomes: Sequence[Outcome]) -> list[Made]:
    pairs = zip(sent, outcomes, strict=True)
    return [(message, outcome) for (_, message), outcome in pairs if isinstance(outcome, New)]


def _columns(rows: Iterable[Row], width: int) -> list[Sequence[Any]]:
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    return columns or [()] * width


def _facts(sent: Sequence[Sent], threads: Iterable[Row], rows: Iterable[Row]) -> Facts:
    """`threads` and `rows` as LOCK and READ give them; the rows are in the order of the messages."""
    authors: dict[Sender, Author] = {}
    owners: dict[int, int] = {}
    earlier: dict[tuple[int, SenderKind, int, str], Earlier] = {}
    for (sender, message), row in zip(sent, rows, strict=True):
        author = authors.get(sender) or _author(row)
        if author is None:
            continue
        authors[sender] = author
        owner, seq, at, body = row[6:]
        if owner is not None:
            owners[message.conversation] = owner
        if seq is not None:
            key = (message.conversation, author.kind, author.id, message.client_message_id)
            earlier[key] = Earlier(seq, _instant(at), body)
    return Facts(authors, {row[0]: _thread(row, owners.get(row[0])) for row in threads}, earlier)


def _thread(row: Row, owner: int | None) -> Thread:
    _, state, visitor, seq, alert, team = row
    return Thread(ConversationState(state), visitor, seq, alert, owner, team)


def _author(row: Row) -> Author | None:
    visitor, visitor_name, agent, agent_name, role, teams = row[:6]
    if visitor is not None:
        return Author(SenderKind.VISITOR, visitor, visitor_name)
    if agent is None:
        return None
    return Author(SenderKind.AGENT, agent, agent_name, frozenset(json.loads(teams)) if role == Role.AGENT else None)


def _instant(at: datetime | str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=UTC) if isinstance(at, str) else at
