"""Guarantee 5: one owner a conversation, one open conversation a client, never more than a capacity, in any race."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlmodel import col, select

from chatserver.actions.routing import route
from chatserver.errors import Refused
from chatserver.models import Agent, Assignment, Conversation
from chatserver.types import OPEN_STATES, AgentState
from chatserver.types import ConversationState as State
from tests.world import World, open_world

pytestmark = pytest.mark.asyncio

ATTEMPTS = 200


async def test_two_hundred_attempts_for_one_place_fill_it_once(database_url: str) -> None:
    """Routing of many processes and supervisors' hands reach for the one place that Ana has."""
    async with open_world(database_url, None) as world:
        ana = world.agents["ana"].id
        conversations = [await world.start(f"visitor-{number}") for number in range(2)]
        await world.staff("sue", "set_capacity", agent=ana, capacity=1)
        await world.on_shift("ana")
        outcomes = await asyncio.gather(
            *(reach(world, conversations[n % 2], by_hand=n % 4 < 2) for n in range(ATTEMPTS))
        )
        assert sum(outcomes) == 1
        assert (await world.agent("ana")).load == 1
        await sound(world)


async def reach(world: World, conversation: int, *, by_hand: bool) -> int:
    if not by_hand:
        return await route(world.context)
    try:
        await world.staff("sue", "assign", conversation=conversation, agent=world.agents["ana"].id)
    except Refused as refused:
        if refused.code not in ("no_room", "already_theirs"):
            raise
        return 0
    return 1


async def test_one_conversation_for_many_hands_has_one_owner(database_url: str) -> None:
    async with open_world(database_url, None) as world:
        await world.on_shift("ana", "ben", "sue")
        conversation = await world.start()
        agents = [world.agents[name].id for name in ("ana", "ben", "sue")]
        outcomes = await asyncio.gather(
            *(world.staff("sue", "assign", conversation=conversation, agent=agents[n % 3]) for n in range(30)),
            *(world.staff("sue", "take_over", conversation=conversation) for _ in range(5)),
            *(route(world.context) for _ in range(5)),
            return_exceptions=True,
        )
        assert_only_refusals(outcomes)
        assert (await world.conversation(conversation)).state is State.OFFERED
        await sound(world)


async def test_a_transfer_many_accept_has_one_owner(database_url: str) -> None:
    async with open_world(database_url, None) as world:
        conversation = await world.talk()
        await world.on_shift("ben")
        await world.staff("ana", "transfer", conversation=conversation, agent=world.agents["ben"].id)
        outcomes = await asyncio.gather(
            *(world.reply("ben", conversation, f"Hola {n}") for n in range(10)),
            *(world.reply("ana", conversation, f"Sigo {n}") for n in range(10)),
            world.staff("ben", "decline_offer", conversation=conversation),
            return_exceptions=True,
        )
        assert_only_refusals(outcomes)
        await sound(world)


async def test_two_tabs_that_start_at_once_are_one_conversation(database_url: str) -> None:
    async with open_world(database_url, None) as world:
        started = await asyncio.gather(*(world.start("vic", body=f"Hola {n}") for n in range(8)))
        assert len(set(started)) == 1
        query = select(Conversation).where(col(Conversation.state).in_(OPEN_STATES))
        assert len(await world.all(query)) == 1


async def test_words_after_the_close_from_two_tabs_are_one_conversation(database_url: str) -> None:
    async with open_world(database_url, None) as world:
        ended = await world.talk()
        await world.staff("ana", "dispose", conversation=ended, disposition="resolved")
        said = await asyncio.gather(*(world.say("vic", ended, f"Otra duda {n}") for n in range(6)), world.start("vic"))
        assert len({each if isinstance(each, int) else each.conversation for each in said}) == 1


async def test_an_agent_who_leaves_while_offers_are_made_keeps_none(database_url: str) -> None:
    async with open_world(database_url, None) as world:
        for number in range(6):
            await world.start(f"visitor-{number}")
        for _ in range(3):
            await world.on_shift("ana")
            await asyncio.gather(
                route(world.context),
                world.staff("ana", "set_state", state="offline", conversations="return"),
                route(world.context),
            )
            await world.tick()
            ana = await world.agent("ana")
            assert (ana.state, ana.load) == (AgentState.OFFLINE, 0)
        await sound(world)


async def sound(world: World) -> None:
    """Loads are the open assignments, no load is above its capacity, nobody shares, states fit."""
    held: list[Assignment] = await world.all(select(Assignment).where(col(Assignment.ended_at).is_(None)))
    loads = Counter(each.agent_id for each in held)
    for agent in await world.all(select(Agent)):
        assert agent.load == loads[agent.id] <= agent.capacity, agent.name
    owners = Counter(each.conversation_id for each in held if each.kind == "owner")
    for row in await world.all(select(Conversation)):
        assert owners[row.id] == (row.state in (State.OFFERED, State.ACTIVE, State.WRAP_UP)), row.state


def assert_only_refusals(outcomes: list[Any]) -> None:
    assert [each for each in outcomes if isinstance(each, BaseException) and not isinstance(each, Refused)] == []
