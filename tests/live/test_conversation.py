"""From a client's socket to an agent's and back, with real frames on a real port."""

import pytest

from tests.wire import Live
from tests.world import fresh

pytestmark = pytest.mark.asyncio


async def test_a_client_says_hello_and_an_agent_answers(live: Live) -> None:
    ana, welcome = await live.staff("ana")
    assert welcome["agent"]["name"] == "Ana"
    for topic in welcome["topics"]:
        await ana.follow(topic)
    await ana.ask("set_state", state="online")
    vic, welcome = await live.visitor()
    assert welcome["portal"]["availability"]["open"] is True
    conversation = await live.start(vic, body="No puedo timbrar")
    position = await vic.event("queue_position")
    assert position["position"] == 1
    await live.tick()
    await ana.event("inbox_added", item__conversation=conversation)
    thread = await ana.follow(f"conversation:{conversation}")
    assert [entry.get("body") for entry in thread["snapshot"]["entries"] if entry["kind"] == "message"] == [
        "No puedo timbrar"
    ]
    await ana.ask("send_message", conversation=conversation, client_message_id=fresh(), body="Le ayudo")
    said = await vic.event("message_sent", entry__body="Le ayudo")
    assert said["entry"]["sender"] == {"kind": "agent", "name": "Ana"}
    seqs = vic.durable(f"conversation:{conversation}")
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


async def test_who_begins_to_look_after_a_client_hears_whether_they_are_there(live: Live) -> None:
    sue, _ = await live.staff("sue")
    vic, _ = await live.visitor()
    conversation = await live.start(vic)
    await sue.follow(f"conversation:{conversation}:staff")
    assert (await sue.event("presence_changed", conversation=conversation))["present"] is True
    await vic.leave()
    await sue.event("presence_changed", conversation=conversation, present=False)
