"""From a client's socket to an agent's and back, with real frames on a real port."""

import pytest

from chatserver.models import Conversation
from tests.wire import Live
from tests.world import CONTACT, fresh

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


async def test_two_tabs_before_the_first_form_are_one_client(live: Live) -> None:
    one, welcome = await live.visitor()
    token = welcome["token"]
    two, same = await live.visitor(token)
    assert (same["token"], same["visitor"]) == (token, None)
    conversation = await live.start(one, body="Hola")
    assert await live.start(two) == conversation
    reloaded, known = await live.visitor(token)
    assert known["visitor"]["name"] == CONTACT["name"]
    await reloaded.leave()


async def test_a_token_that_was_idle_for_too_long_opens_nothing(live: Live) -> None:
    vic, welcome = await live.visitor()
    await live.start(vic, body="Hola")
    await vic.leave()
    await live.noticed(vic)
    live.clock.advance(hours=13)
    _, stranger = await live.visitor(welcome["token"])
    assert stranger["visitor"] is None
    assert stranger["token"] != welcome["token"]


async def test_a_client_who_ends_while_handed_over_leaves_an_answered_conversation(live: Live) -> None:
    ana, _ = await live.staff("ana")
    ben, _ = await live.staff("ben")
    for client in (ana, ben):
        await client.ask("set_state", state="online")
    vic, _ = await live.visitor()
    conversation = await live.start(vic, body="Hola")
    await live.tick()
    owner, other = (ana, "ben") if await holds(live, conversation) == live.agents["ana"].id else (ben, "ana")
    await owner.ask("send_message", conversation=conversation, client_message_id=fresh(), body="Buenos días")
    await owner.ask("transfer", conversation=conversation, agent=live.agents[other].id)
    await vic.change("transferred")
    await vic.ask("end_conversation", conversation=conversation)
    ended = await vic.change("wrap_up")
    assert ended["entry"]["cause"] == "cause.client_left"
    assert ended["conversation"]["state"] == "wrap_up"


async def holds(live: Live, conversation: int) -> int | None:
    async with live.service.db.read() as session:
        return (await session.get_one(Conversation, conversation)).agent_id
