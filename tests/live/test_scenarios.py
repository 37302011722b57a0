"""Scenarios 1, 6 and 7 of the process, through real sockets on a moved clock, to the second."""

from datetime import datetime

import pytest

from chatserver.models import Conversation, Ticket
from chatserver.types import ConversationState as State
from tests.wire import Client, Live
from tests.world import MONTERREY, fresh

pytestmark = pytest.mark.asyncio


def november(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=MONTERREY)


def clock(at: datetime | None) -> str:
    assert at is not None
    return at.astimezone(MONTERREY).strftime("%d %H:%M:%S")


async def stored(live: Live, conversation: int) -> Conversation:
    async with live.service.db.read() as session:
        return await session.get_one(Conversation, conversation)


async def on_shift(live: Live, name: str) -> Client:
    client, welcome = await live.staff(name)
    await client.follow(f"agent:{welcome['agent']['id']}")
    await client.ask("set_state", state="online")
    return client


async def reply(client: Client, conversation: int, body: str) -> dict[str, object]:
    return await client.ask("send_message", conversation=conversation, client_message_id=fresh(), body=body)


async def test_scenario_1_first_contact(live: Live) -> None:
    live.clock.set(november(10, 10, 0))
    ana = await on_shift(live, "ana")
    vic, _ = await live.visitor()
    conversation = await live.start(vic, body="No puedo timbrar")
    await live.until(november(10, 10, 0, 45))
    await ana.event("inbox_added", item__conversation=conversation)
    await reply(ana, conversation, "Buenos días")
    row = await stored(live, conversation)
    assert row.first_replied_at is not None
    assert (row.first_replied_at - row.started_at).total_seconds() == 45
    live.clock.set(november(10, 10, 12))
    await ana.ask("dispose", conversation=conversation, disposition="resolved")
    closed = await vic.change("closed")
    assert closed["conversation"]["state"] == "closed"
    assert closed["conversation"]["ticket"] is None


async def test_scenario_6_closing_with_a_queue(live: Live) -> None:
    waiting: list[tuple[Client, int]] = []
    for minute in (52, 58):
        live.clock.set(november(13, 18, minute))
        client, _ = await live.visitor()
        waiting.append((client, await live.start(client)))
    await live.until(november(13, 18, 59, 59))
    assert {(await stored(live, conversation)).state for _, conversation in waiting} == {State.QUEUED}
    await live.until(november(13, 19, 0))
    tickets = []
    for client, conversation in waiting:
        missed = await client.change("missed")
        assert (await stored(live, conversation)).state is State.MISSED
        tickets.append(missed["conversation"]["ticket"])
    due = [datetime.fromisoformat(ticket["first_reply_due"]) for ticket in tickets]
    assert [clock(at) for at in due] == ["17 09:52:00", "17 09:58:00"]
    assert {(ticket["severity"], ticket["provisional"]) for ticket in tickets} == {("S3", True)}


async def test_scenario_7_out_after_eight_seconds_is_short(live: Live) -> None:
    live.clock.set(november(10, 12, 0))
    vic, _ = await live.visitor()
    conversation = await live.start(vic)
    await live.until(november(10, 12, 0, 8))
    await gone(live, vic)
    await live.until(november(10, 12, 1, 8))
    row = await stored(live, conversation)
    assert (row.state, row.short) == (State.ABANDONED, True)
    async with live.service.db.read() as session:
        assert await session.get(Ticket, 1) is None


async def test_scenario_7_out_for_good_is_abandoned_a_minute_later(live: Live) -> None:
    live.clock.set(november(10, 12, 0))
    vic, _ = await live.visitor()
    conversation = await live.start(vic)
    await live.until(november(10, 12, 2, 30))
    await gone(live, vic)
    await live.until(november(10, 12, 3, 29))
    assert (await stored(live, conversation)).state is State.QUEUED
    await live.until(november(10, 12, 3, 30))
    row = await stored(live, conversation)
    assert (row.state, row.short, clock(row.ended_at)) == (State.ABANDONED, False, "10 12:03:30")


async def test_scenario_7_back_within_the_minute_keeps_its_place(live: Live) -> None:
    live.clock.set(november(10, 12, 0))
    vic, welcome = await live.visitor()
    conversation = await live.start(vic)
    await live.until(november(10, 12, 2, 30))
    await gone(live, vic)
    await live.until(november(10, 12, 2, 55))
    again, recognised = await live.visitor(welcome["token"])
    assert recognised["visitor"] is not None
    await again.follow(f"conversation:{conversation}")
    position = await again.event("queue_position")
    assert position["position"] == 1
    await live.until(november(10, 12, 5))
    row = await stored(live, conversation)
    assert (row.state, clock(row.joined_at)) == (State.QUEUED, "10 12:00:00")


async def test_scenario_7_a_dropped_agent_gives_way_to_another(live: Live) -> None:
    live.clock.set(november(10, 10, 59))
    ana = await on_shift(live, "ana")
    vic, _ = await live.visitor()
    conversation = await live.start(vic, body="No puedo timbrar")
    await live.tick()
    await reply(ana, conversation, "Buenos días")
    first = (await stored(live, conversation)).first_replied_at
    await live.until(november(10, 11, 0))
    await gone(live, ana)
    await live.until(november(10, 11, 0, 29))
    assert (await stored(live, conversation)).state is State.ACTIVE
    await live.until(november(10, 11, 0, 30))
    row = await stored(live, conversation)
    assert (row.state, row.returned) == (State.QUEUED, 1)
    await vic.change("returned")
    live.clock.set(november(10, 11, 0, 50))
    ben = await on_shift(live, "ben")
    await live.tick()
    await ben.event("inbox_added", item__conversation=conversation)
    thread = await ben.follow(f"conversation:{conversation}")
    bodies = [entry["body"] for entry in thread["snapshot"]["entries"] if entry["kind"] == "message"]
    assert bodies == ["No puedo timbrar", "Buenos días"]
    await reply(ben, conversation, "Sigo yo")
    row = await stored(live, conversation)
    assert (row.state, row.first_replied_at) == (State.ACTIVE, first)


async def gone(live: Live, client: Client) -> None:
    """A socket breaks, and the server has noticed."""
    await client.leave()
    await live.noticed(client)
