"""The row `queued` of process.md: what becomes of a client who waits."""

import pytest

from chatserver.types import ConversationState as State
from chatserver.types import TicketState
from tests.looking import changes_of, clock, owner_of, state_of, ticket_of, words_of
from tests.world import World, fresh

pytestmark = pytest.mark.asyncio


async def test_an_agent_with_room_is_offered_it_at_once(world: World) -> None:
    conversation = await world.start()
    await world.on_shift("ana")
    assert await world.route() == 1
    assert (await state_of(world, conversation), await owner_of(world, conversation)) == (State.OFFERED, "ana")


async def test_after_three_minutes_the_message_form_is_offered(world: World) -> None:
    conversation = await world.start()
    await world.until(clock("10:02:59"))
    assert not (await world.conversation(conversation)).message_offered
    await world.until(clock("10:03:00"))
    assert (await world.conversation(conversation)).message_offered
    await world.until(clock("10:10"))
    assert await changes_of(world, conversation) == ["queued", "message_offered"]


async def test_a_message_instead_of_the_wait_is_a_ticket_that_counts_from_joining(world: World) -> None:
    conversation = await world.start(body="No puedo timbrar")
    await world.until(clock("10:04"))
    reply = await world.visitor(
        "vic", "leave_message", conversation=conversation, client_message_id=fresh(), body="Llámenme, por favor"
    )
    ticket = await ticket_of(world, conversation)
    assert await state_of(world, conversation) is State.MISSED
    assert await changes_of(world, conversation) == ["queued", "message_offered", "left_message"]
    assert await words_of(world, conversation) == ["No puedo timbrar", "Llámenme, por favor"]
    assert (ticket.origin, ticket.state, ticket.severity, ticket.provisional) == ("missed", TicketState.NEW, "S3", True)
    assert (world.local(ticket.sla_start), world.local(ticket.first_reply_due)) == (
        "Tue 10 10:00:00",
        "Tue 10 12:00:00",
    )
    assert (reply.ticket.folio, ticket.folio) == ("PG-2026-000001", "PG-2026-000001")


async def test_after_fifteen_minutes_it_is_missed_and_a_ticket(world: World) -> None:
    conversation = await world.start()
    await world.until(clock("10:14:59"))
    assert await state_of(world, conversation) is State.QUEUED
    await world.until(clock("10:15:00"))
    assert await state_of(world, conversation) is State.MISSED
    ticket = await ticket_of(world, conversation)
    assert (world.local(ticket.sla_start), world.local(ticket.created_at)) == ("Tue 10 10:00:00", "Tue 10 10:15:00")
    assert await changes_of(world, conversation) == ["queued", "message_offered", "missed (cause.nobody_came)"]
    ended = (await world.conversation(conversation)).ended_at
    assert world.local(ended) == "Tue 10 10:15:00"


async def test_a_timer_that_fires_late_does_what_is_due_by_then_and_nothing_before_it(world: World) -> None:
    conversation = await world.start()
    await world.jump(clock("10:40"))
    assert await changes_of(world, conversation) == ["queued", "missed (cause.nobody_came)"]


async def test_at_closing_time_nobody_waits_any_more(world: World) -> None:
    world.clock.set(clock("18:50"))
    conversation = await world.start()
    await world.until(clock("18:59:59"))
    assert await state_of(world, conversation) is State.QUEUED
    await world.until(clock("19:00:00"))
    assert await state_of(world, conversation) is State.MISSED


async def test_the_form_is_for_those_who_wait(world: World) -> None:
    conversation = await world.talk()
    message = {"client_message_id": fresh(), "body": "Hola"}
    assert await world.refused(world.visitor("vic", "leave_message", conversation=conversation, **message)) == (
        "wrong_state"
    )
    assert await world.refused(world.visitor("val", "leave_message", **message)) == "contact_missing"


async def test_a_client_who_leaves_by_themselves_is_out_of_the_queue(world: World) -> None:
    conversation = await world.start()
    await world.until(clock("10:01"))
    await world.visitor("vic", "end_conversation", conversation=conversation)
    row = await world.conversation(conversation)
    assert (row.state, row.short) == (State.ABANDONED, False)
    assert await world.ticket(conversation) is None


async def test_a_client_whose_desk_is_closed_cannot_join(world: World) -> None:
    world.clock.set(clock("19:00"))
    assert await world.refused(world.start()) == "closed"
    world.clock.set(clock("18:59:59"))
    assert await state_of(world, await world.start()) is State.QUEUED


async def test_two_tabs_are_one_conversation(world: World) -> None:
    conversation = await world.start(body="Hola")
    assert await world.start(body="¿Hay alguien?") == conversation
    assert await words_of(world, conversation) == ["Hola", "¿Hay alguien?"]
    assert await changes_of(world, conversation) == ["queued"]
