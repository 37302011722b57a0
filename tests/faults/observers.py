"""What everybody saw: each thing said with its outcome, each event heard; and the log, read from outside in the end."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlmodel import col, func, select

from chatserver.db import Database
from chatserver.models import Agent, Assignment, Conversation, Message
from chatserver.types import OPEN_STATES
from tests.faults.rounds import chance
from tests.talkers import Talker
from tests.world import fresh

Outcome = Literal["invoked", "ok", "failed", "unknown"]

EPHEMERAL = {"typing_changed", "presence_changed", "queue_position", "availability_changed", "heartbeat", "drain"}
OF_STAFF = {"presence_changed", "note_added", "context_changed", "agent_changed", "desk_changed", "inbox_added"}

PAUSE = {"staff": 0.04, "client": 0.25}
"""Seconds between one thing and the next that somebody says, about; clients may not hurry."""


@dataclass
class Said:
    """Something that somebody tried to say. `seq` when they were told."""

    id: str
    body: str
    outcome: Outcome = "invoked"
    seq: int | None = None


@dataclass
class Observer:
    """A client who says one thing after another in a conversation, and writes down what becomes of each."""

    talker: Talker
    conversation: int
    said: list[Said] = field(default_factory=list)

    async def say(self, body: str, *, once: bool = False, id: str | None = None) -> Said:
        """Say something until it is answered, or only once, whatever becomes of it."""
        said = Said(id or fresh(), body)
        self.said.append(said)
        asking = self.talker.ask_once if once else self.talker.ask
        reply = await asking("send_message", conversation=self.conversation, client_message_id=said.id, body=said.body)
        match reply["type"]:
            case "message_stored":
                said.outcome, said.seq = "ok", reply["seq"]
            case "unknown":
                said.outcome = "unknown"
            case _:
                said.outcome = "unknown" if reply["code"] in ("unavailable", "busy") else "failed"
        return said

    async def talk(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.talker.whisper("typing", conversation=self.conversation, on=bool(len(self.said) % 2))
            await self.say(f"palabra {len(self.said)}", once=chance.random() < 0.3)
            await asyncio.sleep(chance.uniform(0, 2 * PAUSE["staff" if self.talker.cookie else "client"]))

    def count(self, outcome: Outcome) -> int:
        return sum(said.outcome == outcome for said in self.said)


async def assert_promises_kept(db: Database, observers: Sequence[Observer]) -> None:
    """Read the logs of these observers' conversations, as clients may and by SQL, and hold them against what each
    observer was told."""
    for conversation in {observer.conversation for observer in observers}:
        mine = [observer for observer in observers if observer.conversation == conversation]
        rows = await stored(db, conversation)
        _assert_said(mine, rows)
        head = await _head(db, conversation)
        await _assert_heard(mine, rows, head)
        await _assert_public(mine[0], rows)
        _assert_whispers(mine)
    await assert_owners(db)


async def stored(db: Database, conversation: int) -> list[Message]:
    """What was said in a conversation, by SQL."""
    query = select(Message).where(Message.conversation_id == conversation, col(Message.note).is_(False))
    async with db.read() as session:
        return list(await session.exec(query.order_by(col(Message.seq))))


async def assert_owners(db: Database, *, full: bool = True) -> None:
    """One owner at most a conversation, and one open conversation a client; a load is what is open, within capacity
    (unless that was lowered, when it is not `full`)."""
    async with db.read() as session:
        agents = list(await session.exec(select(Agent)))
        held = list(await session.exec(select(Assignment).where(col(Assignment.ended_at).is_(None))))
        states = (Conversation.visitor_id, func.count())
        open_ones = (
            select(*states).where(col(Conversation.state).in_(OPEN_STATES)).group_by(col(Conversation.visitor_id))
        )
        clients = list(await session.exec(open_ones))
    owned = [each.conversation_id for each in held if each.kind == "owner"]
    assert len(owned) == len(set(owned)), "two owners"
    for agent in agents:
        assert agent.load == sum(each.agent_id == agent.id for each in held), f"the load of {agent.name}"
        assert not full or agent.load <= agent.capacity, f"{agent.name} has too many"
    assert all(count == 1 for _, count in clients), "two open conversations of one client"


def _assert_said(observers: Sequence[Observer], rows: Sequence[Message]) -> None:
    """Acknowledged: there once, where it was said to be. Refused: not there. Unknown: once or not at all."""
    ids = [row.client_message_id for row in rows]
    assert len(ids) == len(set(ids)), "something was stored twice"
    seqs = [row.seq for row in rows]
    assert len(seqs) == len(set(seqs)), "a number was given twice"
    by_id = {row.client_message_id: row for row in rows}
    for said in (said for observer in observers for said in observer.said):
        row = by_id.get(said.id)
        if said.outcome == "ok":
            assert row is not None, f"acknowledged and lost: {said}"
            assert (row.seq, row.body) == (said.seq, said.body)
        elif said.outcome == "failed":
            assert row is None, f"refused and stored: {said}"
        else:
            assert row is None or row.body == said.body


async def _assert_heard(observers: Sequence[Observer], rows: Sequence[Message], head: int) -> None:
    """Everybody hears everything, in the same order, with no gap."""
    topic = f"conversation:{observers[0].conversation}"
    heard: dict[int, str] = {}
    for observer in observers:
        await observer.talker.reach(topic, head)
        seqs = observer.talker.seqs(topic)
        assert seqs == list(range(seqs[0], head + 1)), "not contiguous"
        for event in observer.talker.applied:
            if event["topic"] == topic:
                text = json.dumps(event, sort_keys=True)
                assert heard.setdefault(event["seq"], text) == text, "two observers heard different things"
    for row in rows:
        if row.seq in heard:
            assert json.loads(heard[row.seq])["entry"]["client_message_id"] == row.client_message_id


def _assert_whispers(observers: Sequence[Observer]) -> None:
    """What is only of the moment has no number and is never caught up with; clients hear nothing that is staff's."""
    for observer in observers:
        for frame in observer.talker.heard:
            assert frame["type"] not in EPHEMERAL or "seq" not in frame
            if frame["type"] == "subscribed":
                assert EPHEMERAL.isdisjoint(event["type"] for event in frame["events"])
            if observer.talker.cookie is None:
                assert frame["type"] not in OF_STAFF
                assert not str(frame.get("topic", "")).endswith(":staff")


async def _assert_public(observer: Observer, rows: Sequence[Message]) -> None:
    """The thread as a client pages through it is the thread in the tables."""
    answer = await observer.talker.ask("subscribe", topic=f"conversation:{observer.conversation}")
    page = answer["snapshot"]
    entries: list[dict[str, Any]] = page["entries"]
    while page["earlier"]:
        page = await observer.talker.ask("get_earlier", conversation=observer.conversation, before=entries[0]["seq"])
        entries = page["entries"] + entries
    said = [(entry["seq"], entry["client_message_id"]) for entry in entries if "client_message_id" in entry]
    assert said == [(row.seq, row.client_message_id) for row in rows]


async def _head(db: Database, conversation: int) -> int:
    async with db.read() as session:
        return (await session.get_one(Conversation, conversation)).seq
