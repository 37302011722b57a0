"""What is said on a ticket: by staff, by the client on whichever way, when it is open, resolved, closed, cancelled."""

import pytest
from sqlmodel import col, select

from chatserver.models import AuditEntry, Conversation, TicketLink
from chatserver.types import ConversationState
from tests.looking import clock, words_of
from tests.tickets import (
    breaches,
    client_writes,
    escalated,
    get,
    mailed,
    move,
    moves_made,
    staffed,
    steps,
    warnings,
    write,
)
from tests.world import World

pytestmark = pytest.mark.asyncio


async def resolved(world: World) -> int:
    await staffed(world)
    ticket = await escalated(world)
    await world.jump(clock("11:00"))
    await move(world, "ana", ticket, "solve", solution="Ya timbra.")
    return ticket


async def closed(world: World) -> int:
    ticket = await resolved(world)
    await world.until(clock("11:00", clock("11:00").replace(day=18)))
    assert (await get(world, ticket)).state == "closed"
    return ticket


async def test_a_word_of_staff_restarts_the_update_clock_and_a_note_does_not(world: World) -> None:
    await staffed(world)
    ticket = await escalated(world)
    before = await get(world, ticket)
    await world.jump(clock("12:00"))
    await write(world, "ben", ticket, "Solo para nosotros", note=True)
    assert (await get(world, ticket)).update_due == before.update_due
    await write(world, "ben", ticket, "Seguimos")
    row = await get(world, ticket)
    assert world.local(row.update_due) == "Wed 11 12:00:00"
    assert row.first_replied_at == before.first_replied_at
    assert (await words_of(world, row.conversation_id))[-1] == "Seguimos"
    assert await words_of(world, row.conversation_id, notes=True) == ["Solo para nosotros"]


async def test_a_word_while_the_client_is_waited_for_starts_no_clock(world: World) -> None:
    await staffed(world)
    ticket = await escalated(world)
    await move(world, "ana", ticket, "ask_client", question="¿Desde cuándo?")
    await world.jump(clock("12:00"))
    await world.reply("ana", (await get(world, ticket)).conversation_id, "Por si ayuda: el folio fiscal")
    row = await get(world, ticket)
    assert (row.state, row.update_due, row.resolution_due) == ("waiting_client", None, None)


async def test_the_solution_stands_in_the_thread(world: World) -> None:
    ticket = await resolved(world)
    row = await get(world, ticket)
    assert (await words_of(world, row.conversation_id))[-1] == "Ya timbra."
    assert row.solution == "Ya timbra."


@pytest.mark.parametrize("way", ["mail", "widget"])
async def test_a_client_who_writes_after_the_solution_reopens_it(world: World, way: str) -> None:
    ticket = await resolved(world)
    await world.jump(clock("12:00"))
    if way == "mail":
        await client_writes(world, ticket, "Sigue igual")
    else:
        await world.say("vic", (await get(world, ticket)).conversation_id, "Sigue igual")
    row = await get(world, ticket)
    assert (row.state, row.reopened, row.owner_id) == ("l1_working", 1, world.agents["ana"].id)
    assert world.local(row.resolution_due) == "Fri 13 11:00:00"  # the hour in which it was solved does not count


async def test_thanks_leave_it_resolved(world: World) -> None:
    ticket = await resolved(world)
    said = await client_writes(world, ticket, "Gracias", reopens=False)
    assert (said.opened, (await get(world, ticket)).state) == (False, "resolved")


async def test_after_closing_a_new_one_follows_and_a_retry_makes_no_other(world: World) -> None:
    ticket = await closed(world)
    first = await client_writes(world, ticket, "Otra vez", client_message_id="message-0001")
    again = await client_writes(world, ticket, "Otra vez", client_message_id="message-0001")
    assert (first.opened, again.again, again.ticket.id) == (True, True, first.ticket.id)
    row = await get(world, first.ticket.id)
    assert (row.state, row.follows_id, row.origin, row.folio) == ("new", ticket, "follow_up", "PG-2026-000002")
    (link,) = await world.all(select(TicketLink))
    assert (link.ticket_id, str(link.kind), link.other_id) == (row.id, "follows", ticket)
    assert (await get(world, ticket)).state == "closed"
    assert await words_of(world, row.conversation_id) == ["Otra vez"]


async def test_long_after_closing_it_is_a_ticket_of_its_own(world: World) -> None:
    ticket = await closed(world)
    world.clock.advance(days=31)
    said = await client_writes(world, ticket, "Otra cosa")
    row = await get(world, said.ticket.id)
    assert (said.opened, row.follows_id) == (True, None)


async def test_too_late_to_reopen_though_nobody_has_looked_it_closes_first(world: World) -> None:
    ticket = await resolved(world)
    world.clock.set(clock("11:00").replace(day=19))
    said = await client_writes(world, ticket, "Otra vez")
    assert (said.opened, (await get(world, ticket)).state) == (True, "closed")
    assert (await get(world, said.ticket.id)).follows_id == ticket


async def test_in_the_widget_a_closed_tickets_thread_leads_to_a_new_chat(world: World) -> None:
    ticket = await closed(world)
    reply = await world.say("vic", (await get(world, ticket)).conversation_id, "Otra vez")
    assert reply.type == "conversation_started"
    (row,) = await world.all(select(Conversation).where(col(Conversation.state) == ConversationState.QUEUED))
    assert row.id == reply.conversation


async def test_nobody_of_ours_writes_on_what_is_over(world: World) -> None:
    ticket = await closed(world)
    assert await world.refused(write(world, "ana", ticket)) == "ticket_over"
    thread = (await get(world, ticket)).conversation_id
    assert await world.refused(world.reply("ana", thread, "Otra cosa")) == "ticket_over"


async def test_spam_that_goes_on_opens_nothing(world: World) -> None:
    await staffed(world)
    ticket = await mailed(world)
    await move(world, "ana", ticket, "cancel", cause="spam")
    said = await client_writes(world, ticket, "¡Compre ya!")
    assert (said.opened, (await get(world, ticket)).state) == (False, "cancelled")


async def test_a_supervisor_acts_as_another_with_a_reason_on_the_audit_trail(world: World) -> None:
    await staffed(world)
    await world.all(select(AuditEntry))
    ticket = await escalated(world, level=2)
    assert await world.refused(move(world, "sue", ticket, "size", sizing="2 h")) == "reason_missing"
    await move(world, "sue", ticket, "size", sizing="2 h", reason="Ben no está")
    last = (await steps(world, ticket))[-1]
    assert (last.move, last.row, last.overrides, last.reason) == ("size", "5", True, "Ben no está")
    (entry,) = await world.all(select(AuditEntry).where(AuditEntry.action == "override"))
    assert (entry.entity, entry.details["reason"]) == (f"ticket:{ticket}", "Ben no está")


async def test_what_is_late_at_another_level_stands_on_level_1s_board(world: World) -> None:
    await staffed(world)
    ticket = await escalated(world, level=2, severity="S1")
    await world.until(clock("10:46"))
    assert (await warnings(world, ticket), (await get(world, ticket)).warned) == (
        [("update", 75, "Tue 10 10:45:00")],
        75,
    )
    await world.until(clock("11:00:01"))
    assert await breaches(world, ticket) == [("update", "Tue 10 11:00:00")]
    await write(world, "ana", ticket)
    assert (await get(world, ticket)).warned == 0


async def test_a_proposed_severity_waits_for_level_1(world: World) -> None:
    await staffed(world)
    ticket = await escalated(world, level=2)
    await move(world, "ben", ticket, "propose_severity", severity="S1", reason="Son todos")
    row = await get(world, ticket)
    assert (row.severity, row.proposed_severity) == ("S3", "S1")
    await move(world, "ana", ticket, "set_severity", severity="S1", reason="Son todos", impact="many", urgency="high")
    row = await get(world, ticket)
    assert (row.severity, row.proposed_severity, row.impact) == ("S1", None, "many")
    assert world.local(row.resolution_due) == "Tue 10 14:00:00"


async def test_what_is_asked_of_nobody_is_refused_for_the_system_and_the_client_too(world: World) -> None:
    await staffed(world)
    ticket = await mailed(world)
    named = world.agents["ben"].id
    assert await world.refused(move(world, "ana", ticket, "set_owner", owner=named)) == "owner_of_other_level"
    assert await world.refused(move(world, "ana", ticket, "set_owner", owner=4711)) == "no_such_agent"
    duplicate = move(world, "ana", ticket, "cancel", cause="duplicate", duplicate_of=4711)
    assert await world.refused(duplicate) == "no_such_ticket"
    assert [name for name, _ in await moves_made(world, ticket)] == ["open"]
