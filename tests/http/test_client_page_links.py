"""The client's page of a ticket: who gets in, and who does not."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from chatserver.actions.erase import ERASED, erase_visitor
from chatserver.http import client_page
from chatserver.models import Rating, Table, Visitor
from chatserver.tokens import Purpose, make_token
from chatserver.types import SYSTEM, TicketId, TicketState
from tests.http.conftest import Site, open_site
from tests.http.holders import client_of, closed, escalated, now, read_by_link, solved
from tests.mail.account import SECRET

pytestmark = pytest.mark.asyncio

State = TicketState


@pytest.fixture
def changes(tmp_path: Path) -> dict[str, Any]:
    return read_by_link(tmp_path)


async def test_a_link_opens_the_page_without_a_cookie_and_tells_nobody(site: Site) -> None:
    client = await client_of(site, await escalated(site))
    answer = await client.browser.get(client.link)
    assert answer.status_code == 200
    for name, value in {
        "referrer-policy": "same-origin",
        "x-robots-tag": "noindex, nofollow",
        "cache-control": "no-store",
    }.items():
        assert answer.headers[name] == value
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text
    assert "set-cookie" not in answer.headers


async def test_what_is_no_link_of_ours_opens_nothing_whatever_it_is(site: Site) -> None:
    ticket = await escalated(site)
    issued = site.clock.now()
    other = make_token(SECRET, Purpose.REPLY, TicketId(ticket.id), issued)
    nobody = make_token(SECRET, Purpose.PAGE, TicketId(99_999), issued)
    good = make_token(SECRET, Purpose.PAGE, TicketId(ticket.id), issued)
    forged = good[:-1] + ("a" if good[-1] != "a" else "b")
    browser = site.browser()
    answers = [
        await browser.get(f"/t/{link}") for link in (other, nobody, forged, good[:-1], "x" * 40, ticket.folio, "%00")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert (await browser.get(f"/t/{good.upper()}")).status_code == 200
    for action in ("message", "confirm", "reopen", "rating"):
        assert (await browser.submit(f"/t/{forged}/{action}", body="x")).status_code == 404


async def test_without_a_secret_there_is_no_page(sqlite_url: str) -> None:
    async with open_site(sqlite_url) as site:
        ticket = await escalated(site)
        link = make_token(SECRET, Purpose.PAGE, TicketId(ticket.id), site.clock.now())
        assert (await site.browser().get(f"/t/{link}")).status_code == 404
        assert "Copiar enlace" not in (await (await site.staff("ana")).get(f"/tickets/{ticket.folio}")).text


async def test_revoked_links_open_nothing_and_new_ones_do(site: Site) -> None:
    ticket = await escalated(site)
    before, ana = await client_of(site, ticket), await site.staff("ana")
    page = (await ana.get(f"/tickets/{ticket.folio}")).text
    shown = re.search(r'data-copy="http://127.0.0.1:8000(/t/[a-z2-7]{40})"', page)
    assert shown
    assert (await site.browser().get(shown[1])).status_code == 200
    assert (await ana.submit(f"/tickets/{ticket.folio}/links")).status_code == 303
    for link in (before.link, shown[1]):
        assert (await site.browser().get(link)).status_code == 404
        assert (await site.browser().submit(f"{link}/confirm")).status_code == 404
    after = await client_of(site, ticket)
    await after.look()
    assert (await ana.submit(f"/tickets/{ticket.folio}/links")).status_code == 303
    site.clock.advance(seconds=2)
    await (await client_of(site, ticket)).look()


async def test_only_who_may_see_the_ticket_revokes(quick: Site) -> None:
    ticket = await escalated(quick)
    client = await client_of(quick, ticket)
    await quick.change("ana", disabled_at=None)
    assert (await quick.browser().submit(f"/tickets/{ticket.folio}/links")).status_code == 303
    assert (await (await quick.staff("ben")).submit("/tickets/PG-2026-999999/links")).status_code == 404
    await client.look()


async def test_an_erased_client_has_no_page(site: Site) -> None:
    ticket, client = await closed(site)
    await client.press("rating", score="4", comment="Gracias, soy María")
    await site.context.attempt(lambda unit: erase_visitor(unit, SYSTEM, ticket.visitor_id))
    assert (await client.browser.get(client.link)).status_code == 404
    (rating,) = await site.world.all(select(Rating))
    assert (rating.score, rating.comment) == (4, None)
    assert (await site.world.get(Visitor, ticket.visitor_id)).name == ERASED


async def test_opening_it_changes_nothing(site: Site) -> None:
    """Mail scanners follow every link there is."""
    _, client = await solved(site)
    before = await everything(site)
    for path in ("", "?said=confirmed", "/confirm", "/reopen", "/rating", "/message", "?lang=en"):
        for method in ("GET", "HEAD"):
            answer = await client.browser.request(method, client.link + path)
            assert answer.status_code in (200, 404, 405)
    assert await everything(site) == before


async def everything(site: Site) -> list[str]:
    found = []
    async with site.context.db.read() as session:
        connection = await session.connection()
        for table in Table.metadata.sorted_tables:
            if table.name not in ("server_process", "presence_clock"):
                found += [f"{table.name}: {row}" for row in await connection.execute(table.select())]
    return sorted(found)


async def test_a_form_of_another_page_changes_nothing(quick: Site) -> None:
    ticket, client = await solved(quick)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}, {}):
        for action in ("confirm", "reopen", "rating", "message"):
            answer = await client.browser.post(f"{client.link}/{action}", data={"body": "x"}, headers=headers)
            assert answer.status_code == 403
    assert (await now(quick, ticket)).state is State.RESOLVED


async def test_too_many_forms_of_a_ticket_and_too_many_looks_of_an_address_wait(
    quick: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await escalated(quick)
    client = await client_of(quick, ticket)
    limit = client_page.SENT.amount
    answers = [await client.write(f"{number}") for number in range(limit + 1)]
    assert [answer.status_code for answer in answers] == [303] * limit + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "No se perdió nada" in answers[-1].text
    elsewhere = quick.browser("198.51.100.9")
    looks = [(await elsewhere.get("/t/guess")).status_code for _ in range(client_page.OPENED.amount + 1)]
    assert looks == [404] * client_page.OPENED.amount + [429]


async def test_no_log_holds_a_link(quick: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await client_of(quick, await escalated(quick))

    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(client_page, "read_client_page", fail)
    with capture_logs() as said:
        assert (await client.browser.get(client.link)).status_code == 500
    assert [(line["event"], line["path"]) for line in said] == [("http.failed", "/t/{link}")]
