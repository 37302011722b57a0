"""A notice leaves once, in order, and what does not arrive is told to staff."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlmodel import col, select

from chatserver.actions.notices import PROGRESS, Telling, queue_notice
from chatserver.actions.outbox import claim_notice, note_sent
from chatserver.actions.unit import Unit
from chatserver.mail.sender import send_due
from chatserver.models import Message, NoticeRow, NoticeState, Ticket
from chatserver.process.ticket_names import Notice
from chatserver.tokens import Purpose, read_token
from tests.mail.account import SECRET, account
from tests.mail.sink import Sink, open_sink
from tests.verify import Applier
from tests.world import World, fresh, open_world

pytestmark = pytest.mark.asyncio

LONG = 60.0
"""Seconds: a round of a busy machine is cut short by nothing."""


def mail(sink: Sink, **changes: object) -> dict[str, Any]:
    """Settings of a desk that writes through the sink."""
    return {"mail": account(smtp_port=sink.port, smtp_security="none", timeout=5, **changes)}


async def a_ticket(world: World, token: str = "vic") -> int:
    conversation = await world.start(token, body="No timbra")
    await world.visitor(token, "leave_message", conversation=conversation, client_message_id=fresh(), body="Nadie")
    ticket = await world.ticket(conversation)
    assert ticket is not None
    await drop_queued(world)
    return ticket.id


async def drop_queued(world: World) -> None:
    """Let what opening the ticket has queued be gone: these tests queue their own."""
    async with world.context.db.transaction() as transaction:
        for row in await transaction.session.exec(select(NoticeRow)):
            await transaction.session.delete(row)


async def queue(world: World, ticket_id: int, key: str, kind: Any = PROGRESS) -> int:
    async def work(unit: Unit) -> int:
        ticket = await unit.session.get_one(Ticket, ticket_id)
        row = await queue_notice(unit, ticket, kind, key, Telling(text=f"Noticia {key}"))
        assert row is not None
        return row.id

    return await world.context.attempt(work)


async def notes(world: World) -> list[Message]:
    return await world.all(select(Message).where(col(Message.note)))


def words(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


async def test_notices_leave_in_order_over_one_connection(database_url: str, faces: Applier) -> None:
    async with open_sink() as sink, open_world(database_url, faces, **mail(sink)) as world:
        ticket_id = await a_ticket(world)
        ids = [await queue(world, ticket_id, key) for key in "abc"]
        assert await send_due(world.context, LONG) == 3
        assert await send_due(world.context, LONG) == 0
        assert ["Noticia a" in words(sink.mails[0]), "Noticia c" in words(sink.mails[2])] == [True, True]
        assert sink.connections == 1
        rows = [await world.get(NoticeRow, id) for id in ids]
        assert [(row.state, row.attempts) for row in rows] == [(NoticeState.SENT, 1)] * 3
        assert sink.mails[2]["References"].split() == [rows[0].message_id, rows[1].message_id]
        assert sink.mails[2]["In-Reply-To"] == rows[1].message_id


async def test_a_mail_carries_its_ticket_in_what_is_answered_to(database_url: str) -> None:
    async with open_sink() as sink, open_world(database_url, None, **mail(sink)) as world:
        ticket_id = await a_ticket(world)
        await queue(world, ticket_id, "a", Notice.REMINDER)
        await send_due(world.context, LONG)
        sent = sink.mails[0]
        token = sent["Reply-To"].addresses[0].username.partition("+")[2]
        assert read_token(SECRET, Purpose.REPLY, token).ticket_id == ticket_id
        assert sent["Auto-Submitted"] == "auto-generated"
        page = words(sent).partition("/t/")[2][:40]
        assert read_token(SECRET, Purpose.PAGE, page).ticket_id == ticket_id


async def test_greylisted_waits_with_its_place_and_then_arrives_as_the_same_mail(database_url: str) -> None:
    async with open_sink() as sink, open_world(database_url, None, **mail(sink)) as world:
        ticket_id = await a_ticket(world)
        first, second = await queue(world, ticket_id, "a"), await queue(world, ticket_id, "b")
        sink.recipient_answers = ["451 4.7.1 Come back"]
        assert await send_due(world.context, LONG) == 0
        assert sink.mails == []  # the second one does not overtake
        row = await world.get(NoticeRow, first)
        assert (row.attempts, row.problem) == (1, "4.7.1 Come back")
        assert row.due_at == world.clock.now() + timedelta(minutes=1)
        world.clock.advance(minutes=1)
        assert await send_due(world.context, LONG) == 2
        assert sink.mails[0]["Message-ID"] == row.message_id
        assert (await world.get(NoticeRow, second)).state is NoticeState.SENT


async def test_one_ticket_that_waits_does_not_hold_up_another(database_url: str) -> None:
    async with open_sink() as sink, open_world(database_url, None, **mail(sink)) as world:
        slow, quick = await a_ticket(world), await a_ticket(world, "val")
        await queue(world, slow, "a")
        await queue(world, quick, "b")
        sink.recipient_answers = ["451 4.7.1 Come back"]
        assert await send_due(world.context, LONG) == 1
        assert "Noticia b" in words(sink.mails[0])


async def test_refused_for_good_is_told_to_staff_in_the_ticket(database_url: str, faces: Applier) -> None:
    async with open_sink() as sink, open_world(database_url, faces, **mail(sink)) as world:
        ticket_id = await a_ticket(world)
        id = await queue(world, ticket_id, "a")
        sink.recipient_answers = ["550 5.1.1 No such user"]
        await world.checked(lambda: send_due(world.context, LONG))
        assert (await world.get(NoticeRow, id)).state is NoticeState.REFUSED
        (note,) = await notes(world)
        assert "vic@example.com" in note.body
        assert "No such user" in note.body
        assert note.sender_name == "Correo"
        assert await send_due(world.context, LONG) == 0


async def test_what_is_tried_for_days_is_given_up_and_told(database_url: str, faces: Applier) -> None:
    async with open_sink() as sink, open_world(database_url, faces, **mail(sink)) as world:
        ticket_id = await a_ticket(world)
        id = await queue(world, ticket_id, "a")
        while (await world.get(NoticeRow, id)).state is NoticeState.QUEUED:
            sink.recipient_answers = ["451 4.3.0 Full"]
            world.clock.set((await world.get(NoticeRow, id)).due_at)
            await send_due(world.context, LONG)
        row = await world.get(NoticeRow, id)
        assert row.state is NoticeState.GIVEN_UP
        assert timedelta(days=3) <= world.clock.now() - row.created_at < timedelta(days=4)
        assert len(await notes(world)) == 1


async def test_a_server_that_is_away_costs_one_attempt_a_round(database_url: str) -> None:
    async with open_sink() as sink:
        gone = mail(sink)
    async with open_world(database_url, None, **gone) as world:
        id = await queue(world, await a_ticket(world), "a")
        assert await send_due(world.context, LONG) == 0
        row = await world.get(NoticeRow, id)
        assert (row.state, row.attempts) == (NoticeState.QUEUED, 1)


async def test_a_claim_keeps_others_away_until_it_expires(database_url: str) -> None:
    async with open_sink() as sink, open_world(database_url, None, **mail(sink)) as world:
        id = await queue(world, await a_ticket(world), "a")
        claimed = await claim_notice(world.context, timedelta(seconds=30))
        assert claimed is not None
        assert claimed.id == id
        assert await claim_notice(world.context, timedelta(seconds=30)) is None
        assert await send_due(world.context, LONG) == 0
        world.clock.advance(seconds=30)
        assert await send_due(world.context, LONG) == 1


async def test_one_that_was_sent_by_two_is_noted_once(database_url: str) -> None:
    async with open_sink() as sink, open_world(database_url, None, **mail(sink)) as world:
        id = await queue(world, await a_ticket(world), "a")
        await send_due(world.context, LONG)
        await note_sent(world.context, id)
        assert (await world.get(NoticeRow, id)).attempts == 1
