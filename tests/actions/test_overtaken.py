"""Something happens in a conversation between the reading of a batch and its storing: nothing of the batch is stored as
if it had not. Of SQLite's one writer nothing can come between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio

from chatserver.actions import batch_postgres
from chatserver.actions.batch import Outcome
from chatserver.actions.batch_rows import BatchWork
from chatserver.errors import Refused
from chatserver.protocol.replies import MessageStored
from tests.actions.pen import Pen, bodies, pen_of
from tests.world import World, fresh, open_world

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def world(postgresql_url: str) -> AsyncIterator[World]:
    async with open_world(postgresql_url, None) as opened:
        yield opened


@pytest_asyncio.fixture
async def pen(world: World) -> Pen:
    return await pen_of(world)


class Disturbed:
    """A connection on which something else happens first, each time that messages are about to be stored."""

    def __init__(self, connection: Any, disturb: Callable[[], Awaitable[None]]) -> None:
        self._connection = connection
        self._disturb = disturb

    async def fetch(self, text: str, *columns: Any) -> Any:
        if text == batch_postgres.STORE:
            await self._disturb()
        return await self._connection.fetch(text, *columns)


def between(monkeypatch: pytest.MonkeyPatch, disturb: Callable[[], Awaitable[None]]) -> None:
    """Let it happen between the reading of a batch and its storing."""
    on_postgres = BatchWork.on_postgres

    async def disturbed(self: BatchWork, connection: Any, now: datetime) -> list[Outcome]:
        return await on_postgres(self, Disturbed(connection, disturb), now)

    monkeypatch.setattr(BatchWork, "on_postgres", disturbed)


async def test_whoever_was_overtaken_keeps_their_order_and_loses_nothing(
    world: World, pen: Pen, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await world.talk()
    calm = await world.talk("val", "ben")
    told, others = len(await bodies(world, conversation)), ["y otra cosa"]

    async def disturb() -> None:
        if others:
            await world.reply("ana", conversation, others.pop())

    between(monkeypatch, disturb)
    words = [f"palabra {n}" for n in range(5)]
    saying = [pen.visitor(conversation, word) for word in words]
    replies = await asyncio.gather(*saying, pen.visitor(calm, "sin prisa", token="val"))
    assert (await bodies(world, conversation))[told:] == ["y otra cosa", *words]
    numbers = [reply.seq for reply in replies[:5] if isinstance(reply, MessageStored)]
    head = (await world.conversation(conversation)).seq
    assert numbers == list(range(head - 4, head + 1))
    assert pen.alone == 0


async def test_who_is_overtaken_again_and_again_goes_alone(
    world: World, pen: Pen, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await world.talk()

    async def disturb() -> None:
        await world.staff("ana", "add_note", conversation=conversation, client_message_id=fresh(), body="Ojo")

    between(monkeypatch, disturb)
    words = ["uno", "dos", "tres"]
    await asyncio.gather(*(pen.visitor(conversation, word) for word in words))
    assert [body for body in await bodies(world, conversation) if body in words] == words
    assert pen.alone == 3


async def test_who_lost_the_conversation_meanwhile_says_nothing_in_it(
    world: World, pen: Pen, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await world.talk()
    returned: list[bool] = []

    async def disturb() -> None:
        if not returned:
            returned.append(True)
            await world.staff("ana", "return_to_queue", conversation=conversation)

    between(monkeypatch, disturb)
    with pytest.raises(Refused):
        await pen.staff("ana", conversation, "ya no es mía")
    assert "ya no es mía" not in await bodies(world, conversation)
