"""A mail opens a ticket, or joins the one it answers; a machine's moves nothing, and nothing goes round in circles."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from sqlmodel import col, select

from chatserver.actions.inbound import MOST_MAILS, MOST_TICKETS, act_on_mail
from chatserver.actions.mailbox import Found, store_mail
from chatserver.actions.notices import ANSWERS
from chatserver.mail.inbox import deal_with_new
from chatserver.mail.parse import parse_mail
from chatserver.mail.sender import write
from chatserver.models import InboundMail, MailState, Message, NoticeRow, NoticeState, StoredFile, Ticket, Visitor
from chatserver.process.fields import MAX_TEXT
from chatserver.process.ticket_names import Move, Notice
from chatserver.types import Channel, TicketState
from tests.mail.account import ADDRESS
from tests.mail.corpus import GMAIL, bounce, mail
from tests.mail.desk import BOX, LONG, open_desk
from tests.verify import Applier

pytestmark = pytest.mark.asyncio


async def test_a_mail_opens_a_ticket_from_when_it_was_received(
    database_url: str, tmp_path: Path, faces: Applier
) -> None:
    async with open_desk(database_url, tmp_path, faces) as desk:
        received = desk.world.clock.now()
        await store_mail(desk.world.context, BOX, 1, Found(9, received, mail("No puedo timbrar.")))
        desk.world.clock.advance(minutes=20)
        await desk.world.checked(lambda: deal_with_new(desk.world.context, desk.store, LONG))
        (ticket,) = await desk.world.all(select(Ticket))
        assert (ticket.channel, ticket.state, ticket.provisional) == (Channel.MAIL, TicketState.NEW, True)
        assert ticket.sla_start == received
        assert ticket.first_reply_due == received + timedelta(hours=2)
        assert await desk.said(ticket) == ["No puedo timbrar."]
        (words,) = await desk.world.all(select(Message).where(Message.conversation_id == ticket.conversation_id))
        assert words.channel is Channel.MAIL
        client = await desk.world.get(Visitor, ticket.visitor_id)
        assert (client.email, client.name) == ("vic@client.example", "Vic Visitor")


async def test_the_confirmation_answers_the_mail_and_repeats_nothing_of_it(database_url: str, tmp_path: Path) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        ticket = await desk.ask(subject="COMPRE http://malo.example", From="Compre <vic@client.example>")
        (notice,) = await desk.notices(ticket)
        assert (notice.kind, notice.address, notice.automatic) == (Notice.OPENED, "vic@client.example", True)
        made = write(notice, desk.world.context.settings)
        (came,) = await desk.world.all(select(InboundMail))
        assert made.in_reply_to == came.message_id
        assert made.html is not None
        assert "ompre" not in (made.subject + made.text + made.html + made.to_name).lower()
        assert ticket.folio in made.text


async def test_an_answer_to_a_question_goes_on_with_the_ticket(
    database_url: str, tmp_path: Path, faces: Applier
) -> None:
    async with open_desk(database_url, tmp_path, faces) as desk:
        ticket = await desk.take(await desk.ask())
        ticket = await desk.move(ticket, Move.ASK_CLIENT, question="¿Cuál es el folio fiscal?")
        row = await desk.answer(ticket, GMAIL)
        assert row.outcome == "joined"
        assert (await desk.ticket(ticket.id)).state is TicketState.L1_WORKING
        assert (await desk.said(ticket))[-1] == "Sí, es el folio 6F1A."


async def test_an_answer_that_lost_its_address_is_known_by_the_mail_it_answers(
    database_url: str, tmp_path: Path
) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        ticket = await desk.ask()
        (notice,) = await desk.notices(ticket)
        row = await desk.write("Y otra cosa", In_Reply_To=notice.message_id)
        assert (row.outcome, row.ticket_id) == ("joined", ticket.id)


async def test_a_reply_to_a_solution_reopens_and_thanks_do_not(
    database_url: str, tmp_path: Path, faces: Applier
) -> None:
    async with open_desk(database_url, tmp_path, faces) as desk:
        ticket = await desk.solve(await desk.ask())
        row = await desk.answer(ticket, "¡Muchas gracias!\n\nEl mar, 17 nov 2026, Mesa escribió:\n> Ya timbra.")
        assert row.outcome == "joined"
        assert (await desk.ticket(ticket.id)).state is TicketState.RESOLVED
        await desk.answer(ticket, "Gracias, pero sigue igual.")
        again = await desk.ticket(ticket.id)
        assert (again.state, again.reopened) == (TicketState.L1_WORKING, 1)
        assert [notice.kind for notice in await desk.notices(ticket)][-1] == Notice.REOPENED


async def test_a_reply_to_a_closed_ticket_opens_one_that_follows(
    database_url: str, tmp_path: Path, faces: Applier
) -> None:
    async with open_desk(database_url, tmp_path, faces) as desk:
        old = await desk.solve(await desk.ask())
        await desk.world.jump(desk.world.clock.now() + timedelta(days=14))
        assert (await desk.ticket(old.id)).state is TicketState.CLOSED
        row = await desk.answer(old, "Volvió a pasar.")
        assert row.outcome == "followed"
        new = await desk.ticket(row.ticket_id)
        assert (new.follows_id, new.channel, new.visitor_id) == (old.id, Channel.MAIL, old.visitor_id)
        assert [notice.kind for notice in await desk.notices(new)] == [Notice.FOLLOWED]
        assert await desk.said(new) == ["Volvió a pasar."]


async def test_whoever_has_no_token_is_nobody_we_know(database_url: str, tmp_path: Path) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        ticket = await desk.ask()
        forged = desk.reply_address(ticket).replace("+a", "+b", 1)
        for to in (ADDRESS, forged, forged.replace("+", "+" + "a" * 40)[:64]):
            row = await desk.write(f"Soy el mismo: {ticket.folio}", subject=f"Re: {ticket.folio}", to=to)
            assert row.outcome == "opened"
            other = await desk.ticket(row.ticket_id)
            assert other.visitor_id != ticket.visitor_id
        assert await desk.said(ticket) == ["No puedo timbrar."]


async def test_another_address_that_holds_the_token_joins_and_staff_see_it(
    database_url: str, tmp_path: Path, faces: Applier
) -> None:
    async with open_desk(database_url, tmp_path, faces) as desk:
        ticket = await desk.ask()
        row = await desk.answer(ticket, "Contesto por Vic.", From="Val <val@client.example>")
        assert row.outcome == "joined"
        assert "val@client.example" in (await desk.said(ticket, notes=True))[0]


async def test_a_machine_is_never_answered_and_moves_nothing(database_url: str, tmp_path: Path, faces: Applier) -> None:
    async with open_desk(database_url, tmp_path, faces) as desk:
        ticket = await desk.take(await desk.ask())
        ticket = await desk.move(ticket, Move.ASK_CLIENT, question="¿Cuál?")
        before = await desk.world.all(select(NoticeRow))
        row = await desk.answer(ticket, "Vuelvo el lunes.", Auto_Submitted="auto-replied")
        assert row.outcome == "noted"
        assert (await desk.write(Auto_Submitted="auto-generated")).outcome == "set_aside"
        assert (await desk.write(From=ADDRESS)).outcome == "own"
        assert (await desk.write(From="x")).outcome == "set_aside"
        assert (await desk.ticket(ticket.id)).state is TicketState.WAITING_CLIENT
        assert len(await desk.world.all(select(NoticeRow))) == len(before)
        assert len(await desk.world.all(select(Ticket))) == 1
        (note,) = await desk.said(ticket, notes=True)
        assert "Vuelvo el lunes." in note


async def test_a_bounce_is_told_in_its_ticket_and_a_forged_one_nowhere(
    database_url: str, tmp_path: Path, faces: Applier
) -> None:
    async with open_desk(database_url, tmp_path, faces) as desk:
        ticket = await desk.ask()
        (notice,) = await desk.notices(ticket)
        forged = notice.message_id.replace("opened-", "opened-0")
        assert (await desk.arrive(bounce(forged))).outcome == "set_aside"
        assert (await desk.arrive(bounce(notice.message_id))).outcome == "bounced"
        assert (await desk.world.get(NoticeRow, notice.id)).state is NoticeState.BOUNCED
        (note,) = await desk.said(ticket, notes=True)
        assert "No such user" in note


async def test_a_robot_that_answers_everything_and_says_nothing_of_itself_ends_by_itself(
    database_url: str, tmp_path: Path
) -> None:
    """The worst one: each mail of ours is answered at once, under a new id, to the bare address."""
    async with open_desk(database_url, tmp_path) as desk:
        await desk.write("Hola")
        answered = 0
        while answered < len(notices := await desk.world.all(select(NoticeRow).order_by(col(NoticeRow.id)))):
            assert answered < 50
            made = write(notices[answered], desk.world.context.settings)
            answered += 1
            await desk.write(f"Recibimos su correo. {made.text}", subject=f"Re: {made.subject}")
        assert answered == ANSWERS


async def test_what_one_address_sends_in_an_hour_is_bounded_and_nothing_is_lost(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with open_desk(sqlite_url, tmp_path) as desk:
        rows = [await desk.write() for _ in range(MOST_MAILS + 3)]
        assert [row.outcome for row in rows].count("opened") == MOST_TICKETS
        assert {row.outcome for row in rows[MOST_TICKETS:]} == {"set_aside"}
        assert all(row.raw for row in rows)
        assert (await desk.write(From="val@client.example")).outcome == "opened"
        desk.world.clock.advance(hours=1, seconds=1)
        assert (await desk.write()).outcome == "opened"


async def test_the_same_mail_by_two_ways_is_one(database_url: str, tmp_path: Path) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        first = await desk.write(Message_ID="<same@client.example>")
        second = await desk.write(Message_ID="<same@client.example>", Received="by another way")
        assert (first.outcome, second.outcome) == ("opened", "duplicate")
        assert len(await desk.world.all(select(Ticket))) == 1


async def test_words_that_are_too_many_are_kept_whole_as_a_file(database_url: str, tmp_path: Path) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        words = "palabra " * 1_000
        ticket = await desk.ask()
        await desk.answer(ticket, words)
        said = (await desk.said(ticket))[-1]
        assert len(said) <= MAX_TEXT
        (file,) = await desk.world.all(select(StoredFile))
        assert (file.name, file.message_id is not None) == ("mensaje.txt", True)
        assert b"".join([piece async for piece in await desk.store.open(file.key)]).decode() == words.strip()


def with_files(*files: tuple[str, bytes], to: str = ADDRESS) -> bytes:
    message = EmailMessage(SMTP)
    message["From"], message["To"], message["Message-ID"] = "vic@client.example", to, "<files@client.example>"
    message.set_content("Adjunto lo que pidió.")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


async def test_attachments_go_with_the_words(database_url: str, tmp_path: Path, faces: Applier) -> None:
    async with open_desk(database_url, tmp_path, faces) as desk:
        row = await desk.arrive(with_files(("factura.pdf", b"%PDF-1.7 uno"), ("../datos.csv", b"a,b\n")))
        ticket = await desk.ticket(row.ticket_id)
        assert await desk.said(ticket) == ["Adjunto lo que pidió.", "datos.csv"]
        files = await desk.world.all(select(StoredFile).order_by(col(StoredFile.id)))
        assert [(file.name, file.message_id is not None) for file in files] == [
            ("factura.pdf", True),
            ("datos.csv", True),
        ]
        words = await desk.world.all(select(Message).where(Message.conversation_id == ticket.conversation_id))
        assert {message.channel for message in words} == {Channel.MAIL}


async def test_a_key_is_not_kept_anywhere_and_staff_read_why(database_url: str, tmp_path: Path, faces: Applier) -> None:
    key = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFDjBABgkqhkiG9w0BBQ0wMzAbBgkqhkiG9w0BBQwwDgQI\n"
    async with open_desk(database_url, tmp_path, faces) as desk:
        row = await desk.arrive(with_files(("fiel.key", key), ("malo.exe", b"MZ\0\0"), ("bien.pdf", b"%PDF-1.7 x")))
        assert (row.outcome, row.state, row.raw) == ("opened", MailState.DONE, b"")
        ticket = await desk.ticket(row.ticket_id)
        notes = await desk.said(ticket, notes=True)
        assert [name in note for name, note in zip(("fiel.key", "malo.exe"), notes, strict=True)] == [True, True]
        assert [file.name for file in await desk.world.all(select(StoredFile))] == ["bien.pdf"]


async def test_whoever_dies_between_the_words_and_the_files_is_carried_on_by_another(
    database_url: str, tmp_path: Path
) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        raw = with_files(("factura.pdf", b"%PDF-1.7 uno"))
        await store_mail(desk.world.context, BOX, 1, Found(1, desk.world.clock.now(), raw))
        (row,) = await desk.world.all(select(InboundMail))
        await desk.world.context.attempt(lambda unit: act_on_mail(unit, row.id, parse_mail(raw, ADDRESS)))
        await deal_with_new(desk.world.context, desk.store, LONG)
        await deal_with_new(desk.world.context, desk.store, LONG)
        (ticket,) = await desk.world.all(select(Ticket))
        assert await desk.said(ticket) == ["Adjunto lo que pidió."]
        assert len(await desk.world.all(select(StoredFile))) == 1
        assert (await desk.world.get(InboundMail, row.id)).state is MailState.DONE


async def test_one_that_fails_is_tried_again_and_holds_up_no_other(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        broken = "chatserver.mail.inbox.act_on_mail"
        with monkeypatch.context() as patch:
            patch.setattr(broken, None)
            row = await desk.write()
        assert (row.state, row.attempts, row.problem) == (MailState.NEW, 1, "TypeError")
        assert (await desk.write(Message_ID="<other@client.example>")).outcome == "opened"
        desk.world.clock.advance(seconds=10)
        await deal_with_new(desk.world.context, desk.store, LONG)
        assert (await desk.world.get(InboundMail, row.id)).outcome == "opened"


async def test_a_mail_that_is_only_a_wreck_is_a_ticket_all_the_same(database_url: str, tmp_path: Path) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        row = await desk.arrive(b"From: vic@client.example\r\nContent-Type: multipart/mixed\r\n\r\n\0\xff")
        assert row.outcome == "opened"
