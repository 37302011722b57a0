"""The row `wrap_up` of process.md, and what becomes of words that come after the end."""

import pytest

from chatserver.types import ConversationState as State
from chatserver.types import TicketState
from tests.looking import changes_of, clock, loads_of, owner_of, state_of, ticket_of, words_of
from tests.world import World, fresh

pytestmark = pytest.mark.asyncio


async def wrapped_up(world: World) -> int:
    """Ana had the last word at 10:00 and ended it at 10:02."""
    conversation = await world.talk()
    await world.until(clock("10:02"))
    await world.staff("ana", "end_conversation", conversation=conversation)
    return conversation


@pytest.mark.parametrize(
    ("disposition", "state", "line"),
    [
        ("resolved", State.CLOSED, "closed (cause.resolved)"),
        ("spam", State.CLOSED, "closed"),
        ("unresolved", State.ESCALATED, "escalated (cause.unresolved)"),
    ],
)
@pytest.mark.parametrize("ended_first", [True, False])
async def test_a_disposition_ends_it(
    world: World, disposition: str, state: State, line: str, ended_first: bool
) -> None:
    conversation = await (wrapped_up(world) if ended_first else world.talk())
    await world.staff("ana", "dispose", conversation=conversation, disposition=disposition)
    row = await world.conversation(conversation)
    assert (row.state, row.disposition) == (state, disposition)
    assert (await changes_of(world, conversation))[-1] == line
    assert await loads_of(world, "ana") == (0,)
    ticket = await world.ticket(conversation)
    assert (ticket is not None) == (state is State.ESCALATED)


async def test_it_still_takes_a_place_until_it_ends(world: World) -> None:
    await world.staff("sue", "set_capacity", agent=world.agents["ana"].id, capacity=1)
    conversation = await wrapped_up(world)
    other = await world.start("val")
    await world.route()
    assert await owner_of(world, other) is None
    await world.staff("ana", "dispose", conversation=conversation, disposition="resolved")
    await world.route()
    assert await owner_of(world, other) == "ana"


async def test_a_word_of_the_client_resumes_it_with_the_same_agent(world: World) -> None:
    conversation = await wrapped_up(world)
    await world.until(clock("10:03"))
    await world.say("vic", conversation, "Una cosa más")
    assert (await state_of(world, conversation), await owner_of(world, conversation)) == (State.ACTIVE, "ana")
    await world.until(clock("10:04:30"))
    assert await state_of(world, conversation) is State.ACTIVE
    assert await changes_of(world, conversation) == ["queued", "offered", "answered", "wrap_up", "resumed"]


async def test_a_word_from_the_form_resumes_it_too(world: World) -> None:
    conversation = await wrapped_up(world)
    assert await world.start("vic", body="Una cosa más") == conversation
    assert await state_of(world, conversation) is State.ACTIVE


async def test_after_two_minutes_it_closes_as_unclassified_when_the_agent_spoke_last(world: World) -> None:
    conversation = await wrapped_up(world)
    await world.until(clock("10:03:59"))
    assert await state_of(world, conversation) is State.WRAP_UP
    await world.until(clock("10:04:00"))
    row = await world.conversation(conversation)
    assert (row.state, row.disposition) == (State.CLOSED, None)
    assert (await changes_of(world, conversation))[-1] == "closed (cause.unclassified)"


async def test_after_two_minutes_it_is_a_ticket_when_the_client_spoke_last(world: World) -> None:
    conversation = await world.talk()
    await world.until(clock("10:01"))
    await world.say("vic", conversation)
    await world.until(clock("10:02"))
    await world.visitor("vic", "end_conversation", conversation=conversation)
    await world.until(clock("10:03:59"))
    assert await state_of(world, conversation) is State.WRAP_UP
    await world.until(clock("10:04:00"))
    assert await state_of(world, conversation) is State.ESCALATED
    assert (await ticket_of(world, conversation)).severity == "S3"


async def test_a_client_who_resumes_while_the_agent_is_gone_is_not_left_alone(world: World) -> None:
    conversation = await wrapped_up(world)
    await world.leaves(agent="ana")
    await world.until(clock("10:02:45"))  # Ana is judged gone; what is being wrapped up stays as it is
    assert await state_of(world, conversation) is State.WRAP_UP
    await world.say("vic", conversation, "Una cosa más")
    await world.tick()
    assert await state_of(world, conversation) is State.QUEUED
    assert (await changes_of(world, conversation))[-2:] == ["resumed", "returned (cause.gone)"]


async def test_words_after_the_close_begin_a_new_conversation_that_shows_the_old(world: World) -> None:
    conversation = await world.talk()
    await world.staff("ana", "dispose", conversation=conversation, disposition="resolved")
    reply = await world.say("vic", conversation, "Otra duda")
    assert reply.conversation != conversation
    row = await world.conversation(reply.conversation)
    assert (row.state, row.previous_id, row.subject) == (State.QUEUED, conversation, "Timbrado")
    assert await words_of(world, reply.conversation) == ["Otra duda"]
    assert await words_of(world, conversation) == ["Hola", "Con gusto"]


async def test_words_after_the_close_of_the_desk_are_a_message_out_of_hours(world: World) -> None:
    conversation = await world.talk()
    await world.staff("ana", "dispose", conversation=conversation, disposition="resolved")
    world.clock.set(clock("20:00"))
    reply = await world.say("vic", conversation, "Otra duda")
    assert await state_of(world, reply.conversation) is State.OFFLINE
    assert (await ticket_of(world, reply.conversation)).origin == "offline"


async def test_words_after_an_abandoned_wait_begin_a_new_conversation_unless_it_became_a_ticket(world: World) -> None:
    silent, spoken = await world.start("vic"), await world.start("val", body="Hola")
    for token, conversation in (("vic", silent), ("val", spoken)):
        await world.visitor(token, "end_conversation", conversation=conversation)
    assert (await world.say("vic", silent)).conversation != silent
    assert (await world.say("val", spoken)).conversation == spoken


@pytest.mark.parametrize("how", ["escalated", "missed", "offline"])
async def test_words_after_it_became_a_ticket_join_the_ticket(world: World, how: str) -> None:
    conversation = await became_a_ticket(world, how)
    assert await state_of(world, conversation) == how
    await world.later(minutes=1)
    reply = await world.say("vic", conversation, "¿Hay novedades?")
    assert (reply.type, reply.conversation) == ("message_stored", conversation)
    assert (await words_of(world, conversation))[-1] == "¿Hay novedades?"
    assert await state_of(world, conversation) == how


@pytest.mark.parametrize("how", ["missed", "offline"])
async def test_the_first_human_answer_in_a_tickets_thread_stops_its_first_reply(world: World, how: str) -> None:
    conversation = await became_a_ticket(world, how)
    assert (await ticket_of(world, conversation)).first_replied_at is None
    await world.jump(clock("10:20"))
    await world.reply("ben", conversation, "Ya lo vemos")
    ticket = await ticket_of(world, conversation)
    assert world.local(ticket.first_replied_at) == world.local(ticket.last_public_human_at) == "Tue 10 10:20:00"
    assert world.local(ticket.update_due) == "Wed 11 10:20:00"  # 11 business hours later


async def test_the_form_outside_a_conversation_is_a_ticket_at_once(world: World) -> None:
    world.clock.set(clock("20:00"))
    conversation = await became_a_ticket(world, "offline")
    ticket = await ticket_of(world, conversation)
    assert (ticket.state, ticket.origin) == (TicketState.NEW, "offline")
    assert world.local(ticket.first_reply_due) == "Wed 11 10:00:00"  # two hours from the next opening


async def became_a_ticket(world: World, how: str) -> int:
    form = {"client_message_id": fresh(), "body": "Necesito ayuda"}
    if how == "offline":
        contact = {"name": "Vic", "email": "vic@example.com", "subject": "Otro", "privacy_version": "2026-01"}
        return int((await world.visitor("vic", "leave_message", contact=contact, **form)).conversation)
    if how == "missed":
        conversation = await world.start(body="Hola")
        await world.visitor("vic", "leave_message", conversation=conversation, **form)
        return conversation
    conversation = await world.talk()
    await world.staff("ana", "dispose", conversation=conversation, disposition="unresolved")
    return conversation
