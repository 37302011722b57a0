"""Guarantee 3: numbers without gaps, the same for every observer, in the order of the commits."""

import asyncio
import json
from collections import defaultdict
from typing import Any

import pytest
from sqlmodel import col, select

from chatserver.models import EventRow, Message
from chatserver.queries.topics import get_heads, get_tail
from chatserver.types import Topic
from tests.world import World, fresh, open_world

pytestmark = pytest.mark.asyncio


async def test_many_who_speak_at_once_are_numbered_without_gaps(database_url: str) -> None:
    async with open_world(database_url, None) as world:
        conversation = await world.talk()
        world.published.clear()
        head = (await world.conversation(conversation)).seq
        said = await asyncio.gather(
            *(world.say("vic", conversation, f"Vic {n}") for n in range(20)),
            *(world.reply("ana", conversation, f"Ana {n}") for n in range(20)),
            *(world.staff("ana", "add_note", conversation=conversation, **note(n)) for n in range(10)),
            *(world.visitor("vic", "mark_seen", conversation=conversation, seq=head) for _ in range(5)),
        )
        public = sorted(reply.seq for reply in said[:40])
        assert len(set(public)) == 40
        await whole(world)
        messages = await world.all(select(Message).where(col(Message.note).is_(False)).order_by(col(Message.seq)))
        assert [each.seq for each in messages[-40:]] == public
        assert [each.after for each in messages] == [each.seq for each in messages]


async def test_everything_at_once_leaves_every_topic_whole(database_url: str) -> None:
    """Twelve clients arrive, write and leave while agents come, answer and go: all topics stay contiguous."""
    async with open_world(database_url, None) as world:
        await world.on_shift("ana", "ben", "sue")
        for name in ("ana", "ben", "sue"):
            await world.staff("sue", "set_capacity", agent=world.agents[name].id, capacity=6)
        conversations = await asyncio.gather(*(world.start(f"visitor-{n}", body="Hola") for n in range(12)))
        await asyncio.gather(*(world.route() for _ in range(3)))
        doings = [world.say(f"visitor-{n}", each, "¿Hola?") for n, each in enumerate(conversations)]
        doings += [world.reply(name, each) for each in conversations for name in ("ana", "ben", "sue")]
        doings += [world.visitor(f"visitor-{n}", "end_conversation", conversation=conversations[n]) for n in range(4)]
        doings += [world.staff("ben", "set_state", state="away"), world.route(), world.route()]
        outcomes = await asyncio.gather(*doings, return_exceptions=True)
        unexpected = [each for each in outcomes if isinstance(each, BaseException) and not hasattr(each, "code")]
        assert unexpected == []
        await whole(world)


async def whole(world: World) -> None:
    """Every topic that spoke: what was published, sorted, is 1..head from where it began; the table has the same."""
    said: defaultdict[Topic, dict[int, Any]] = defaultdict(dict)
    for topic, payload in world.published:
        event = json.loads(payload)
        assert event["seq"] not in said[topic], f"{topic} said {event['seq']} twice"
        said[topic][event["seq"]] = event
    async with world.context.db.read() as session:
        heads = await get_heads(session, said)
        for topic, events in said.items():
            first = min(events)
            assert sorted(events) == list(range(first, heads[topic] + 1)), topic
            tail = await get_tail(session, topic, first - 1, heads[topic])
            assert tail is not None
            assert [json.loads(text) for text in tail] == [events[seq] for seq in sorted(events)], topic


def note(number: int) -> dict[str, str]:
    return {"client_message_id": fresh(), "body": f"Nota {number}"}


async def test_marking_without_end_leaves_one_mark(world: World) -> None:
    conversation = await world.talk()
    for _ in range(5):
        await world.visitor("vic", "mark_seen", conversation=conversation, seq=1_000_000)
    async with world.context.db.read() as session:
        marks = await session.exec(select(EventRow).where(EventRow.type == "seen_moved"))
        assert len(marks.all()) == 1
