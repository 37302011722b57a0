"""Letters to staff leave by the clients' outbox; who is on call is told at night, and no client's word goes along."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from chatserver.actions.administration import set_policy
from chatserver.actions.outbox import note_bounced, note_refused
from chatserver.actions.unit import Unit
from chatserver.mail.sender import send_due, write
from chatserver.models import AuditEntry, NoticeRow, NoticeState
from chatserver.process.severity import Severity
from chatserver.process.sla import DEFAULT_POLICY
from chatserver.process.ticket_names import Move
from chatserver.types import SYSTEM
from tests.mail.desk import LONG, Desk, open_desk
from tests.mail.sink import open_sink
from tests.verify import Applier

pytestmark = pytest.mark.asyncio

ON_CALL = "guardia@desk.example"
S1 = {"severity": Severity.S1, "category": "Timbrado"}


async def put_on_call(desk: Desk, whom: str = ON_CALL) -> None:
    async with desk.world.context.unit() as unit:
        await set_policy(unit, SYSTEM, replace(DEFAULT_POLICY, on_call=whom), 1)


async def calls(desk: Desk) -> list[NoticeRow]:
    return await desk.world.all(select(NoticeRow).where(col(NoticeRow.ticket_id).is_(None)).order_by(col(NoticeRow.id)))


async def audited(desk: Desk, word: str) -> list[str]:
    return await desk.world.all(select(AuditEntry.entity).where(AuditEntry.action == word))


async def test_what_becomes_critical_at_night_is_told_to_who_is_on_call(
    database_url: str, tmp_path: Path, faces: Applier
) -> None:
    async with (
        open_sink() as sink,
        open_desk(database_url, tmp_path, faces, smtp_port=sink.port, smtp_security="none") as desk,
    ):
        await put_on_call(desk)
        desk.world.clock.advance(hours=10)
        ticket = await desk.ask(subject="COMPRE http://malo.example")
        assert await calls(desk) == []  # it is provisionally an S3
        await desk.move(ticket, Move.TAKE, **S1)
        (call,) = await calls(desk)
        assert (call.kind, call.address, call.automatic) == ("on_call", ON_CALL, True)
        assert await audited(desk, "on_call_told") == [f"ticket:{ticket.id}"]
        await send_due(desk.world.context, LONG)
        (sent,) = [mail for mail in sink.mails if ON_CALL in str(mail["To"])]
        assert ticket.folio in str(sent["Subject"])
        assert sent["Auto-Submitted"] == "auto-generated"
        text = sent.as_string()
        assert f"/tickets/{ticket.folio}" in text
        assert "malo" not in text
        assert "Vic" not in text
        (call,) = await calls(desk)
        assert call.state is NoticeState.SENT


async def test_who_is_on_call_sleeps_while_the_desk_is_open_and_for_anything_less(
    database_url: str, tmp_path: Path
) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        await put_on_call(desk)
        await desk.move(await desk.ask(), Move.TAKE, **S1)
        desk.world.clock.advance(hours=10)
        await desk.take(await desk.ask())
        assert await calls(desk) == []


async def test_what_is_reopened_at_night_is_told_again(database_url: str, tmp_path: Path) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        await put_on_call(desk)
        ticket = await desk.move(await desk.ask(), Move.TAKE, **S1)
        ticket = await desk.move(ticket, Move.SOLVE, solution="Ya timbra.")
        desk.world.clock.advance(hours=10)
        await desk.answer(ticket, "Sigue sin timbrar.")
        assert len(await calls(desk)) == 1


async def test_nobody_rings_a_telephone_and_that_is_on_the_trail(database_url: str, tmp_path: Path) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        await put_on_call(desk, "+528147771100")
        desk.world.clock.advance(hours=10)
        ticket = await desk.move(await desk.ask(), Move.TAKE, **S1)
        assert await calls(desk) == []
        assert await audited(desk, "on_call_not_told") == [f"ticket:{ticket.id}"]


async def test_a_letter_that_does_not_arrive_is_on_the_trail_once(database_url: str, tmp_path: Path) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        await put_on_call(desk)
        desk.world.clock.advance(hours=10)
        await desk.move(await desk.ask(), Move.TAKE, **S1)
        (call,) = await calls(desk)
        await note_refused(desk.world.context, call.id, "550 no such user")

        async def bounce(unit: Unit) -> None:
            await note_bounced(unit, call, "again")

        await desk.world.context.attempt(bounce)
        (call,) = await calls(desk)
        assert (call.state, call.problem) == (NoticeState.REFUSED, "550 no such user")
        assert await audited(desk, "letter_undelivered") == [f"notice:{call.id}"]


async def test_an_answer_to_such_a_letter_joins_no_ticket(database_url: str, tmp_path: Path) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        await put_on_call(desk)
        desk.world.clock.advance(hours=10)
        ticket = await desk.move(await desk.ask(), Move.TAKE, **S1)
        (call,) = await calls(desk)
        made = write(call, desk.world.context.settings)
        local, _, domain = desk.world.context.settings.mail.own_address.partition("@")
        row = await desk.write("Ya voy.", to=f"{local}+{made.reply_token}@{domain}", From=ON_CALL)
        assert row.outcome == "opened"
        assert row.ticket_id != ticket.id
