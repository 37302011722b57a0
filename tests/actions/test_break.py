"""A desk that closes at midday and opens again: what is talked about goes on, and ends with the day."""

from datetime import date, datetime, time

import pytest
from sqlmodel import col, select

from chatserver.models import CalendarVersion, Timer
from chatserver.process.conversation import TimerKind
from chatserver.routing.hours import Calendar, Interval, calendar_to_json
from chatserver.types import ConversationState
from tests.world import MONTERREY, World

pytestmark = pytest.mark.asyncio

HOURS = Calendar("America/Monterrey", ((Interval(time(9), time(13)), Interval(time(15), time(18))),) * 7)


def today(at: str) -> datetime:
    return datetime.combine(date(2026, 11, 10), time.fromisoformat(at), MONTERREY)


async def with_a_break(world: World) -> None:
    async with world.context.db.transaction() as transaction:
        for version in await transaction.session.exec(select(CalendarVersion)):
            version.definition = calendar_to_json(HOURS)


async def still_talking(world: World, conversation: int, at: str) -> None:
    """Nothing but the hours is to end it."""
    world.clock.set(today(at))
    await world.here("ana", visitors=("vic",))
    await world.say("vic", conversation)
    await world.reply("ana", conversation)


async def test_a_chat_from_before_the_break_goes_on_after_it_and_ends_after_the_day(world: World) -> None:
    await with_a_break(world)
    conversation = await world.talk()
    await still_talking(world, conversation, "13:29")
    await world.jump(today("13:30"))
    assert (await world.conversation(conversation)).state is ConversationState.ACTIVE
    armed = select(Timer).where(Timer.kind == TimerKind.AFTER_HOURS, col(Timer.done_at).is_(None))
    assert [world.local(timer.due_at) for timer in await world.all(armed)] == ["Tue 10 18:30:00"]
    await still_talking(world, conversation, "18:29")
    await world.jump(today("18:30"))
    assert (await world.conversation(conversation)).state is ConversationState.ESCALATED
    assert await world.all(armed) == []
