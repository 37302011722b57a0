"""The mail account as a page: no secret on it, a test letter through the outbox, and what became of it."""

import pytest
from sqlmodel import col, select

from chatserver.actions.staff_letters import MOST_TESTS, queue_test_letter
from chatserver.mail.sender import send_due
from chatserver.models import NoticeRow
from chatserver.queries.access import staff_actor
from tests.http.conftest import Site, open_site
from tests.http.test_admin import admin, audited, problem_of
from tests.mail.account import ADDRESS, account
from tests.mail.sink import open_sink

pytestmark = pytest.mark.asyncio

LONG = 60.0
MAIL = account(
    smtp_port=2,
    smtp_user="ayuda",
    smtp_password="a secret password",
    imap_host="127.0.0.1",
    imap_port=1,
    imap_user="ayuda",
    imap_password="another secret",
    imap_security="none",
    timeout=2,
)


async def letters(site: Site) -> list[NoticeRow]:
    return await site.world.all(select(NoticeRow).order_by(col(NoticeRow.id)))


async def test_the_page_shows_the_account_and_none_of_its_secrets(database_url: str) -> None:
    async with open_site(database_url, mail=MAIL) as site:
        text = (await (await admin(site)).get("/admin/mail")).text
        for shown in (ADDRESS, "127.0.0.1:2", "STARTTLS", "127.0.0.1:1", "contraseña puesta", "variables de"):
            assert shown in text, shown
        for secret in ("a secret password", "another secret", "0123456789abcdef"):
            assert secret not in text


async def test_without_an_account_the_page_says_that_mail_is_off(site: Site) -> None:
    browser = await admin(site)
    text = (await browser.get("/admin/mail")).text
    assert "El correo está apagado" in text
    assert "Enviar carta de prueba" not in text
    answer = await browser.submit("/admin/mail/test", address="sue@example.com")
    assert answer.status_code == 422
    assert "El correo de salida está apagado" in problem_of(answer.text)


async def test_a_test_letter_goes_through_the_outbox(database_url: str) -> None:
    async with (
        open_sink() as sink,
        open_site(database_url, mail=account(smtp_port=sink.port, smtp_security="none", timeout=5)) as site,
    ):
        browser = await admin(site)
        answer = await browser.submit("/admin/mail/test", address=" Sue@Example.com ")
        assert answer.headers["location"] == "/admin/mail?queued#letters"
        await send_due(site.context, LONG)
        (row,) = await letters(site)  # whoever sent it, the page's process or this one
        assert (row.ticket_id, row.kind) == (None, "test")
        for _ in range(200):
            if sink.mails:
                break
            await send_due(site.context, LONG)
        (sent,) = sink.mails
        assert sent["Subject"] == "Carta de prueba de la mesa de ayuda"
        assert "Sue pidió esta carta" in sent.as_string() or "Sue pidi" in sent.as_string()
        assert await audited(site, f"notice:{row.id}") == [("send_test_letter", f"agent:{site.agents['sue'].id}")]
        text = (await browser.get("/admin/mail")).text
        assert "Prueba" in text
        assert row.address in text


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a@example.com, b@example.com", "a@example.com\nBcc: b@x.mx"])
async def test_a_test_letter_goes_to_one_address(database_url: str, address: str) -> None:
    async with open_site(database_url, mail=MAIL) as site:
        answer = await (await admin(site)).submit("/admin/mail/test", address=address)
        assert answer.status_code == 422
        assert problem_of(answer.text)
        assert await letters(site) == []


async def test_test_letters_are_no_way_to_flood_anybody(database_url: str) -> None:
    async with open_site(database_url, mail=MAIL) as site:
        browser = await admin(site)
        for _ in range(MOST_TESTS):
            assert (await browser.submit("/admin/mail/test", address="sue@example.com")).status_code == 303
        answer = await browser.submit("/admin/mail/test", address="sue@example.com")
        assert "muchas cartas de prueba" in problem_of(answer.text)
        assert len(await letters(site)) == MOST_TESTS


async def test_the_servers_are_asked_and_what_they_say_is_shown(database_url: str) -> None:
    async with open_sink() as sink:
        working = MAIL.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": sink.port, "smtp_security": "none"})
        working = working.model_copy(update={"smtp_user": None, "smtp_password": None})
        async with open_site(database_url, mail=working) as site:
            text = (await (await admin(site)).submit("/admin/mail/check")).text
            assert "Responde y nos acepta" in text  # the SMTP server
            assert "No responde como debe" in text  # nobody is at the mailbox's port
            assert "another secret" not in text


async def test_a_supervisor_reads_and_sends_nothing(database_url: str) -> None:
    async with open_site(database_url, mail=MAIL) as site:
        browser = await site.staff("sue")
        text = (await browser.get("/admin/mail")).text
        assert "Usted puede consultar" in text
        assert "Enviar carta de prueba" not in text
        for path in ("/admin/mail/test", "/admin/mail/check"):
            assert (await browser.submit(path, address="sue@example.com")).status_code == 403
        async with site.context.unit() as unit:
            sue = staff_actor(site.agents["sue"])
            letter = queue_test_letter(unit, sue, "sue@example.com", "es-MX", "UTC")
            assert await site.world.refused(letter) == "not_admin"


async def test_the_page_speaks_english(site: Site) -> None:
    assert "Mail is off" in (await (await admin(site)).get("/admin/mail?lang=en")).text
