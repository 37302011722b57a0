"""The telephone: a call is logged once, becomes a ticket or joins one, and recalls what its caller came with."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import col, select, update

from chatserver.actions.erase import ERASED, erase_visitor
from chatserver.models import Message, PhoneCall, Portal, Ticket, Visitor
from chatserver.process.ticket_names import Move
from chatserver.types import SYSTEM, Channel, SenderKind, TicketState
from tests.http.conftest import Browser, Site
from tests.http.holders import move
from tests.http.test_tickets import escalated
from tests.world import MONTERREY, fresh

pytestmark = pytest.mark.asyncio

CALL = {
    "direction": "in",
    "name": "Rosa Garza",
    "number": "(81) 8123 4567",
    "email": "Rosa@Example.com",
    "rfc": "GAGR850312AB1",
    "subject": "No timbra",
    "said": "Dice que no timbra desde ayer",
    "becomes": "ticket",
}


async def log(browser: Browser, **fields: str) -> Response:
    return await browser.submit("/calls", **{"form_id": fresh()} | CALL | fields)


async def calls(site: Site) -> list[PhoneCall]:
    return await site.world.all(select(PhoneCall).order_by(col(PhoneCall.id)))


async def newest(site: Site) -> Ticket:
    found: list[Any] = await site.world.all(select(Ticket).order_by(col(Ticket.id).desc()))
    ticket: Ticket = found[0]
    return ticket


async def test_a_call_becomes_a_ticket_whose_clocks_run_from_its_beginning(site: Site) -> None:
    ana = await site.staff("ana")
    began = site.clock.now() - timedelta(minutes=25)
    answer = await log(ana, at=began.astimezone(MONTERREY).strftime("%Y-%m-%dT%H:%M"))
    ticket = await newest(site)
    assert answer.headers["location"] == f"/tickets/{ticket.folio}#newest"
    page = (await ana.get(f"/tickets/{ticket.folio}")).text
    assert "Llamada" in page
    assert CALL["said"] in page
    assert 'href="tel:+528181234567"' in page
    assert (ticket.channel, ticket.state, ticket.provisional) == (Channel.PHONE, TicketState.NEW, True)
    assert ticket.sla_start == began
    assert ticket.first_reply_due == began + timedelta(hours=2)
    (call,) = await calls(site)
    assert (call.number, call.email, call.rfc) == ("+528181234567", "rosa@example.com", "GAGR850312AB1")
    assert (call.ticket_id, call.direction, call.at) == (ticket.id, "in", began)
    visitor = await site.world.get(Visitor, ticket.visitor_id)
    assert (visitor.name, visitor.phone, visitor.email) == ("Rosa Garza", "+528181234567", "rosa@example.com")
    (message,) = await site.world.all(select(Message).where(Message.conversation_id == ticket.conversation_id))
    assert message.channel is Channel.PHONE
    assert (message.body, message.sender_kind) == (CALL["said"], SenderKind.VISITOR)


async def test_a_form_that_is_sent_twice_is_one_call(site: Site) -> None:
    ana, id = await site.staff("ana"), fresh()
    answers = await asyncio.gather(*(log(ana, form_id=id) for _ in range(3)))
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(await calls(site)) == len(await site.world.all(select(Ticket))) == 1


async def test_a_call_that_was_settled_on_the_line_is_only_logged(quick: Site) -> None:
    ana = await quick.staff("ana")
    answer = await log(ana, becomes="nothing", number="", email="", rfc="")
    assert answer.headers["location"] == "/calls?logged#calls"
    assert await quick.world.all(select(Ticket)) == []
    page = (await ana.get("/calls?logged")).text
    assert "La llamada quedó registrada." in page
    assert CALL["said"] in page


async def test_a_call_to_the_client_is_a_persons_word_and_restarts_the_update_clock(site: Site) -> None:
    ticket, ben = await escalated(site, level=1), await site.staff("ben")
    site.clock.advance(minutes=30)
    answer = await log(ben, becomes="joins", folio=ticket.folio.lower(), direction="out", said="Le llamamos: va bien")
    assert answer.headers["location"] == f"/tickets/{ticket.folio}#newest"
    after = await site.world.get(Ticket, ticket.id)
    assert ticket.update_due is not None
    assert after.update_due == ticket.update_due + timedelta(minutes=30)
    (call,) = await calls(site)
    assert (call.ticket_id, call.direction, call.reached) == (ticket.id, "out", True)


async def test_a_call_that_nobody_answered_is_a_note_and_tells_the_client_nothing(site: Site) -> None:
    ticket, ben = await escalated(site, level=1), await site.staff("ben")
    site.clock.advance(minutes=30)
    await log(ben, becomes="joins", folio=ticket.folio, direction="out", reached="no", said="No contestó")
    after = await site.world.get(Ticket, ticket.id)
    assert after.update_due == ticket.update_due
    (note,) = await site.world.all(select(Message).where(Message.body == "No contestó"))
    assert note.note is True


@pytest.mark.parametrize(("answered", "state"), [("yes", TicketState.L1_WORKING), ("", TicketState.WAITING_CLIENT)])
async def test_a_call_may_be_the_answer_that_was_waited_for(quick: Site, answered: str, state: TicketState) -> None:
    ticket = await escalated(quick, level=1)
    await move(quick, ticket, Move.ASK_CLIENT, question="¿Qué versión usa?")
    ben = await quick.staff("ben")
    answer = await log(ben, becomes="joins", folio=ticket.folio, said="Usa la 4.0", answered=answered)
    assert answer.status_code == 303
    assert (await quick.world.get(Ticket, ticket.id)).state is state


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"number": "12345"}, "El teléfono no es válido"),
        ({"email": "rosa@"}, "El correo no es válido"),
        ({"name": " "}, "El texto está vacío"),
        ({"said": ""}, "El texto está vacío"),
        ({"subject": ""}, "El texto está vacío"),
        ({"at": "2026-11-20T10:00"}, "La hora de la llamada no es válida"),
        ({"at": "2020-01-01T10:00"}, "La hora de la llamada no es válida"),
        ({"at": "ayer"}, "La hora de la llamada no es válida"),
        ({"number": "", "email": ""}, "Faltan los datos de contacto"),
        ({"becomes": "joins", "folio": "PG-2026-999999"}, "No existe"),
        ({"becomes": "joins", "folio": "x' OR 1=1"}, "No existe"),
        ({"portal": "99"}, "No existe"),
    ],
)
async def test_what_cannot_be_logged_keeps_the_words_and_makes_nothing(
    quick: Site, fields: dict[str, str], why: str
) -> None:
    answer = await log(await quick.staff("ana"), **fields)
    assert answer.status_code == 422
    assert why in answer.text
    assert await calls(quick) == []
    assert await quick.world.all(select(Ticket)) == []
    if "said" not in fields:
        assert CALL["said"] in answer.text


async def test_only_level_1_and_supervisors_log_calls(quick: Site) -> None:
    await quick.change("ben", level=2)
    assert "Nivel 1" in (await log(await quick.staff("ben"))).text
    assert await calls(quick) == []
    assert (await log(await quick.staff("sue"))).status_code == 303
    assert (await quick.browser().submit("/calls", **CALL)).headers["location"].startswith("/login")


@pytest.mark.parametrize("query", ["number=8181234567", "email=ROSA@example.com", "rfc=gagr850312ab1"])
async def test_earlier_contacts_of_the_same_person_are_offered(quick: Site, query: str) -> None:
    ana = await quick.staff("ana")
    await log(ana)
    await log(ana, becomes="nothing", said="Otra llamada, ya resuelta")
    await log(ana, name="Otro", number="8111111111", email="otro@example.com", rfc="")
    mine = next(ticket for ticket in await quick.world.all(select(Ticket).order_by(col(Ticket.id))))
    text = (await ana.get(f"/calls?{query}")).text
    earlier = text[text.index('id="earlier"') : text.index('id="calls"')]
    assert mine.folio in earlier
    assert "Otra llamada, ya resuelta" in earlier
    assert "Otro" not in earlier.replace("Otra", "")


async def test_a_chats_client_is_found_by_their_address_and_an_rfc_of_everybody_finds_nobody(quick: Site) -> None:
    ticket, ana = await escalated(quick), await quick.staff("ana")
    assert ticket.folio in (await ana.get("/calls?email=vic@example.com")).text
    assert ticket.folio not in (await ana.get("/calls?rfc=XAXX010101000")).text


@pytest.mark.parametrize(
    "query", ["number=%00", "number=12", "email=%00", "email=x", "rfc=%00", "folio=%00", "number=" + "9" * 300]
)
async def test_nonsense_in_the_address_finds_nothing(quick: Site, query: str) -> None:
    assert (await (await quick.staff("ana")).get(f"/calls?{query}")).status_code == 200


async def test_another_teams_calls_and_tickets_are_not_offered(quick: Site) -> None:
    ana = await quick.staff("ana")
    await log(ana)
    ticket = await newest(quick)
    async with quick.context.db.transaction() as transaction:
        await transaction.session.exec(update(Portal).values(team="help-desk"))
    olly = await quick.staff("olly")
    text = (await olly.get("/calls?number=8181234567")).text
    assert ticket.folio not in text
    assert CALL["said"] not in text
    assert (await log(olly)).status_code == 422
    assert (await log(olly, becomes="joins", folio=ticket.folio)).status_code == 422
    assert len(await calls(quick)) == 1


async def test_an_erased_clients_calls_say_nothing_of_them(site: Site) -> None:
    ana = await site.staff("ana")
    await log(ana)
    await log(ana, becomes="nothing", said="Rosa habló otra vez")
    await log(ana, becomes="nothing", name="Otro", number="8111111111", email="", rfc="")
    ticket = await newest(site)
    await site.context.attempt(lambda unit: erase_visitor(unit, SYSTEM, ticket.visitor_id))
    kept = [(call.name, call.number, call.said) for call in await calls(site)]
    assert kept == [(ERASED, None, ERASED), (ERASED, None, ERASED), ("Otro", "+528111111111", CALL["said"])]
