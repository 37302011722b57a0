"""How a client was helped in a chat: asked when it is over, answered once, changed within a day."""

import pytest
from sqlmodel import select

from chatserver.models import Rating
from tests.world import CONTACT, World, fresh

pytestmark = pytest.mark.asyncio


async def ended(world: World, disposition: str = "resolved") -> int:
    conversation = await world.talk()
    await world.staff("ana", "dispose", conversation=conversation, disposition=disposition)
    return conversation


async def rate(world: World, conversation: int, score: int = 5, comment: str = "", token: str = "vic") -> None:
    await world.visitor(token, "rate_conversation", conversation=conversation, score=score, comment=comment)


async def test_a_chat_that_ended_is_rated_once_and_changed_for_a_day(world: World) -> None:
    conversation = await ended(world)
    await rate(world, conversation, 5, "Rápido")
    world.clock.advance(hours=23)
    await rate(world, conversation, 3)
    (rating,) = await world.all(select(Rating))
    assert (rating.conversation_id, rating.ticket_id, rating.score, rating.comment) == (conversation, None, 3, None)
    world.clock.advance(hours=1)
    assert await world.refused(rate(world, conversation, 1)) == "rated"
    assert (await world.all(select(Rating)))[0].score == 3


async def test_nothing_is_rated_while_it_goes_on_or_when_it_became_a_ticket(world: World) -> None:
    conversation = await world.talk()
    assert await world.refused(rate(world, conversation)) == "not_over"
    await world.staff("ana", "dispose", conversation=conversation, disposition="unresolved")
    assert await world.refused(rate(world, conversation)) == "not_over"


async def test_what_nobody_answered_is_not_rated(world: World) -> None:
    conversation = await world.start()
    await world.visitor("vic", "end_conversation", conversation=conversation)
    assert await world.refused(rate(world, conversation)) == "not_over"


async def test_another_clients_chat_is_as_good_as_none(world: World) -> None:
    conversation = await ended(world)
    await world.start("val", **CONTACT | {"name": "Val", "email": "val@example.com"})
    assert await world.refused(rate(world, conversation, token="val")) == "not_found"
    assert await world.refused(rate(world, 999)) == "not_found"
    assert await world.refused(rate(world, conversation, token=fresh())) == "not_found"
    assert await world.all(select(Rating)) == []


async def test_words_that_cannot_be_kept_are_refused(world: World) -> None:
    conversation = await ended(world)
    assert await world.refused(rate(world, conversation, comment="a\0b")) == "text_unreadable"
    assert await world.all(select(Rating)) == []
