"""The check behind every action: old snapshot + events = new snapshot, by the code that the browsers run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.db import Database
from chatserver.models import Agent, Conversation, Portal, Ticket, Visitor
from chatserver.queries.snapshots import get_snapshot
from chatserver.queries.topics import get_heads, get_tail
from chatserver.types import AGENTS_TOPIC, ConversationId, Topic, conversation_topic, staff_topic

HERE = Path(__file__).parent
HERE_ZONE = ZoneInfo("America/Monterrey")


class Applier:
    """A node process that runs the faces' own `applyEvent`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def apply(self, snapshot: Any, events: list[Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"snapshot": snapshot, "events": events}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


class Everyone:
    """All topics as their followers see them. What has no events is compared at the end: nothing changes without a
    word, and nobody pays for looking at everything after each step."""

    def __init__(self, db: Database, published: list[tuple[Topic, bytes]], applier: Applier) -> None:
        self.checks = 0
        self._db = db
        self._published = published
        self._applier = applier
        self._seen: dict[Topic, tuple[int, Any]] = {}
        self._day = ""

    async def look(self, now: datetime) -> None:
        """Before something is done: see what is not known yet, or moved while nobody checked."""
        moved = {topic for topic, _ in self._published}
        self._published.clear()
        day = now.astimezone(HERE_ZONE).date().isoformat()
        if day != self._day:  # a desk's figures are those of one day
            self._day = day
            moved |= {topic for topic in self._seen if topic.startswith("desk:")}
        if self._seen and not moved:
            return
        async with self._db.read() as session:
            wanted = moved if self._seen else await _list_topics(session)
            self._seen |= await _read(session, wanted, now)

    async def verify(self, now: datetime) -> None:
        """After it: for each topic that spoke, old snapshot + events = new snapshot, and the table has the tail."""
        said: dict[Topic, list[Any]] = {}
        for topic, payload in self._published:
            said.setdefault(topic, []).append(json.loads(payload))
        self._published.clear()
        if not said:
            return
        async with self._db.read() as session:
            for topic, (head, snapshot) in (await _read(session, said, now)).items():
                old_head, old = self._seen.get(topic, (0, None))
                self._seen[topic] = head, snapshot
                assert [event["seq"] for event in said[topic]] == list(range(old_head + 1, head + 1)), topic
                tail = await get_tail(session, topic, old_head, head)
                assert tail is not None
                assert [json.loads(text) for text in tail] == said[topic], topic
                if old is not None:
                    assert self._applier.apply(old, said[topic]) == snapshot, topic
                self.checks += 1

    async def verify_all(self, now: datetime) -> None:
        """In the end everybody's picture is what a fresh snapshot says."""
        await self.look(now)
        async with self._db.read() as session:
            fresh = await _read(session, self._seen, now)
        for topic, picture in self._seen.items():
            assert fresh[topic] == picture, f"{topic} changed without a word"


async def _list_topics(session: AsyncSession) -> list[Topic]:
    topics = [AGENTS_TOPIC]
    for kind, table in (("desk", Portal), ("agent", Agent), ("visitor", Visitor), ("ticket", Ticket)):
        topics += [Topic(f"{kind}:{id}") for id in await session.exec(select(table.id))]
    for id in await session.exec(select(Conversation.id)):
        topics += [conversation_topic(ConversationId(id)), staff_topic(ConversationId(id))]
    return topics


async def _read(session: AsyncSession, topics: Iterable[Topic], now: datetime) -> dict[Topic, tuple[int, Any]]:
    heads = await get_heads(session, topics)
    return {
        topic: (head, (await get_snapshot(session, topic, now)).model_dump(mode="json"))
        for topic, head in heads.items()
    }


@contextmanager
def applier() -> Iterator[Applier]:
    node = Path(sys.executable).with_name("node")
    with subprocess.Popen(
        [os.fspath(node), os.fspath(HERE / "apply.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Applier(process)
        assert process.stdin is not None
        process.stdin.close()
