"""Scenarios 2 to 5 of the support process through the real actions, to the minute (Monterrey, November 2026)."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
import pytest_asyncio

from chatserver.types import TicketState
from tests.looking import clock
from tests.tickets import (
    breaches,
    client_writes,
    escalated,
    get,
    mailed,
    minutes_spent,
    move,
    moves_made,
    staffed,
    warnings,
    write,
)
from tests.verify import Applier
from tests.world import MONTERREY, World, open_world

pytestmark = pytest.mark.asyncio


def day(number: int) -> datetime:
    return datetime(2026, 11, number, tzinfo=MONTERREY)


@pytest_asyncio.fixture
async def friday(database_url: str, faces: Applier) -> AsyncIterator[World]:
    async with open_world(database_url, faces, at=clock("18:40", day(13))) as world:
        yield await staffed(world)


@pytest_asyncio.fixture
async def wednesday(database_url: str, faces: Applier) -> AsyncIterator[World]:
    async with open_world(database_url, faces, at=clock("9:00", day(11))) as world:
        yield await staffed(world)


@pytest.mark.parametrize(
    ("passed_at", "late"), [("8:30", [("update", "Tue 17 12:30:00")]), ("11:00", [])], ids=["early", "told in time"]
)
async def test_2_friday_evening_by_mail(friday: World, passed_at: str, late: list[tuple[str, str]]) -> None:
    world = friday
    ticket = await mailed(world)
    row = await get(world, ticket)
    assert (row.state, row.severity, row.provisional, row.first_replied_at) == ("new", "S3", True, None)
    assert world.local(row.first_reply_due) == "Tue 17 09:40:00"
    await world.jump(clock("8:25", day(17)))
    await move(world, "ana", ticket, "take", severity="S2", category="Timbrado")
    row = await get(world, ticket)
    dues = (row.first_reply_due, row.first_replied_at, row.update_due, row.resolution_due)
    assert [world.local(due)[-8:-3] for due in dues] == ["08:40", "08:25", "12:25", "15:40"]
    await world.jump(clock(passed_at, day(17)))
    await move(world, "ana", ticket, "pass_to_l2", summary="No timbra", rfc="none", evidence="none")
    await move(world, "ben", ticket, "size", sizing="2 h")
    await world.until(clock("14:50", day(17)))
    await move(world, "ben", ticket, "solve", solution="Ya timbra.")
    row = await get(world, ticket)
    assert (row.state, await minutes_spent(world, ticket)) == ("resolved", 430)
    assert await breaches(world, ticket) == late


async def test_3_outage(wednesday: World) -> None:
    world = wednesday
    await world.on_shift("ana")
    conversation = await world.start(body="Todo el portal está caído")
    await world.route()
    await world.jump(clock("9:01", day(11)))
    await world.reply("ana", conversation)
    await world.jump(clock("9:08", day(11)))
    told = {"impact": "many", "urgency": "high", "category": "Portal", "summary": "Caído", "rfc": "none"}
    await world.staff("ana", "escalate", conversation=conversation, severity="S1", level=1, evidence="none", **told)
    row = await world.ticket(conversation)
    assert row is not None
    ticket = row.id
    assert (world.local(row.update_due), world.local(row.resolution_due)) == ("Wed 11 10:08:00", "Wed 11 13:00:00")
    await world.until(clock("10:00", day(11)))
    await write(world, "ana", ticket, "Seguimos trabajando")
    assert world.local((await get(world, ticket)).update_due) == "Wed 11 11:00:00"
    assert await warnings(world, ticket) == [("update", 75, "Wed 11 09:53:00")]
    await world.until(clock("11:00", day(11)))
    assert (await warnings(world, ticket))[1:] == [
        ("update", 75, "Wed 11 10:45:00"),
        ("update", 100, "Wed 11 11:00:00"),
    ]
    assert await breaches(world, ticket) == []
    await world.until(clock("11:00:01", day(11)))
    assert await breaches(world, ticket) == [("update", "Wed 11 11:00:00")]
    assert (await get(world, ticket)).warned == 100
    await world.until(clock("11:10", day(11)))
    await write(world, "ana", ticket, "Ya casi")
    row = await get(world, ticket)
    assert (world.local(row.update_due), row.warned) == ("Wed 11 12:10:00", 0)
    await world.until(clock("12:00", day(11)))
    await move(world, "ana", ticket, "solve", solution="Ya funciona.")
    assert await minutes_spent(world, ticket) == 180
    assert await breaches(world, ticket) == [("update", "Wed 11 11:00:00")]


async def test_4_third_level(world: World) -> None:
    await staffed(world)
    ticket = await escalated(world)
    assert world.local((await get(world, ticket)).resolution_due) == "Fri 13 10:00:00"
    await world.jump(clock("10:40"))
    await move(world, "ana", ticket, "pass_to_l2", summary="El sello", rfc="none", evidence="none")
    await move(world, "ben", ticket, "size", sizing="1 día")
    await world.jump(clock("16:00"))
    await move(world, "ben", ticket, "pass_to_l3", diagnosis="El sello")
    await move(world, "olly", ticket, "start_l3", owner=world.agents["olly"].id)
    await world.jump(clock("12:00", day(11)))
    await move(world, "olly", ticket, "ask_client", question="¿Desde cuándo?")
    row = await get(world, ticket)
    assert (row.state, row.return_state, row.update_due, row.resolution_due) == (
        "waiting_client",
        "l3_working",
        None,
        None,
    )
    await world.jump(clock("9:30", day(13)))
    await world.say("vic", row.conversation_id, "Desde ayer")
    row = await get(world, ticket)
    assert (row.state, row.owner_id) == ("l3_working", world.agents["olly"].id)
    assert world.local(row.resolution_due) == "Tue 17 18:30:00"
    await world.jump(clock("17:00", day(13)))
    await move(world, "olly", ticket, "submit", test_evidence="Pruebas 1 a 9")
    await world.jump(clock("9:00", day(17)))
    assert await world.refused(move(world, "olly", ticket, "validate", **WINDOW)) == "own_solution"
    await move(world, "ben", ticket, "validate", **WINDOW)
    await world.jump(clock("13:10", day(17)))
    released = {"version": "4.2", "released_at": "2026-11-17T13:10:00-06:00"}
    assert await world.refused(move(world, "olly", ticket, "release", **released)) == "not_your_move"
    assert await world.refused(move(world, "sue", ticket, "release", reason="Urge", **released)) == "not_your_move"
    await move(world, "ben", ticket, "release", **released)
    row = await get(world, ticket)
    assert (row.state, row.level, row.owner_id) == (TicketState.RELEASED, 1, world.agents["ana"].id)
    await world.jump(clock("13:25", day(17)))
    await move(world, "ana", ticket, "confirm", message="Ya quedó.")
    assert await minutes_spent(world, ticket) == 1675
    assert [clock_ for clock_, _ in await breaches(world, ticket) if clock_ == "resolution"] == []
    await world.until(clock("13:24:59", day(24)))
    assert (await get(world, ticket)).state == "resolved"
    await world.until(clock("13:25", day(24)))
    row = await get(world, ticket)
    assert (row.state, world.local(row.closed_at)) == ("closed", "Tue 24 13:25:00")


WINDOW = {"release_from": "2026-11-17T13:00:00-06:00", "release_until": "2026-11-17T14:00:00-06:00"}


async def test_5_client_silent(friday: World) -> None:
    world = friday
    world.clock.set(clock("9:58", day(13)))
    ticket = await escalated(world)
    await world.jump(clock("10:00", day(13)))
    await move(world, "ana", ticket, "ask_client", question="¿Desde cuándo?")
    asked = len(await moves_made(world, ticket))
    await world.until(clock("10:01", day(26)))
    assert (await moves_made(world, ticket))[asked:] == [
        ("remind", "Tue 17 10:00:00"),
        ("remind", "Wed 18 10:00:00"),
        ("resolve_unanswered", "Thu 19 10:00:00"),
        ("close", "Thu 26 10:00:00"),
    ]
    assert await breaches(world, ticket) == []


async def test_an_answer_between_reminders_ends_them(friday: World) -> None:
    world = friday
    world.clock.set(clock("9:58", day(13)))
    ticket = await escalated(world)
    await world.jump(clock("10:00", day(13)))
    await move(world, "ana", ticket, "ask_client", question="¿Desde cuándo?")
    await world.until(clock("10:30", day(17)))
    await client_writes(world, ticket)
    row = await get(world, ticket)
    assert (row.state, world.local(row.update_due)) == ("l1_working", "Wed 18 10:30:00")
    await world.until(clock("10:00", day(20)))
    assert [name for name, _ in await moves_made(world, ticket)][-2:] == ["remind", "client_answered"]
