"""Who may follow which topic: every kind of topic by every audience, and what a client can ever be sent."""

from typing import Any

import pytest
from sqlmodel import select

from chatserver.models import Portal, Ticket
from chatserver.protocol import events
from chatserver.protocol.catalog import DURABLE_EVENTS, EPHEMERAL_EVENTS, frame_type
from chatserver.queries.access import staff_actor
from chatserver.queries.following import may_follow, which_may_follow
from chatserver.queries.logins import hash_token
from chatserver.types import SYSTEM, Actor, PortalId, Topic, VisitorActor
from tests.looking import describe, everything, restrict
from tests.world import World

pytestmark = pytest.mark.asyncio

# Vic's conversation 1 is answered by Ana, and Val's 2 is missed and became ticket 1. Sue supervises. Ben has nothing.
# Olly is of another team; the portal is the help desk's, as Ana and Ben are.
FOLLOWERS = {
    "conversation:1": {"vic", "ana", "sue"},
    "conversation:1:staff": {"ana", "sue"},
    "conversation:2": {"val", "ana", "ben", "sue"},
    "conversation:2:staff": {"ana", "ben", "sue"},
    "visitor:1": {"vic"},
    "visitor:2": {"val"},
    "agent:1": {"ana"},
    "agent:2": {"ben"},
    "agent:3": {"sue"},
    "agent:4": {"olly"},
    "agents": {"ana", "ben", "sue", "olly"},
    "desk:1": {"ana", "ben", "sue"},
    "board:1:l1": {"ana", "ben", "sue"},
    "board:1:l3": {"ana", "ben", "sue"},
    "ticket:1": {"ana", "ben", "sue"},
}
# What has the form of a topic and is none, or is nobody's.
NOBODY = (
    "conversation",
    "conversation:999",
    "conversation:999:staff",
    "visitor",
    "visitor:999",
    "visitor:1:staff",
    "agent",
    "agent:1:staff",
    "agent:999",
    "agents:1",
    "agents:1:staff",
    "desk",
    "desk:1:staff",
    "desk:999",
    "board",
    "board:1",
    "board:1:staff",
    "board:999:l1",
    "conversation:1:l1",
    "desk:1:l1",
    "ticket:1:l1",
    "ticket",
    "ticket:1:staff",
    "ticket:999",
    "system:1",
)


async def audiences(world: World) -> dict[str, Actor]:
    actors: dict[str, Actor] = {name: staff_actor(await world.agent(name)) for name in ("ana", "ben", "sue", "olly")}
    for token in ("vic", "val"):
        actors[token] = client(world, token, await world.visitor_id(token))
    actors["stranger"] = client(world, "stranger", None)
    return actors | {"system": SYSTEM}


def client(world: World, token: str, id: Any) -> VisitorActor:
    return VisitorActor(PortalId(world.portal.id), hash_token(token), id, "es-MX", None, None)


async def test_every_topic_is_followed_by_its_audience_and_by_nobody_else(world: World) -> None:
    await world.talk("vic")
    missed = await world.start("val", body="Hola")
    form = {"client_message_id": "message-0001", "body": "Llámenme"}
    await world.staff("ana", "set_state", state="away")
    await world.visitor("val", "leave_message", conversation=missed, **form)
    for name in ("ana", "ben"):
        await describe(world, name, teams=["help-desk"])
    await restrict(world, "help-desk")
    assert [each.id for each in await world.all(select(Ticket))] == [1]
    actors = await audiences(world)
    async with world.context.db.read() as session:
        for topic in (*FOLLOWERS, *NOBODY):
            allowed = {name for name, actor in actors.items() if await may_follow(session, actor, Topic(topic))}
            assert (topic, allowed) == (topic, FOLLOWERS.get(topic, set()))
        asked = {(actor, Topic(topic)) for actor in actors.values() for topic in (*FOLLOWERS, *NOBODY)}
        expected = {(actors[name], Topic(topic)) for topic, names in FOLLOWERS.items() for name in names}
        assert await which_may_follow(session, asked) == expected


async def test_every_kind_of_topic_that_ever_speaks_is_judged_here(world: World) -> None:
    conversation = await world.talk("vic")
    await world.staff("ana", "dispose", conversation=conversation, disposition="unresolved")
    spoke = {topic.partition(":")[0] for topic in await topics_of(world)}
    assert spoke == {topic.partition(":")[0] for topic in FOLLOWERS}


async def test_access_ends_with_what_gave_it(world: World) -> None:
    conversation = await world.talk("vic")
    topic = Topic(f"conversation:{conversation}:staff")
    ana = staff_actor(await world.agent("ana"))
    async with world.context.db.read() as session:
        assert await may_follow(session, ana, topic)
    await world.staff("ana", "dispose", conversation=conversation, disposition="resolved")
    async with world.context.db.read() as session:
        assert not await may_follow(session, ana, topic)


async def test_a_client_of_another_portal_is_another_client(world: World) -> None:
    await world.talk("vic")
    async with world.context.db.transaction() as transaction:
        here = await transaction.session.get_one(Portal, world.portal.id)
        there = Portal.model_validate(here.model_dump(exclude={"id"}) | {"public_key": "another-key"})
        transaction.session.add(there)
    vic = VisitorActor(PortalId(there.id), hash_token("vic"), None, "es-MX", None, None)
    async with world.context.db.read() as session:
        assert not await may_follow(session, vic, Topic("conversation:1"))
        assert not await may_follow(session, vic, Topic("visitor:1"))


async def test_no_topic_of_clients_ever_carries_an_event_that_is_not_for_them(world: World) -> None:
    """Everything that happens in a long chat, by topic: what clients may follow has only what they may be sent."""
    conversation = await world.talk("vic")
    await world.on_shift("ben")
    await world.staff("ana", "add_note", conversation=conversation, client_message_id="note-0001", body="Ojo")
    await world.visitor("vic", "mark_seen", conversation=conversation, seq=3)
    await world.staff("ana", "transfer", conversation=conversation, agent=world.agents["ben"].id, note="Sigue tú")
    await world.later(minutes=4)
    await world.staff("ana", "dispose", conversation=conversation, disposition="unresolved")
    await world.start("vic", name="Victoria Visitor")
    rows = (await everything(world))["event_row"]
    seen: dict[bool, set[str]] = {True: set(), False: set()}
    for topic, _, kind, *_ in rows:
        for_clients = topic.startswith("visitor:") or (
            topic.startswith("conversation:") and not topic.endswith("staff")
        )
        seen[for_clients].add(kind)
    allowed = {frame_type(kind) for kind in events.VISITOR_EVENTS}
    assert seen[True] <= allowed
    assert seen[True] | {"message_sent"} == allowed & {frame_type(kind) for kind in DURABLE_EVENTS}
    assert seen[False].isdisjoint(allowed)


async def test_staff_only_words_are_in_no_event_for_clients() -> None:
    """No event that a client may be sent has a field that only staff know."""
    secret = {"reason", "alert", "team", "transfer", "note", "notes", "page", "load", "capacity", "returned", "owner"}
    for kind in events.VISITOR_EVENTS:
        schema = kind.model_json_schema()
        names = set(schema["properties"])
        for part in schema.get("$defs", {}).values():
            names |= set(part.get("properties", {}))
        assert names.isdisjoint(secret), frame_type(kind)
    assert len(events.VISITOR_EVENTS) < len(DURABLE_EVENTS) + len(EPHEMERAL_EVENTS)


async def topics_of(world: World) -> set[str]:
    rows = await everything(world)
    return {row[0] for row in rows["event_row"]} | {row[0] for row in rows["topic_head"]}
