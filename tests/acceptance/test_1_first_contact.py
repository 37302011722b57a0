"""Scenario 1. Tuesday: in at 10:00:00, first reply at 10:00:45, resolved at 10:12. First reply 45 s; closed; no
ticket."""

import pytest

from tests.acceptance.desk import Desk
from tests.acceptance.times import told

pytestmark = [pytest.mark.asyncio, pytest.mark.begins("Tue 10 10:00")]


async def test_answered_and_solved_in_the_chat(desk: Desk) -> None:
    ana = await desk.on_shift("ana")
    vic = await desk.visitor("No puedo timbrar")
    await desk.meanwhile("Tue 10 10:00:45")
    await ana.socket.event("inbox_added", item__conversation=vic.conversation)
    await ana.reply(vic.conversation, "Buenos días, le ayudo")
    await vic.hears("Buenos días, le ayudo")
    row = await desk.conversation(vic.conversation)
    assert row.first_replied_at is not None
    assert (row.first_replied_at - row.started_at).total_seconds() == 45
    for when, speak in (("10:03", vic.say), ("10:05", ana), ("10:09", vic.say)):
        await desk.until(f"Tue 10 {when}")
        await (ana.reply(vic.conversation, "Pruebe ahora") if speak is ana else vic.say("Un momento"))
    await desk.until("Tue 10 10:12")
    await ana.socket.ask("dispose", conversation=vic.conversation, disposition="resolved")
    closed = await vic.socket.change("closed")
    assert (closed["conversation"]["state"], closed["conversation"]["ticket"]) == ("closed", None)
    assert told((await desk.conversation(vic.conversation)).ended_at) == "Tue 10 10:12"
    await desk.tick()
    assert (await desk.tickets(), desk.sink.mails) == ([], [])
    assert "PG-2026" not in (await ana.page("/tickets")).text
