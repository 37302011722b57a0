"""Every command by everybody who may not give it, made from the vocabulary: a new command without a rule fails here."""

import json
from typing import Any

import pytest

from chatserver.errors import Refused
from chatserver.protocol.base import Wire
from chatserver.protocol.catalog import frame_type
from chatserver.protocol.codec import BadFrame, parse_command
from chatserver.protocol.commands import AddNote
from chatserver.ws.dispatch import STAFF, VISITOR
from tests.looking import everything, restrict, words_of
from tests.world import CONTACT, World, fresh

pytestmark = pytest.mark.asyncio

SAMPLES: dict[str, Any] = {
    "agent": 2,
    "body": "Hola",
    "capacity": 9,
    "category": "Otro",
    "contact": CONTACT,
    "disposition": "resolved",
    "evidence": "none",
    "external_cause": True,
    "impact": "other",
    "level": 1,
    "link": "causes",
    "move": "solve",
    "other": 2,
    "rfc": "none",
    "score": 5,
    "seq": 1,
    "severity": "S3",
    "state": "away",
    "summary": "No timbra",
    "ticket": 1,
    "urgency": "low",
}

OF_CONVERSATIONS = [kind for kind in STAFF if "conversation" in kind.model_fields]
KINDS = {frame_type(kind): kind for kind in STAFF}
SUPERVISING = ("assign", "take_over", "set_capacity")


def fields_of(kind: type[Wire], conversation: int) -> dict[str, Any]:
    """Fields that are right in every respect but whose they are."""
    known = SAMPLES | {"conversation": conversation, "client_message_id": fresh()}
    needed = {name for name, field in kind.model_fields.items() if field.is_required()} - {"type", "ref"}
    return {name: known[name] for name in needed | ({"conversation"} & set(kind.model_fields))}


@pytest.mark.parametrize("who", ["ben", "olly"])
async def test_an_agent_cannot_touch_what_is_not_theirs(world: World, who: str) -> None:
    """Ben does not hold it. Olly is of another team and does not even see the portal. What is not there is answered
    in the same words."""
    conversation = await world.talk()
    await world.on_shift("ben", "olly")
    await restrict(world, "help-desk")
    before = await everything(world)
    for kind in OF_CONVERSATIONS:
        wanted = "not_allowed" if frame_type(kind) in SUPERVISING else "not_found"
        for number in (conversation, 4711):
            code = await answer(world, who, frame_type(kind), **fields_of(kind, number))
            assert (frame_type(kind), number, code) == (frame_type(kind), number, wanted)
    assert await everything(world) == before


@pytest.mark.parametrize("kind", [kind for kind in STAFF if frame_type(kind) in SUPERVISING], ids=frame_type)
async def test_only_a_supervisor_supervises(world: World, kind: type[Wire]) -> None:
    conversation = await world.talk()
    await world.on_shift("ben", "sue")
    assert await world.refused(world.staff("ana", frame_type(kind), **fields_of(kind, conversation))) == "not_allowed"
    reply = await world.staff("sue", frame_type(kind), **fields_of(kind, conversation))
    assert reply.type == "done"


SUPERVISOR_MAY = {
    "add_note": "message_stored",
    "assign": "done",
    "dispose": "done",
    "end_conversation": "done",
    "escalate": "ticket_opened",
    "extend": "done",
    "mark_seen": "done",
    "return_to_queue": "done",
    "take_over": "done",
    "transfer": "done",
    # To answer a client, or to refuse an offer, one has to have it: a supervisor takes it over first.
    "decline_offer": "wrong_state",
    "send_message": "not_owner",
}


async def test_a_supervisor_may_act_on_what_an_agent_has(world: World) -> None:
    await world.staff("sue", "set_capacity", agent=world.agents["ana"].id, capacity=50)
    conversations = {kind: await world.talk(f"client-of-{kind}") for kind in map(frame_type, OF_CONVERSATIONS)}
    await world.on_shift("ben", "sue")
    answers = {
        kind: await answer(world, "sue", kind, **fields_of(KINDS[kind], conversation))
        for kind, conversation in conversations.items()
    }
    assert answers == SUPERVISOR_MAY


@pytest.mark.parametrize("known", [True, False], ids=["client", "stranger"])
async def test_a_client_cannot_touch_anothers_conversation(world: World, known: bool) -> None:
    conversation = await world.talk("vic")
    waiting = await world.start("vera", body="Hola")
    if known:
        await world.start("val")
    before = await everything(world)
    for kind in VISITOR:
        for foreign in (conversation, waiting, 4711) if "conversation" in kind.model_fields else ():
            fields = fields_of(kind, foreign)
            assert await world.refused(world.visitor("val", frame_type(kind), **fields)) == "not_found", kind
    assert await everything(world) == before


@pytest.mark.parametrize("kind", [kind for kind in STAFF if kind not in VISITOR], ids=frame_type)
async def test_a_client_cannot_even_say_what_is_for_staff(kind: type[Wire]) -> None:
    fields = {"type": frame_type(kind), "ref": fresh()} | fields_of(kind, 1)
    text = kind.model_validate_json(json.dumps(fields)).model_dump_json()
    with pytest.raises(BadFrame):
        parse_command(text, staff=False)


async def test_an_agent_sees_the_earlier_threads_of_the_clients_they_have(world: World) -> None:
    earlier = await world.talk("vic", "ben")
    await world.staff("ben", "dispose", conversation=earlier, disposition="resolved")
    assert await answer(world, "ana", "add_note", **fields_of(AddNote, earlier)) == "not_found"
    await world.staff("ben", "set_state", state="offline")
    await world.talk("vic", "ana")
    assert await answer(world, "ana", "add_note", **fields_of(AddNote, earlier)) == "message_stored"
    assert await words_of(world, earlier, notes=True) == ["Hola"]


async def test_every_agent_of_the_portal_sees_its_tickets(world: World) -> None:
    conversation = await world.talk()
    await world.staff("ana", "dispose", conversation=conversation, disposition="unresolved")
    assert await answer(world, "ben", "add_note", **fields_of(AddNote, conversation)) == "message_stored"
    await restrict(world, "help-desk")
    assert await answer(world, "olly", "add_note", **fields_of(AddNote, conversation)) == "not_found"


async def answer(world: World, who: str, kind: str, **fields: Any) -> str:
    """The type of the reply, or the code of the refusal."""
    try:
        reply = await world.staff(who, kind, **fields)
    except Refused as refused:
        return refused.code
    return str(reply.type)
