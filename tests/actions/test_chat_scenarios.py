"""The acceptance scenarios of the support process, to the second, in Monterrey time (November 2026)."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
import pytest_asyncio
from sqlmodel import select

from chatserver.models import DeskDay
from chatserver.types import ConversationState as State
from tests.looking import changes_of, clock, owner_of, state_of, ticket_of, words_of
from tests.verify import Applier
from tests.world import CONTACT, MONTERREY, World, fresh, open_world

pytestmark = pytest.mark.asyncio

TUESDAY = datetime(2026, 11, 10, tzinfo=MONTERREY)
WEDNESDAY = datetime(2026, 11, 11, tzinfo=MONTERREY)
FRIDAY = datetime(2026, 11, 13, tzinfo=MONTERREY)
"""Monday the 16th is a holiday."""

SEVERITIES = {
    "S1": ("many", "high", "Tue 17 08:10:00", "Tue 17 11:40:00"),
    "S2": ("core", "high", "Tue 17 08:40:00", "Tue 17 15:40:00"),
    "S3": ("core", "low", "Tue 17 09:40:00", "Thu 19 18:40:00"),
    "S4": ("other", "low", "Tue 17 11:40:00", "Mon 23 18:40:00"),
}


@pytest_asyncio.fixture
async def friday(database_url: str, faces: Applier) -> AsyncIterator[World]:
    async with open_world(database_url, faces, at=clock("18:40", FRIDAY)) as world:
        yield world


def escalation(severity: str, **more: object) -> dict[str, object]:
    impact, urgency, *_ = SEVERITIES[severity]
    said = {"category": "Timbrado", "summary": "No timbra", "rfc": "none", "evidence": "none", "level": 2}
    return {"severity": severity, "impact": impact, "urgency": urgency} | said | more


async def test_1_first_contact(world: World) -> None:
    await world.on_shift("ana")
    conversation = await world.start(body="No puedo timbrar")
    await world.tick()
    await world.until(clock("10:00:45"))
    await world.reply("ana", conversation, "Buenos días, le ayudo")
    for time, side, who in (("10:03", world.say, "vic"), ("10:05", world.reply, "ana"), ("10:09", world.say, "vic")):
        await world.until(clock(time))
        await side(who, conversation, "…")
    await world.until(clock("10:12"))
    await world.staff("ana", "dispose", conversation=conversation, disposition="resolved")
    row = await world.conversation(conversation)
    assert row.first_replied_at is not None
    assert (row.first_replied_at - row.joined_at).total_seconds() == 45
    assert (row.state, world.local(row.ended_at)) == (State.CLOSED, "Tue 10 10:12:00")
    assert await world.ticket(conversation) is None
    assert await changes_of(world, conversation) == ["queued", "offered", "answered", "closed (cause.resolved)"]
    (day,) = await world.all(select(DeskDay))
    assert (day.day, day.started, day.answered, day.closed) == ("2026-11-10", 1, 1, 1)


@pytest.mark.parametrize("severity", SEVERITIES)
async def test_2_friday_evening_by_escalation(friday: World, severity: str) -> None:
    world = friday
    conversation = await world.talk()
    await world.until(clock("18:44", FRIDAY))
    await world.staff("ana", "escalate", conversation=conversation, **escalation(severity))
    ticket = await ticket_of(world, conversation)
    dues = (world.local(ticket.first_reply_due), world.local(ticket.resolution_due))
    assert dues == SEVERITIES[severity][2:]
    assert world.local(ticket.first_replied_at) == "Fri 13 18:40:00"


@pytest.mark.parametrize("origin", ["offline", "missed"])
async def test_2_friday_evening_without_anybody(friday: World, origin: str) -> None:
    """The form, or a wait in vain: a provisional S3 whose clocks run from the moment of contact."""
    world = friday
    if origin == "offline":
        form = {"client_message_id": fresh(), "body": "No puedo timbrar"}
        conversation = int((await world.visitor("vic", "leave_message", contact=CONTACT, **form)).conversation)
    else:
        conversation = await world.start(body="No puedo timbrar")
        await world.until(clock("18:55", FRIDAY))
        assert await state_of(world, conversation) is State.MISSED
    ticket = await ticket_of(world, conversation)
    assert (ticket.origin, ticket.severity, ticket.provisional) == (origin, "S3", True)
    assert world.local(ticket.sla_start) == "Fri 13 18:40:00"
    dues = (world.local(ticket.first_reply_due), world.local(ticket.resolution_due))
    assert dues == SEVERITIES["S3"][2:]


async def test_3_outage_as_far_as_the_chat_goes(database_url: str, faces: Applier) -> None:
    async with open_world(database_url, faces, at=clock("9:00", WEDNESDAY)) as world:
        await world.on_shift("ana")
        conversation = await world.start(body="Todo el portal está caído")
        await world.tick()
        await world.until(clock("9:01", WEDNESDAY))
        await world.reply("ana", conversation)
        await world.until(clock("9:08", WEDNESDAY))
        await world.staff("ana", "escalate", conversation=conversation, **escalation("S1"))
        ticket = await ticket_of(world, conversation)
        assert world.local(ticket.first_replied_at) == "Wed 11 09:01:00"
        # The confirmation is a person's word to the client: the update clock starts with it.
        assert (world.local(ticket.update_due), world.local(ticket.resolution_due)) == (
            "Wed 11 10:08:00",
            "Wed 11 13:00:00",
        )
        await world.jump(clock("10:00", WEDNESDAY))
        await world.reply("ana", conversation, "Seguimos trabajando")
        assert world.local((await ticket_of(world, conversation)).update_due) == "Wed 11 11:00:00"


async def test_4_third_level_as_far_as_the_chat_goes(world: World) -> None:
    conversation = await world.talk()
    await world.until(clock("10:04"))
    await world.staff("ana", "escalate", conversation=conversation, **escalation("S3", level=1))
    ticket = await ticket_of(world, conversation)
    assert (ticket.state, world.local(ticket.resolution_due)) == ("l1_working", "Fri 13 10:00:00")


async def test_6_closing_with_a_queue(friday: World) -> None:
    world = friday
    waiting = {}
    for time, token in (("18:52", "vic"), ("18:58", "val")):
        await world.until(clock(time, FRIDAY))
        waiting[token] = await world.start(token, body="Hola")
    await world.until(clock("18:59:59", FRIDAY))
    assert [await state_of(world, each) for each in waiting.values()] == [State.QUEUED, State.QUEUED]
    await world.until(clock("19:00", FRIDAY))
    assert [await state_of(world, each) for each in waiting.values()] == [State.MISSED, State.MISSED]
    tickets = [await ticket_of(world, each) for each in waiting.values()]
    assert [world.local(each.first_reply_due) for each in tickets] == ["Tue 17 09:52:00", "Tue 17 09:58:00"]
    assert [(each.severity, each.provisional, each.state) for each in tickets] == [("S3", True, "new")] * 2
    assert [each.folio for each in tickets] == ["PG-2026-000001", "PG-2026-000002"]


async def test_7_a_client_gone_within_ten_seconds_is_short(world: World) -> None:
    conversation = await arrives_at_noon(world)
    await world.until(clock("12:00:08"))
    await world.leaves(visitor="vic")
    await world.until(clock("12:01:07"))
    assert await state_of(world, conversation) is State.QUEUED
    await world.until(clock("12:01:08"))
    row = await world.conversation(conversation)
    assert (row.state, row.short) == (State.ABANDONED, True)
    (day,) = await world.all(select(DeskDay))
    assert (day.short, day.abandoned) == (1, 0)


async def test_7_a_client_gone_for_good_has_abandoned_it_a_minute_later(world: World) -> None:
    conversation = await arrives_at_noon(world)
    await world.until(clock("12:02:30"))
    await world.leaves(visitor="vic")
    await world.until(clock("12:03:29"))
    assert await state_of(world, conversation) is State.QUEUED
    await world.until(clock("12:03:30"))
    row = await world.conversation(conversation)
    assert (row.state, row.short, world.local(row.ended_at)) == (State.ABANDONED, False, "Tue 10 12:03:30")
    # They waited for as long as they were there; the minute of grace is no wait.
    assert row.ended_at is not None
    waited = row.ended_at - row.joined_at - world.context.settings.timers.visitor_gone
    assert waited.total_seconds() == 150
    (day,) = await world.all(select(DeskDay))
    assert (day.short, day.abandoned) == (0, 1)


async def test_7_a_client_who_is_back_in_time_keeps_their_place(world: World) -> None:
    conversation = await arrives_at_noon(world)
    await world.until(clock("12:01"))
    later = await world.start("val")
    await world.until(clock("12:02:30"))
    await world.leaves(visitor="vic")
    await world.until(clock("12:02:55"))
    await world.here(visitors=("vic",))
    await world.until(clock("12:05"))
    assert await changes_of(world, conversation) == ["queued", "message_offered"]
    await world.staff("sue", "set_capacity", agent=world.agents["ana"].id, capacity=1)
    await world.on_shift("ana")
    await world.tick()
    assert (await owner_of(world, conversation), await owner_of(world, later)) == ("ana", None)


async def test_7_an_agent_who_drops_out_loses_it_to_another_in_the_same_thread(world: World) -> None:
    world.clock.set(clock("10:58"))
    conversation = await world.talk()
    earlier = await world.start("val")
    await world.staff("sue", "set_capacity", agent=world.agents["ana"].id, capacity=1)
    await world.until(clock("11:00"))
    await world.leaves(agent="ana")
    await world.until(clock("11:00:29"))
    assert await state_of(world, conversation) is State.ACTIVE
    await world.until(clock("11:00:30"))
    row = await world.conversation(conversation)
    assert (row.state, row.returned) == (State.QUEUED, 1)
    await world.until(clock("11:00:50"))
    await world.staff("sue", "set_capacity", agent=world.agents["ben"].id, capacity=1)
    await world.on_shift("ben")
    await world.tick()
    assert (await owner_of(world, conversation), await state_of(world, earlier)) == ("ben", State.QUEUED)
    await world.reply("ben", conversation, "Sigo con usted")
    row = await world.conversation(conversation)
    assert (row.state, world.local(row.first_replied_at)) == (State.ACTIVE, "Tue 10 10:58:00")
    assert await words_of(world, conversation) == ["Hola", "Con gusto", "Sigo con usted"]
    (day,) = await world.all(select(DeskDay))
    assert day.answered == 1


async def arrives_at_noon(world: World) -> int:
    world.clock.set(clock("12:00"))
    return await world.start("vic")
