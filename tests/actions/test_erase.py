"""Erasing a client: afterwards no table knows who they were or what they wrote, and everybody else loses nothing."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy
from sqlmodel import select

from chatserver.actions.erase import ERASED, erase_visitor, find_visitors
from chatserver.errors import Refused
from chatserver.models import AuditEntry, Table, Visitor
from chatserver.queries.access import get_visitor
from chatserver.queries.logins import hash_token
from chatserver.queries.snapshots import get_snapshot
from chatserver.queries.topics import get_heads, get_tail
from chatserver.types import SYSTEM, PortalId, Topic
from tests.world import World, fresh, open_world

pytestmark = pytest.mark.asyncio

WHO = {"name": "María Luz Treviño", "email": "maria@example.com", "rfc": "TEML800101AB1", "subject": "Mi secreto"}
TRACES = ("María", "Treviño", "maria@example.com", "TEML800101AB1", "Mi secreto", "palabras mías", "pésima clienta")


@pytest_asyncio.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """Without the usual check: this one action takes words back, and a gap is its way to say so."""
    async with open_world(database_url, None) as opened:
        yield opened


async def escalated(world: World) -> tuple[int, Visitor]:
    """A chat of María's with everything that can hold her name, which has become a ticket."""
    await world.on_shift("ana", "ben")
    conversation = await world.start("maria", body="Son palabras mías", **WHO)
    await world.route()
    owner = "ana" if (await world.conversation(conversation)).agent_id == world.agents["ana"].id else "ben"
    other = "ben" if owner == "ana" else "ana"
    await world.reply(owner, conversation, "Buenos días, María: le escribo a maria@example.com en seguida.")
    note = {"conversation": conversation, "client_message_id": fresh(), "body": "pésima clienta"}
    await world.staff(owner, "add_note", **note)
    await world.staff(owner, "transfer", conversation=conversation, agent=world.agents[other].id, note="María espera")
    await world.reply(other, conversation, "Sigo yo, señora Treviño.")
    await world.staff(
        other, "escalate", conversation=conversation, severity="S3", impact="other", urgency="high", level=2,
        category="Cuenta", summary="María Luz no puede entrar", rfc="TEML800101AB1", evidence="Mi secreto",
    )  # fmt: skip
    (visitor,) = await world.all(select(Visitor).where(Visitor.email == "maria@example.com"))
    return conversation, visitor


async def everything(world: World) -> str:
    """All rows of all tables, as text."""
    rows: list[Any] = []
    async with world.context.db.read() as session:
        connection = await session.connection()
        for table in Table.metadata.sorted_tables:
            rows += await connection.execute(sqlalchemy.select(table))
    return "\n".join(str(tuple(row)) for row in rows).replace("\\u00ed", "í").replace("\\u00f1", "ñ")


async def erase(world: World, visitor: Visitor) -> None:
    async with world.context.unit() as unit:
        await erase_visitor(unit, SYSTEM, visitor.id)


async def test_no_table_remembers_them(world: World) -> None:
    _, visitor = await escalated(world)
    before = await everything(world)
    assert [trace for trace in TRACES if trace not in before] == []
    await erase(world, visitor)
    after = await everything(world)
    assert [trace for trace in TRACES if trace in after] == []


async def test_what_staff_answered_stays_without_their_name(world: World) -> None:
    conversation, visitor = await escalated(world)
    await erase(world, visitor)
    async with world.context.db.read() as session:
        topic = Topic(f"conversation:{conversation}")
        entries = (await get_snapshot(session, topic, world.clock.now())).entries
    bodies = [entry.body for entry in entries if entry.kind == "message"]
    assert bodies == [
        ERASED,
        f"Buenos días, {ERASED}: le escribo a {ERASED} en seguida.",
        f"Sigo yo, señora {ERASED}.",
    ]


async def test_folio_times_and_lines_stay(world: World) -> None:
    conversation, visitor = await escalated(world)
    before = await world.ticket(conversation)
    await erase(world, visitor)
    after = await world.ticket(conversation)
    assert before is not None
    assert after is not None
    assert (after.folio, after.severity, after.resolution_due) == (before.folio, before.severity, before.resolution_due)
    async with world.context.db.read() as session:
        snapshot = await get_snapshot(session, Topic(f"conversation:{conversation}"), world.clock.now())
    assert [entry.change for entry in snapshot.entries if entry.kind == "change"][-1] == "escalated"


async def test_their_token_opens_nothing_any_more(world: World) -> None:
    _, visitor = await escalated(world)
    await erase(world, visitor)
    async with world.context.db.read() as session:
        assert await get_visitor(session, PortalId(world.portal.id), hash_token("maria")) is None


async def test_whoever_still_has_the_old_words_is_given_a_snapshot(world: World) -> None:
    conversation, visitor = await escalated(world)
    names = (f"conversation:{conversation}", f"conversation:{conversation}:staff", f"visitor:{visitor.id}")
    topics = [Topic(name) for name in names]
    async with world.context.db.read() as session:
        before = await get_heads(session, topics)
    await erase(world, visitor)
    async with world.context.db.read() as session:
        after = await get_heads(session, topics)
        for topic in topics[:2]:
            assert after[topic] > before[topic]
            assert await get_tail(session, topic, before[topic], after[topic]) is None
            assert await get_tail(session, topic, after[topic], after[topic]) == []
        told = await get_tail(session, topics[2], before[topics[2]], after[topics[2]])
    assert told is not None
    assert ERASED in told[0]


async def test_other_clients_lose_nothing(world: World) -> None:
    _, visitor = await escalated(world)
    val = await world.start("val", body="Yo sigo aquí", name="Val", email="val@example.com")
    desk = Topic(f"desk:{world.portal.id}")
    await erase(world, visitor)
    assert (await world.conversation(val)).state == "queued"
    text = await everything(world)
    assert "Yo sigo aquí" in text
    assert "val@example.com" in text
    async with world.context.db.read() as session:
        rows = (await get_snapshot(session, desk, world.clock.now())).rows
    assert [row.visitor for row in rows] == ["Val"]


async def test_an_open_conversation_is_ended_first(world: World) -> None:
    await world.start("maria", **WHO)
    (visitor,) = await world.all(select(Visitor))
    with pytest.raises(Refused) as refused:
        await erase(world, visitor)
    assert refused.value.code == "conversation_open"
    assert "María" in await everything(world)


async def test_it_is_done_once_and_noted_without_saying_who(world: World) -> None:
    _, visitor = await escalated(world)
    await erase(world, visitor)
    with pytest.raises(Refused):
        await erase(world, visitor)
    entries = [entry for entry in await world.all(select(AuditEntry)) if entry.action == "erase_visitor"]
    assert [(entry.entity, entry.details) for entry in entries] == [
        (f"visitor:{visitor.id}", {"conversations": 1, "tickets": 1})
    ]


async def test_an_address_means_all_its_records_at_one_portal(world: World) -> None:
    await world.start("here", name="Val", email="val@example.com")
    await world.start("there", name="Val", email="val@example.com")
    await world.start("vic")
    async with world.context.unit() as unit:
        assert len(await find_visitors(unit, None, " VAL@example.com", world.portal.public_key)) == 2
        assert await find_visitors(unit, None, "val@example.com", "another") == []
        assert await find_visitors(unit, 99, None, None) == []
        with pytest.raises(Refused):
            await find_visitors(unit, None, "val@example.com", None)
