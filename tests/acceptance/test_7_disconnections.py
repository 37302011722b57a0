"""Scenario 7. Clients and agents whose line drops, to the second."""

import pytest

from tests.acceptance.desk import Desk
from tests.acceptance.times import told

pytestmark = pytest.mark.asyncio

noon = pytest.mark.begins("Tue 10 12:00")


@noon
async def test_out_after_eight_seconds_is_short(desk: Desk) -> None:
    vic = await desk.visitor()
    await desk.meanwhile("Tue 10 12:00:08")
    await vic.leave()
    await desk.meanwhile("Tue 10 12:01:07")
    assert (await desk.conversation(vic.conversation)).state == "queued"
    await desk.meanwhile("Tue 10 12:01:08")
    row = await desk.conversation(vic.conversation)
    assert (row.state, row.short, await desk.tickets()) == ("abandoned", True, [])


@noon
async def test_out_for_good_has_abandoned_it_a_minute_later(desk: Desk) -> None:
    vic = await desk.visitor()
    await desk.meanwhile("Tue 10 12:02:30")
    await vic.leave()
    await desk.meanwhile("Tue 10 12:03:29")
    assert (await desk.conversation(vic.conversation)).state == "queued"
    await desk.meanwhile("Tue 10 12:03:30")
    row = await desk.conversation(vic.conversation)
    assert (row.state, row.short, told(row.ended_at)) == ("abandoned", False, "Tue 10 12:03:30")
    assert row.ended_at is not None
    # They waited for as long as they were there; the minute of grace is no wait.
    waited = row.ended_at - row.joined_at - desk.live.service.settings.timers.visitor_gone
    assert waited.total_seconds() == 150


@noon
async def test_back_within_the_minute_keeps_their_place(desk: Desk) -> None:
    vic = await desk.visitor()
    await desk.meanwhile("Tue 10 12:02:30")
    await vic.leave()
    await desk.meanwhile("Tue 10 12:02:55")
    again, recognised = await desk.live.visitor(vic.token)
    assert recognised["visitor"] is not None
    await again.follow(f"conversation:{vic.conversation}")
    assert (await again.event("queue_position"))["position"] == 1
    await desk.meanwhile("Tue 10 12:05")
    row = await desk.conversation(vic.conversation)
    assert (row.state, told(row.joined_at)) == ("queued", "Tue 10 12:00")


@pytest.mark.begins("Tue 10 10:58")
async def test_a_dropped_agent_gives_way_to_another_in_the_same_thread(desk: Desk) -> None:
    ana = await desk.on_shift("ana")
    vic = await desk.visitor("No puedo timbrar")
    await desk.tick()
    await ana.reply(vic.conversation, "Buenos días")
    first = (await desk.conversation(vic.conversation)).first_replied_at
    await desk.meanwhile("Tue 10 11:00")
    await ana.leave()
    await desk.meanwhile("Tue 10 11:00:29")
    assert (await desk.conversation(vic.conversation)).state == "active"
    await desk.meanwhile("Tue 10 11:00:30")
    row = await desk.conversation(vic.conversation)
    assert (row.state, row.returned) == ("queued", 1)
    await vic.socket.change("returned")
    await desk.meanwhile("Tue 10 11:00:50")
    ben = await desk.on_shift("ben")
    await desk.tick()
    await ben.socket.event("inbox_added", item__conversation=vic.conversation)
    thread = await ben.socket.follow(f"conversation:{vic.conversation}")
    bodies = [entry["body"] for entry in thread["snapshot"]["entries"] if entry["kind"] == "message"]
    assert bodies == ["No puedo timbrar", "Buenos días"]
    await ben.reply(vic.conversation, "Sigo yo")
    await vic.hears("Sigo yo")
    row = await desk.conversation(vic.conversation)
    assert (row.state, row.first_replied_at) == ("active", first)
