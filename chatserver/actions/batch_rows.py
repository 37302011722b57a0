"""The rows of a batch of messages, straight on the driver: read and written in a few statements of fixed text.

Each database has its own wording of the same; what is asked and what is stored is put together here. SQLite's one
writer reads and writes in one transaction. PostgreSQL writes only where nothing has happened since it was read.
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
    Overtaken,
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
    """One commit of many messages."""

    sent: Sequence[Sent]

    async def on_postgres(self, connection: Any, now: datetime) -> list[Outcome]:
        rows = await connection.fetch(batch_postgres.READ, *_columns(map(_question, self.sent)))
        facts = _facts(self.sent, rows)
        outcomes = decide_batch(self.sent, facts)
        made = _made(self.sent, outcomes)
        if not made:
            return outcomes
        marks = [(*_mark(mark), *_version(facts.threads[mark.conversation])) for mark in marks_of(made)]
        columns = *_columns(map(_message, made)), *_columns(marks)
        stored = {row[0] for row in await connection.fetch(batch_postgres.STORE, now, *columns)}
        overtaken = {mark[0] for mark in marks} - stored
        pairs = zip(self.sent, outcomes, strict=True)
        return [Overtaken() if message.conversation in overtaken else outcome for (_, message), outcome in pairs]

    def on_sqlite(self, connection: sqlite3.Connection, now: datetime) -> list[Outcome]:
        at = now.astimezone(UTC).strftime(batch_sqlite.INSTANT)
        asked = json.dumps([_question(sent) for sent in self.sent])
        rows = connection.execute(batch_sqlite.READ, (asked,)).fetchall()
        outcomes = decide_batch(self.sent, _facts(self.sent, rows))
        if made := _made(self.sent, outcomes):
            connection.executemany(batch_sqlite.INSERT, [(at, *_message(one)) for one in made])
            connection.executemany(batch_sqlite.MARK, [(at, *_mark(mark)) for mark in marks_of(made)])
        return outcomes


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


def _version(thread: Thread) -> Row:
    return thread.seq, thread.staff_seq


def _columns(rows: Iterable[Row]) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True))


def _facts(sent: Sequence[Sent], rows: Iterable[Row]) -> Facts:
    """`rows` as READ gives them, in the order of the messages."""
    authors: dict[Sender, Author] = {}
    threads: dict[int, Thread] = {}
    earlier: dict[tuple[int, SenderKind, int, str], Earlier] = {}
    for (sender, message), row in zip(sent, rows, strict=True):
        if row[0] is not None and message.conversation not in threads:
            threads[message.conversation] = _thread(row[:7])
        author = authors.get(sender) or _author(row[7:13])
        if author is None:
            continue
        authors[sender] = author
        seq, at, body = row[13:]
        if seq is not None:
            key = (message.conversation, author.kind, author.id, message.client_message_id)
            earlier[key] = Earlier(seq, _instant(at), body)
    return Facts(authors, threads, earlier)


def _thread(row: Row) -> Thread:
    state, visitor, seq, staff_seq, alert, team, owner = row
    return Thread(ConversationState(state), visitor, seq, staff_seq, alert, owner, team)


def _author(row: Row) -> Author | None:
    visitor, visitor_name, agent, agent_name, role, teams = row
    if visitor is not None:
        return Author(SenderKind.VISITOR, visitor, visitor_name)
    if agent is None:
        return None
    return Author(SenderKind.AGENT, agent, agent_name, frozenset(json.loads(teams)) if role == Role.AGENT else None)


def _instant(at: datetime | str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=UTC) if isinstance(at, str) else at
