"""Tickets as pages: found, filtered, read as a whole, answered once."""

import re
from uuid import uuid4

import pytest
from sqlmodel import col, select, update

from chatserver.models import Message, Portal, Ticket
from chatserver.process.severity import Severity
from chatserver.queries.access import staff_actor
from chatserver.queries.tickets import PAGE, TicketFilter, list_tickets
from chatserver.types import TicketState
from tests.http.conftest import Browser, Site
from tests.world import CONTACT, fresh

pytestmark = pytest.mark.asyncio

ESCALATION = {
    "severity": "S2",
    "impact": "core",
    "urgency": "high",
    "level": 2,
    "category": "Timbrado",
    "summary": "Factura con otro RFC",
    "rfc": "none",
    "evidence": "none",
}


async def escalated(site: Site, token: str = "vic", **fields: object) -> Ticket:
    """A chat that became a ticket."""
    world = site.world
    conversation = await world.talk(token)
    await world.staff("ana", "add_note", conversation=conversation, client_message_id=fresh(), body="Ojo con el PAC")
    await world.staff("ana", "escalate", conversation=conversation, **ESCALATION | fields)
    ticket = await world.ticket(conversation)
    assert ticket is not None
    return ticket


async def left_message(site: Site, token: str, **contact: str) -> Ticket:
    """A message from out of hours."""
    world = site.world
    reply = await world.visitor(
        token, "leave_message", contact=CONTACT | contact, client_message_id=fresh(), body=f"Soy {token}"
    )
    ticket = await world.ticket(reply.conversation)
    assert ticket is not None
    return ticket


async def messages(site: Site, ticket: Ticket) -> list[Message]:
    query = select(Message).where(Message.conversation_id == ticket.conversation_id).order_by(col(Message.id))
    return await site.world.all(query)


def folios(text: str) -> list[str]:
    return re.findall(r'href="/tickets/(PG-[0-9-]+)"', text)


def form_id(text: str, action: str) -> str:
    found = re.search(rf'/{action}">\s*<input type="hidden" name="client_message_id" value="([^"]+)"', text)
    assert found
    return found[1]


@pytest.mark.parametrize("folio", ["%00", "PG-2026-%00", "..%2f..", "%F0%9F%98%80", "1 OR 1=1", "pg-2026-000001"])
async def test_what_cannot_be_a_folio_is_not_there(site: Site, folio: str) -> None:
    assert (await (await site.staff("ana")).get(f"/tickets/{folio}")).status_code == 404


async def test_an_empty_list_says_what_will_come(site: Site) -> None:
    assert "Aquí aparecen los chats" in (await (await site.staff("ana")).get("/tickets")).text


async def test_what_is_due_first_stands_first_and_the_newest_on_request(site: Site) -> None:
    site.clock.advance(hours=10)
    slow = await left_message(site, "val", email="val@example.com")
    site.clock.advance(hours=12)
    soon = await escalated(site)
    browser = await site.staff("ana")
    assert folios((await browser.get("/tickets")).text) == [slow.folio, soon.folio]
    assert folios((await browser.get("/tickets?order=newest")).text) == [soon.folio, slow.folio]


async def test_filters_narrow_the_list(site: Site) -> None:
    await escalated(site)
    site.clock.advance(hours=10)
    other = await left_message(site, "val", email="val@example.com")
    browser = await site.staff("ana")
    for query in ("state=new", "severity=S3", "level=1", "state=new&severity=S3&level=1&order=newest"):
        assert folios((await browser.get(f"/tickets?{query}")).text) == [other.folio]
    assert folios((await browser.get("/tickets?state=closed")).text) == []


@pytest.mark.parametrize("query", ["state=%00", "severity=S9", "level=4", "page=-1", "page=x", "page=٣", "order=';--"])
async def test_nonsense_in_the_address_is_left_out(site: Site, query: str) -> None:
    ticket = await escalated(site)
    assert folios((await (await site.staff("ana")).get(f"/tickets?{query}")).text) == [ticket.folio]


async def test_a_long_list_comes_in_pages(site: Site) -> None:
    site.clock.advance(hours=10)
    for number in range(PAGE + 1):
        await left_message(site, f"v{number}", email=f"v{number}@example.com")
    browser = await site.staff("ana")
    first = folios((await browser.get("/tickets?page=1")).text)
    second = folios((await browser.get("/tickets?page=2")).text)
    assert (len(first), len(second)) == (PAGE, 1)
    assert not set(first) & set(second)
    assert 'rel="next"' not in (await browser.get("/tickets?page=2")).text


async def test_ended_tickets_are_out_of_the_way(site: Site) -> None:
    ticket = await escalated(site)
    async with site.context.db.transaction() as transaction:
        await transaction.session.exec(update(Ticket).values(state=TicketState.CLOSED))
    browser = await site.staff("ana")
    assert folios((await browser.get("/tickets")).text) == []
    assert folios((await browser.get("/tickets?state=closed")).text) == [ticket.folio]


async def test_another_teams_ticket_is_as_good_as_none(site: Site) -> None:
    ticket = await escalated(site)
    async with site.context.db.transaction() as transaction:
        await transaction.session.exec(update(Portal).values(team="help-desk"))
    browser = await site.staff("olly")
    assert folios((await browser.get("/tickets")).text) == []
    for path in (f"/tickets/{ticket.folio}", "/tickets/PG-2026-999999"):
        assert (await browser.get(path)).status_code == 404
    for action in ("answer", "note"):
        answer = await browser.submit(f"/tickets/{ticket.folio}/{action}", body="x", client_message_id=str(uuid4()))
        assert answer.status_code == 404
    assert "Soy de otro equipo" not in [message.body for message in await messages(site, ticket)]


async def test_a_ticket_shows_state_severity_owner_promise_and_the_whole_thread(site: Site) -> None:
    ticket = await escalated(site)
    text = (await (await site.staff("ben")).get(f"/tickets/{ticket.folio}")).text
    for words in ("En cola N2", "S2 Alta", "Sin asignar", "Avance", "Factura con otro RFC", "Hola", "Con gusto"):
        assert words in text
    assert re.search(r'class="message client">.*?Hola', text, re.DOTALL)
    assert re.search(r'class="message staff">.*?Con gusto', text, re.DOTALL)
    assert re.search(r'class="message note">.*?Ojo con el PAC', text, re.DOTALL)
    assert text.index("Hola") < text.index("Con gusto") < text.index("Ojo con el PAC") < text.index("Escalada:")


async def test_a_thread_longer_than_a_snapshot_is_shown_whole(site: Site) -> None:
    ticket = await escalated(site)
    for number in range(205):
        await site.world.say("vic", ticket.conversation_id, f"línea {number}.")
    text = (await (await site.staff("ana")).get(f"/tickets/{ticket.folio}")).text
    assert all(f"línea {number}." in text for number in range(205))
    assert "Entró a la cola" in text


async def test_an_answer_reaches_the_client_and_starts_the_update_clock_again(site: Site) -> None:
    ticket = await escalated(site)
    browser = await site.staff("ben")
    page = f"/tickets/{ticket.folio}"
    site.clock.advance(minutes=30)
    answer = await browser.submit(
        f"{page}/answer", body="Ya lo revisamos", client_message_id=form_id((await browser.get(page)).text, "answer")
    )
    assert answer.headers["location"] == f"{page}#newest"
    last = (await messages(site, ticket))[-1]
    assert (last.body, last.note, last.sender_name) == ("Ya lo revisamos", False, "Ben")
    now = await site.world.ticket(ticket.conversation_id)
    assert now is not None
    assert ticket.update_due is not None
    assert now.update_due is not None
    assert now.update_due > ticket.update_due


async def test_a_double_press_is_one_answer_and_other_words_with_its_id_are_refused(site: Site) -> None:
    ticket = await escalated(site)
    browser, id = await site.staff("ana"), str(uuid4())
    path = f"/tickets/{ticket.folio}/answer"
    for _ in range(2):
        assert (await browser.submit(path, body="Una vez", client_message_id=id)).status_code == 303
    assert (await browser.submit(path, body="Otra cosa", client_message_id=id)).status_code == 422
    assert [message.body for message in await messages(site, ticket)].count("Una vez") == 1


async def test_a_note_is_for_staff_only(site: Site) -> None:
    ticket = await escalated(site)
    browser = await site.staff("ana")
    await browser.submit(f"/tickets/{ticket.folio}/note", body="Solo nosotros", client_message_id=str(uuid4()))
    note = (await messages(site, ticket))[-1]
    assert (note.body, note.note) == ("Solo nosotros", True)


@pytest.mark.parametrize(
    ("body", "id"), [(" ", "a" * 8), ("x" * 4001, "a" * 8), ("kept words", "short"), ("kept words", "$$$$$$$$$")]
)
async def test_refused_words_are_kept_in_their_box(site: Site, body: str, id: str) -> None:
    ticket = await escalated(site)
    browser = await site.staff("ana")
    answer = await browser.submit(f"/tickets/{ticket.folio}/answer", body=body, client_message_id=id)
    assert answer.status_code == 422
    assert body in answer.text
    assert "Su texto sigue aquí." in answer.text


HOSTILE = "<img src=x onerror=alert(1)>"


async def test_whatever_a_client_writes_is_text(site: Site) -> None:
    site.clock.advance(hours=10)
    ticket = await left_message(site, "vic", name=f"{HOSTILE} {{{{ 7*7 }}}}", subject=f'"{HOSTILE}')
    await site.world.say("vic", ticket.conversation_id, f"</textarea>{HOSTILE}")
    browser: Browser = await site.staff("ana")
    for path in ("/tickets", f"/tickets/{ticket.folio}"):
        text = (await browser.get(path)).text
        assert "<img" not in text
        assert "&lt;img src=x" in text
        assert "{{ 7*7 }}" in text or "49" not in text


async def test_the_order_in_sql_is_the_order_of_the_promises(site: Site) -> None:
    first = await escalated(site)
    site.clock.advance(hours=10)
    for number, severity in enumerate((Severity.S4, Severity.S1, Severity.S3)):
        made = await left_message(site, f"v{number}", email=f"v{number}@example.com")
        async with site.context.db.transaction() as transaction:
            values = {"severity": severity, "first_reply_due": made.first_reply_due.replace(minute=number)}
            await transaction.session.exec(update(Ticket).where(col(Ticket.id) == made.id).values(**values))
    async with site.context.db.read() as session:
        lines, total = await list_tickets(session, staff_actor(site.agents["ana"]), TicketFilter())
    dues = [line.promise.due for line in lines if line.promise]
    assert (dues, total) == (sorted(dues), 4)
    assert first.folio in [line.ticket.folio for line in lines]
