"""The client's page of a ticket: what it shows in each state, and what its forms do, once."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select, update

from chatserver.jobs.timers import run_due
from chatserver.models import Message, Rating, StoredFile, Ticket, Visitor
from chatserver.types import Channel, TicketState
from tests.http.conftest import Site
from tests.http.filed import OURS, PDF
from tests.http.holders import asked, bodies, client_of, closed, escalated, now, read_by_link, solved
from tests.http.test_tickets import form_id
from tests.world import fresh

pytestmark = pytest.mark.asyncio

State = TicketState


@pytest.fixture
def changes(tmp_path: Path) -> dict[str, Any]:
    return read_by_link(tmp_path)


# What it shows.


async def test_it_shows_what_is_public_and_nothing_else(site: Site) -> None:
    ticket = await escalated(site)
    client = await client_of(site, ticket)
    text = await client.look()
    for shown in (
        ticket.folio,
        "Timbrado",
        "S2 Alta",
        "La Mesa de ayuda lo está atendiendo",
        "Hola",
        "Con gusto",
        "Ana",
    ):
        assert shown in text
    for hidden in ("Solo nosotros", "Factura con otro RFC", "En atención N1", "vic@example.com", "Iniciar sesión"):
        assert hidden not in text
    assert "Horas de Monterrey" in text
    assert re.search(r"Próximo avance, a más tardar</dt><dd><time [^>]+>hoy 14:00", text)


async def test_it_speaks_the_language_we_write_to_them_in(quick: Site) -> None:
    ticket = await escalated(quick)
    async with quick.context.db.transaction() as transaction:
        await transaction.session.exec(update(Visitor).values(locale="en"))
    client = await client_of(quick, ticket)
    assert "The help desk is working on it" in await client.look()
    assert "La Mesa de ayuda" in (await client.browser.get(f"{client.link}?lang=es-MX")).text


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("locale", ["es-MX", "en"])
async def test_every_state_has_words_and_the_forms_that_it_allows(quick: Site, state: State, locale: str) -> None:
    ticket = await escalated(quick)
    async with quick.context.db.transaction() as transaction:
        await transaction.session.exec(update(Ticket).values(state=state, state_since=quick.clock.now()))
    client = await client_of(quick, ticket)
    text = (await client.browser.get(f"{client.link}?lang={locale}")).text
    forms = set(re.findall(rf'action="{client.link}/(\w+)"', text))
    allowed = {State.RESOLVED: {"confirm", "reopen"}, State.CLOSED: {"rating", "message"}, State.CANCELLED: set()}
    assert forms == allowed.get(state, {"message"})


async def test_a_promise_that_was_not_kept_is_not_hidden(quick: Site) -> None:
    ticket = await escalated(quick)
    quick.clock.advance(hours=5)
    text = await (await client_of(quick, ticket)).look()
    assert "Nos retrasamos" in text


async def test_whatever_anybody_writes_is_text(quick: Site) -> None:
    ticket, client = await asked(quick)
    hostile = "<img src=x onerror=alert(1)>{{ 7*7 }}"
    assert (await client.write(hostile)).status_code == 303
    text = await client.look()
    assert "<img" not in text
    assert "&lt;img src=x" in text
    refused = await client.write(hostile * 200)
    assert refused.status_code == 422
    assert "<img" not in refused.text
    assert (await now(quick, ticket)).state is State.L1_WORKING


# What it does.


async def test_an_answer_goes_back_to_who_asked(site: Site) -> None:
    ticket, client = await asked(site)
    text = await client.look()
    assert "Necesitamos su respuesta" in text
    assert "¿Qué mensaje le aparece?" in text
    assert "Esperamos su respuesta hasta" in text
    site.clock.advance(minutes=30)
    id = form_id(text, "message") if '/message">' in text else fresh()
    answers = await asyncio.gather(*(client.write("CFDI40138", id=id) for _ in range(3)))
    assert {answer.headers["location"] for answer in answers} == {f"{client.link}?said=message#newest"}
    assert (await now(site, ticket)).state is State.L1_WORKING
    assert (await bodies(site, ticket)).count("CFDI40138") == 1
    assert "Recibimos su mensaje." in (await client.browser.get(f"{client.link}?said=message")).text


async def test_a_file_alone_is_an_answer_too_and_its_client_gets_it_back(site: Site) -> None:
    ticket, client = await asked(site)
    assert (await client.write("", PDF, "pantalla.pdf")).status_code == 303
    assert (await now(site, ticket)).state is State.L1_WORKING
    (file,) = await site.world.all(select(StoredFile))
    assert (await bodies(site, ticket))[-1] == "pantalla.pdf"
    assert f'href="{client.link}/files/{file.key}"' in await client.look()
    answer = await client.browser.get(f"{client.link}/files/{file.key}")
    assert (answer.content, answer.headers["content-security-policy"]) == (PDF, "sandbox; default-src 'none'")


async def test_a_file_opens_by_its_own_tickets_link_only_and_a_notes_by_none(site: Site) -> None:
    ticket, client = await asked(site)
    await client.write("", PDF)
    ana = await site.staff("ana")
    note = {"client_message_id": fresh(), "inside": "yes"}
    await ana.post(f"/tickets/{ticket.folio}/file", data=note, files={"file": ("n.pdf", PDF)}, headers=OURS)
    public, inside = await site.world.all(select(StoredFile).order_by(col(StoredFile.id)))
    other = await client_of(site, await escalated(site))
    answers = [
        await client.browser.get(f"{client.link}/files/{inside.key}"),
        await other.browser.get(f"{other.link}/files/{public.key}"),
        await client.browser.get(f"{client.link}/files/{'0' * 32}"),
        await client.browser.get(f"/t/{'a' * 40}/files/{public.key}"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert (await client.browser.get(f"{client.link}/files/{public.key}")).status_code == 200
    assert (await client.browser.get(f"/files/{public.key}")).status_code == 303


@pytest.mark.parametrize(
    ("body", "file", "why"),
    [
        (" ", None, "El texto está vacío"),
        ("x" * 4001, None, "demasiado largo"),
        ("Va mi llave", b"-----BEGIN PRIVATE KEY-----\nMII", "Nunca envíe llaves"),
        ("Va", PDF + b"x" * 70_000, "demasiado grande"),
    ],
)
async def test_what_is_refused_keeps_the_words_and_leaves_the_question_open(
    quick: Site, body: str, file: bytes | None, why: str
) -> None:
    ticket, client = await asked(quick)
    answer = await client.write(body, file)
    assert answer.status_code == 422
    assert why in answer.text
    assert body.strip() in answer.text
    assert (await now(quick, ticket)).state is State.WAITING_CLIENT
    assert await quick.world.all(select(StoredFile).where(col(StoredFile.removed_at).is_(None))) == []


async def test_the_solution_is_confirmed_once(site: Site) -> None:
    ticket, client = await solved(site)
    text = await client.look()
    assert "Cambie el régimen" in text
    answers = await asyncio.gather(client.press("confirm"), client.press("confirm"))
    places = sorted(answer.headers["location"].partition("said=")[2] for answer in answers)
    assert places == ["already#newest", "confirmed#newest"]
    assert (await now(site, ticket)).state is State.CLOSED


async def test_what_is_not_solved_is_opened_again_with_the_reason(site: Site) -> None:
    ticket, client = await solved(site)
    id = fresh()
    assert (await client.press("reopen", body=" ", client_message_id=id)).status_code == 422
    for _ in range(2):
        answer = await client.press("reopen", body="Sigue igual", client_message_id=id)
        assert answer.headers["location"] == f"{client.link}?said=reopened#newest"
    after = await now(site, ticket)
    assert (after.state, after.reopened) == (State.L1_WORKING, 1)
    assert (await bodies(site, ticket)).count("Sigue igual") == 1


async def test_too_late_to_open_it_again_a_new_folio_begins(quick: Site) -> None:
    ticket, client = await solved(quick)
    quick.clock.advance(days=20)
    id = fresh()
    answers = [await client.press("reopen", body="Volvió a fallar", client_message_id=id) for _ in range(2)]
    (place,) = {answer.headers["location"] for answer in answers}
    assert place.endswith("?said=opened")
    assert (await now(quick, ticket)).state is State.CLOSED
    assert "Volvió a fallar" in (await client.browser.get(place)).text
    assert len(await quick.world.all(select(Ticket))) == 2


async def test_words_alone_reopen_nothing(quick: Site) -> None:
    """ "Thank you" is no complaint: the page has a button for that."""
    ticket, client = await solved(quick)
    assert (await client.write("Gracias")).status_code == 303
    assert (await now(quick, ticket)).state is State.RESOLVED
    assert (await bodies(quick, ticket))[-1] == "Gracias"


async def test_a_form_that_comes_too_late_says_how_it_stands(site: Site) -> None:
    ticket, client = await solved(site)
    site.clock.advance(days=30)
    await run_due(site.context)
    assert (await now(site, ticket)).state is State.CLOSED
    assert (await client.press("confirm")).headers["location"].endswith("said=already#newest")


async def test_after_closing_words_begin_a_new_folio(site: Site) -> None:
    ticket, client = await closed(site)
    id = fresh()
    answers = [await client.write("Ahora falla otra cosa", id=id) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    fresh_one = (await site.world.all(select(Ticket).order_by(col(Ticket.id).desc())))[0]
    assert (fresh_one.id != ticket.id, fresh_one.follows_id) == (True, ticket.id)
    page = (await client.browser.get(answers[0].headers["location"])).text
    assert fresh_one.folio in page
    assert "Abrimos este folio nuevo" in page
    assert (await (await site.staff("ana")).get(f"/tickets/{fresh_one.folio}")).status_code == 200
    assert len(await site.world.all(select(Ticket))) == 2
    assert (await now(site, ticket)).state is State.CLOSED
    query = select(Message).where(Message.conversation_id == fresh_one.conversation_id)
    assert [message.channel for message in await site.world.all(query)] == [Channel.PAGE]


async def test_long_after_closing_words_begin_a_folio_that_follows_nothing(site: Site) -> None:
    ticket, client = await closed(site)
    site.clock.advance(days=31)
    assert (await client.write("Ahora falla otra cosa")).status_code == 303
    (new,) = await site.world.all(select(Ticket).where(Ticket.id > ticket.id))
    assert (new.follows_id, new.origin, new.channel, new.state) == (None, "page", Channel.PAGE, State.NEW)
    page = await (await site.staff("ana")).get(f"/tickets/{new.folio}")
    assert "Página del cliente" in page.text


# How they were helped.


async def test_a_closed_ticket_is_rated_once_and_changed_for_a_day(site: Site) -> None:
    ticket, client = await closed(site)
    assert "¿Cómo le atendimos?" in await client.look()
    assert (await client.press("rating", score="5", comment=" Rápido ")).status_code == 303
    site.clock.advance(hours=23)
    assert (await client.press("rating", score="2", comment="")).status_code == 303
    (rating,) = await site.world.all(select(Rating))
    assert (rating.ticket_id, rating.conversation_id, rating.score, rating.comment) == (ticket.id, None, 2, None)
    assert rating.changed_at - rating.rated_at == timedelta(hours=23)
    site.clock.advance(hours=1)
    text = await client.look()
    assert "Su calificación: 2 de 5" in text
    assert f"{client.link}/rating" not in text
    assert (await client.press("rating", score="5")).status_code == 422
    staff = (await (await site.staff("ana")).get(f"/tickets/{ticket.folio}")).text
    assert "2 / 5" in staff


async def test_two_presses_are_one_rating(site: Site) -> None:
    _, client = await closed(site)
    await asyncio.gather(*(client.press("rating", score="4") for _ in range(4)))
    assert [rating.score for rating in await site.world.all(select(Rating))] == [4]


@pytest.mark.parametrize("score", ["", "0", "6", "5.0", "x", "-1", "５"])
async def test_a_score_is_from_one_to_five(quick: Site, score: str) -> None:
    _, client = await closed(quick)
    answer = await client.press("rating", score=score, comment="Mis palabras")
    assert answer.status_code == 422
    assert "Mis palabras" in answer.text
    assert await quick.world.all(select(Rating)) == []


async def test_nothing_is_rated_before_it_is_over(quick: Site) -> None:
    _, client = await solved(quick)
    assert (await client.press("rating", score="5")).headers["location"].endswith("said=already#newest")
    assert await quick.world.all(select(Rating)) == []
