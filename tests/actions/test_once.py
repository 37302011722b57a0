"""Guarantee 2: a command given twice is done once, and answered twice with the same reply."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from chatserver.jobs.timers import clear
from chatserver.protocol.catalog import frame_type
from chatserver.types import ConversationState as State
from chatserver.ws.dispatch import STAFF, VISITOR
from tests.looking import everything, state_of, ticket_of, words_of
from tests.world import CONTACT, World, open_world

pytestmark = pytest.mark.asyncio


@dataclass(frozen=True)
class Given:
    """A command that is carried out in a world where `before` happened; it returns fields to add."""

    who: str
    kind: str
    fields: dict[str, Any]
    before: Callable[[World], Awaitable[dict[str, Any]]]
    other: dict[str, Any] = field(default_factory=dict)


async def nothing(_world: World) -> dict[str, Any]:
    return {}


async def waiting(world: World) -> dict[str, Any]:
    return {"conversation": await world.start()}


async def offered(world: World) -> dict[str, Any]:
    await world.on_shift("ana")
    conversation = await world.start()
    await world.route()
    return {"conversation": conversation}


async def active(world: World) -> dict[str, Any]:
    conversation = await world.talk()
    await world.on_shift("ben", "sue")
    return {"conversation": conversation}


async def busy(world: World) -> dict[str, Any]:
    await active(world)
    return {}


async def closed(world: World) -> dict[str, Any]:
    known = await active(world)
    await world.staff("ana", "dispose", conversation=known["conversation"], disposition="resolved")
    return known


ESCALATION = {
    "severity": "S3",
    "impact": "other",
    "urgency": "high",
    "level": 1,
    "category": "Otro",
    "summary": "No timbra",
    "rfc": "none",
    "evidence": "none",
}


async def ticketed(world: World) -> dict[str, Any]:
    known = await active(world)
    await world.staff("ana", "escalate", **known, **ESCALATION)
    return {"ticket": (await ticket_of(world, known["conversation"])).id}


async def unclaimed(world: World) -> dict[str, Any]:
    known = await active(world)
    await world.staff("ana", "dispose", **known, disposition="unresolved")
    return {"ticket": (await ticket_of(world, known["conversation"])).id}


async def ticketed_twice(world: World) -> dict[str, Any]:
    known = await ticketed(world)
    conversation = await world.talk("val")
    await world.staff("ana", "escalate", conversation=conversation, **ESCALATION)
    return known


MESSAGE = {"client_message_id": "message-0001", "body": "Hola"}
FORM = MESSAGE | {"contact": CONTACT}
OTHER_WORDS = {"body": "Otra cosa"}

GIVEN = (
    Given("vic", "start_conversation", FORM, nothing, OTHER_WORDS),
    Given("vic", "leave_message", FORM, nothing, OTHER_WORDS),
    Given("vic", "leave_message", MESSAGE, waiting, OTHER_WORDS),
    Given("vic", "send_message", MESSAGE, active, OTHER_WORDS),
    Given("vic", "send_message", MESSAGE, closed, OTHER_WORDS),
    Given("vic", "mark_seen", {"seq": 2}, active),
    Given("vic", "end_conversation", {}, active, {"conversation": 4711}),
    Given("vic", "end_conversation", {}, waiting),
    Given("vic", "rate_conversation", {"score": 5, "comment": "Gracias"}, closed, {"score": 1}),
    Given("ana", "send_message", MESSAGE, offered, OTHER_WORDS),
    Given("ana", "add_note", MESSAGE, active, OTHER_WORDS),
    Given("ana", "mark_seen", {"seq": 2}, active),
    Given("ana", "end_conversation", {}, active),
    Given("ana", "set_state", {"state": "online"}, nothing, {"state": "away"}),
    Given("ana", "set_state", {"state": "offline", "conversations": "return"}, busy),
    Given("ana", "decline_offer", {}, offered, {"conversation": 4711}),
    Given("ana", "transfer", {"level": 1, "note": "Sigue tú"}, active, {"level": 2}),
    Given("ana", "return_to_queue", {"note": "Otra vez"}, active, {"note": "Otra"}),
    Given("ana", "dispose", {"disposition": "resolved"}, active, {"disposition": "spam"}),
    Given("ana", "dispose", {"disposition": "unresolved"}, active),
    Given("ana", "escalate", ESCALATION, active, {"severity": "S1"}),
    Given("ana", "extend", {}, active),
    Given("sue", "assign", {"agent": 2}, active, {"agent": 3}),
    Given("sue", "take_over", {}, active, {"conversation": 4711}),
    Given("ana", "move_ticket", {"move": "solve", "form": {"solution": "Ya timbra"}}, ticketed, {"move": "put_back"}),
    Given("ana", "say_on_ticket", MESSAGE, ticketed, OTHER_WORDS),
    Given("ana", "claim_ticket", {}, unclaimed, {"ticket": 4711}),
    Given("ana", "link_ticket", {"link": "causes", "other": 2}, ticketed_twice, {"link": "follows"}),
    Given("ana", "tag_ticket", {"external_cause": True}, ticketed, {"external_cause": False}),
    Given("sue", "set_capacity", {"agent": 1, "capacity": 5}, nothing, {"capacity": 6}),
)


def name_of(given: Given) -> str:
    return f"{given.who}-{given.kind}-{given.before.__name__}"


async def test_every_command_that_changes_something_is_here() -> None:
    tested = {(given.who == "vic", given.kind) for given in GIVEN}
    assert tested == {(True, frame_type(kind)) for kind in VISITOR} | {(False, frame_type(kind)) for kind in STAFF}


@pytest.mark.parametrize("given", GIVEN, ids=name_of)
async def test_given_again_at_once_or_later_it_is_done_once_and_answered_alike(database_url: str, given: Given) -> None:
    async with open_world(database_url, None) as world:
        fields = given.fields | await given.before(world) | {"ref": "ref-of-the-first"}
        side = world.visitor if given.who == "vic" else world.staff
        world.clock.advance(seconds=5)
        first, *others = await asyncio.gather(*(side(given.who, given.kind, **fields) for _ in range(4)))
        assert others == [first] * 3
        rows = await everything(world)
        world.clock.advance(seconds=5)
        assert await side(given.who, given.kind, **fields) == first
        assert await everything(world) == rows
        if given.other:
            assert await world.refused(side(given.who, given.kind, **fields | given.other)) == "conflict"
            assert await everything(world) == rows


async def test_a_message_is_known_by_its_own_id_whatever_its_ref(world: World) -> None:
    conversation = await world.talk()
    first = await world.say("vic", conversation, "Gracias", client_message_id="message-0001")
    again = await world.say("vic", conversation, "Gracias", client_message_id="message-0001")
    assert again == first.model_copy(update={"ref": again.ref})
    assert await words_of(world, conversation) == ["Hola", "Con gusto", "Gracias"]
    reply = await world.reply("ana", conversation, "A usted", client_message_id="message-0001")
    assert reply.seq == first.seq + 1  # another sender's id is another id


@pytest.mark.parametrize("ended", ["closed", "escalated"])
async def test_a_retry_after_the_end_still_gets_its_first_answer(world: World, ended: str) -> None:
    conversation = await world.talk()
    said = await world.say("vic", conversation, "Gracias", client_message_id="message-0001")
    replied = await world.reply("ana", conversation, "A usted", client_message_id="message-0001")
    disposition = "resolved" if ended == "closed" else "unresolved"
    await world.staff("ana", "dispose", conversation=conversation, disposition=disposition)
    rows = await everything(world)
    again = await world.say("vic", conversation, "Gracias", client_message_id="message-0001")
    assert (again.type, again.seq, again.at) == ("message_stored", said.seq, said.at)
    again = await world.reply("ana", conversation, "A usted", client_message_id="message-0001")
    assert (again.type, again.seq, again.at) == ("message_stored", replied.seq, replied.at)
    assert await everything(world) == rows
    refusal = world.say("vic", conversation, "Otra cosa", client_message_id="message-0001")
    assert await world.refused(refusal) == "conflict"


async def test_a_word_that_joined_a_later_conversation_is_not_said_twice(world: World) -> None:
    """Vic writes in the oldest thread while the third conversation is open; the ack is lost, and that one closes."""
    oldest, _, latest = [await answered_and_closed(world, last=number == 2) for number in range(3)]
    first = await world.say("vic", oldest, "Sigo aquí", client_message_id="message-0001")
    assert first.conversation == latest
    await world.staff("ana", "dispose", conversation=latest, disposition="resolved")
    again = await world.say("vic", oldest, "Sigo aquí", client_message_id="message-0001")
    assert (again.conversation, again.message_seq) == (latest, first.message_seq)
    assert await words_of(world, latest) == ["Hola", "Con gusto", "Sigo aquí"]


async def answered_and_closed(world: World, *, last: bool) -> int:
    conversation = await world.talk()
    if not last:
        await world.staff("ana", "dispose", conversation=conversation, disposition="resolved")
    return conversation


async def test_a_refusal_is_not_kept(world: World) -> None:
    conversation = await world.start()
    fields = {"conversation": conversation, "ref": "ref-of-the-first"}
    assert await world.refused(world.visitor("val", "end_conversation", **fields)) == "not_found"
    assert await world.refused(world.visitor("val", "end_conversation", **fields)) == "not_found"
    await world.visitor("vic", "end_conversation", **fields)  # a ref is its sender's own
    assert await state_of(world, conversation) is State.ABANDONED


async def test_first_replies_are_kept_for_a_day(world: World) -> None:
    known = {"conversation": await world.talk(), "ref": "ref-of-the-first"}
    await world.staff("ana", "return_to_queue", **known)
    world.clock.advance(hours=23, minutes=59)
    await clear(world.context)
    await world.staff("ana", "return_to_queue", **known)
    world.clock.advance(minutes=2)
    await clear(world.context)
    assert await world.refused(world.staff("ana", "return_to_queue", **known)) == "not_found"
