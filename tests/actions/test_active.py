"""The row `active` of process.md: silence on either side, people who are gone, the end of the day."""

import pytest

from chatserver.types import AgentState
from chatserver.types import ConversationState as State
from tests.looking import changes_of, clock, loads_of, owner_of, state_of, ticket_of, words_of
from tests.world import World

pytestmark = pytest.mark.asyncio


async def test_a_silent_agent_is_nudged_alerted_and_relieved(world: World) -> None:
    conversation = await world.talk()
    await world.until(clock("10:01"))
    await world.say("vic", conversation)
    for time, alert in (
        ("10:03:59", "none"),
        ("10:04:00", "nudge"),
        ("10:05:59", "nudge"),
        ("10:06:00", "supervisor"),
        ("10:10:59", "supervisor"),
    ):
        await world.until(clock(time))
        row = await world.conversation(conversation)
        assert (time, row.state, row.alert) == (time, State.ACTIVE, alert)
    await world.until(clock("10:11:00"))
    row = await world.conversation(conversation)
    assert (row.state, row.alert, row.returned) == (State.QUEUED, "none", 1)
    assert (await changes_of(world, conversation))[-1] == "returned (cause.silent)"


async def test_a_silent_agent_is_not_given_it_back_while_somebody_else_is_there(world: World) -> None:
    conversation = await world.talk()
    await world.on_shift("ben")
    await world.later(seconds=1)
    await world.say("vic", conversation)
    await world.later(minutes=10)
    assert await owner_of(world, conversation) == "ben"
    assert (await changes_of(world, conversation))[-2:] == ["returned (cause.silent)", "offered"]


async def test_a_word_of_the_agent_ends_the_silence_and_the_alert(world: World) -> None:
    conversation = await world.talk()
    await world.until(clock("10:01"))
    await world.say("vic", conversation)
    await world.until(clock("10:06:30"))
    await world.reply("ana", conversation)
    assert (await world.conversation(conversation)).alert == "none"
    await world.until(clock("10:07"))
    await world.say("vic", conversation)
    await world.until(clock("10:09:59"))
    assert (await world.conversation(conversation)).alert == "none"
    await world.until(clock("10:10:00"))
    assert (await world.conversation(conversation)).alert == "nudge"


async def test_a_client_who_asks_again_does_not_begin_the_agents_silence_anew(world: World) -> None:
    conversation = await world.talk()
    for time in ("10:01", "10:03"):
        await world.until(clock(time))
        await world.say("vic", conversation)
    await world.until(clock("10:03:59"))
    assert (await world.conversation(conversation)).alert == "none"
    await world.until(clock("10:04:00"))
    assert (await world.conversation(conversation)).alert == "nudge"


async def test_a_silent_client_is_asked_and_then_wrapped_up(world: World) -> None:
    conversation = await world.talk()
    await world.until(clock("10:04:59"))
    assert "asked" not in await changes_of(world, conversation)
    await world.until(clock("10:05:00"))
    assert (await changes_of(world, conversation))[-1] == "asked"
    await world.until(clock("10:09:59"))
    assert await state_of(world, conversation) is State.ACTIVE
    await world.until(clock("10:10:00"))
    assert await state_of(world, conversation) is State.WRAP_UP
    assert (await changes_of(world, conversation))[-2:] == ["asked", "wrap_up (cause.client_silent)"]


async def test_an_extended_client_has_twenty_minutes_and_is_asked_once(world: World) -> None:
    conversation = await world.talk()
    await world.until(clock("10:08"))
    await world.staff("ana", "extend", conversation=conversation)
    await world.until(clock("10:19:59"))
    assert await state_of(world, conversation) is State.ACTIVE
    assert (await changes_of(world, conversation)).count("asked") == 1
    await world.until(clock("10:20:00"))
    assert await state_of(world, conversation) is State.WRAP_UP


async def test_an_answer_to_the_question_begins_the_clients_silence_anew(world: World) -> None:
    conversation = await world.talk()
    await world.until(clock("10:06"))
    await world.say("vic", conversation, "Aquí sigo")
    await world.until(clock("10:07"))
    await world.reply("ana", conversation)
    await world.until(clock("10:11:59"))
    assert (await changes_of(world, conversation)).count("asked") == 1
    await world.until(clock("10:12:00"))
    assert (await changes_of(world, conversation)).count("asked") == 2


async def test_nobody_is_silent_whose_turn_it_is_not(world: World) -> None:
    conversation = await world.talk()
    await world.later(seconds=1)
    await world.say("vic", conversation)
    await world.later(minutes=9)
    assert "asked" not in await changes_of(world, conversation)


async def test_an_agent_gone_for_thirty_seconds_loses_it_to_the_front_of_the_queue(world: World) -> None:
    conversation = await world.talk()
    await world.until(clock("10:02"))
    await world.leaves(agent="ana")
    await world.until(clock("10:02:29"))
    assert await state_of(world, conversation) is State.ACTIVE
    await world.until(clock("10:02:30"))
    row = await world.conversation(conversation)
    assert (row.state, row.returned, world.local(row.first_replied_at)) == (State.QUEUED, 1, "Tue 10 10:00:00")
    assert (await changes_of(world, conversation))[-1] == "returned (cause.gone)"
    assert await words_of(world, conversation) == ["Hola", "Con gusto"]


async def test_a_client_gone_for_three_minutes_is_wrapped_up(world: World) -> None:
    conversation = await world.talk()
    await world.until(clock("10:01"))
    await world.leaves(visitor="vic")
    await world.until(clock("10:03:59"))
    assert await state_of(world, conversation) is State.ACTIVE
    await world.until(clock("10:04:00"))
    assert await state_of(world, conversation) is State.WRAP_UP
    assert (await changes_of(world, conversation))[-1] == "wrap_up (cause.client_gone)"


@pytest.mark.parametrize(("who", "cause"), [("ana", ""), ("vic", " (cause.client_left)")])
async def test_either_side_may_end_it(world: World, who: str, cause: str) -> None:
    conversation = await world.talk()
    side = world.visitor if who == "vic" else world.staff
    await side(who, "end_conversation", conversation=conversation)
    assert await state_of(world, conversation) is State.WRAP_UP
    assert (await changes_of(world, conversation))[-1] == f"wrap_up{cause}"
    assert await world.refused(side(who, "end_conversation", conversation=conversation)) == "wrong_state"


async def test_the_half_hour_ends_at_half_past_seven_to_the_second(world: World) -> None:
    world.clock.set(clock("18:59"))
    conversation = await world.talk()
    await world.until(clock("19:04"))
    await world.staff("ana", "extend", conversation=conversation)
    await world.until(clock("19:15"))
    await world.say("vic", conversation)
    await world.until(clock("19:16"))
    await world.reply("ana", conversation)
    await world.until(clock("19:29:59"))
    assert await state_of(world, conversation) is State.ACTIVE
    await world.until(clock("19:30:00"))
    row, ticket = await world.conversation(conversation), await ticket_of(world, conversation)
    assert (row.state, ticket.origin, ticket.severity, ticket.provisional) == (State.ESCALATED, "escalated", "S3", True)
    assert (await changes_of(world, conversation))[-1] == "escalated (cause.closing_time)"
    assert await loads_of(world, "ana") == (0,)


async def test_nothing_returns_to_the_queue_of_a_closed_desk(world: World) -> None:
    world.clock.set(clock("18:58"))
    conversation = await world.talk()
    await world.until(clock("19:01"))
    await world.leaves(agent="ana")
    await world.until(clock("19:01:29"))
    assert await state_of(world, conversation) is State.ACTIVE
    await world.until(clock("19:01:30"))
    assert await state_of(world, conversation) is State.ESCALATED
    assert (await changes_of(world, conversation))[-1] == "escalated (cause.gone)"
    assert (await world.agent("ana")).state is AgentState.AWAY


async def test_the_agent_escalates_with_what_they_know(world: World) -> None:
    conversation = await world.talk()
    await world.until(clock("10:09"))
    reply = await world.staff("ana", "escalate", conversation=conversation, **ESCALATION)
    ticket = await ticket_of(world, conversation)
    assert reply.ticket.folio == ticket.folio
    assert (ticket.severity, ticket.provisional, ticket.level, ticket.state) == ("S2", False, 2, "l2_queued")
    assert (world.local(ticket.first_replied_at), world.local(ticket.sla_start)) == ("Tue 10 10:00:00",) * 2
    assert (await changes_of(world, conversation))[-1] == "escalated"
    assert await loads_of(world, "ana") == (0,)


ESCALATION = {
    "severity": "S2",
    "impact": "core",
    "urgency": "high",
    "level": 2,
    "category": "Timbrado",
    "summary": "No timbra con el certificado nuevo",
    "rfc": "XAXX010101000",
    "evidence": "none",
}
