"""Mail that was set aside: listed with its reason, taken once, dismissed once, by supervisors."""

import itertools
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlmodel import col, select, update

from chatserver.actions.aside import dismiss_mail, take_mail
from chatserver.actions.mailbox import Found, begin_mailbox, hold_mailbox, store_mail
from chatserver.files import FolderStore
from chatserver.mail.inbox import deal_with_new
from chatserver.mail.parse import parse_mail
from chatserver.models import InboundMail, MailState, NoticeRow, StoredFile, Ticket
from chatserver.queries.access import staff_actor
from chatserver.types import Channel
from tests.http.conftest import Site, open_site
from tests.http.test_admin import audited
from tests.mail.account import ADDRESS, account
from tests.mail.corpus import mail
from tests.mail.desk import BOX, LONG

pytestmark = pytest.mark.asyncio

LONG_LEASE = timedelta(hours=1)
NUMBERS = itertools.count(1)
ROBOT = {"From": "Boletín <noticias@robot.example>", "List_Unsubscribe": "<https://robot.example>"}


@pytest_asyncio.fixture
async def site(database_url: str) -> AsyncIterator[Site]:
    """Mail comes in, and nobody but the test deals with it."""
    async with open_site(database_url, mail=account()) as opened:
        await hold_mailbox(opened.context, BOX, "test", LONG_LEASE)
        await begin_mailbox(opened.context, BOX, 1, 0)
        yield opened


async def arrive(site: Site, folder: Path, raw: bytes) -> InboundMail:
    number = next(NUMBERS)
    await store_mail(site.context, BOX, 1, Found(number, site.clock.now(), raw))
    await deal(site, folder)
    return await mail_of(site, number)


async def deal(site: Site, folder: Path) -> None:
    await deal_with_new(site.context, FolderStore(folder / "files"), LONG)


async def mail_of(site: Site, number: int) -> InboundMail:
    rows: list[InboundMail] = await site.world.all(select(InboundMail).where(InboundMail.uid == number))
    return rows[0]


async def robot(site: Site, folder: Path, text: str = "Ofertas <b>de</b> hoy", **headers: str) -> InboundMail:
    row = await arrive(site, folder, mail(text, **ROBOT | {"subject": "Ofertas"} | headers))
    assert row.outcome == "set_aside"
    return row


async def test_what_was_set_aside_is_listed_with_the_reason(site: Site, tmp_path: Path) -> None:
    await robot(site, tmp_path)
    await arrive(site, tmp_path, mail("¿Hola?", From="x", subject="Sin nadie"))
    text = (await (await site.staff("sue")).get("/admin/aside")).text
    assert "Parece escrito por una máquina" in text
    assert "noticias@robot.example" in text
    assert "Ofertas &lt;b&gt;de&lt;/b&gt; hoy" in text
    assert "No dice quién lo escribió" in text
    assert text.count("/take") == 1  # nobody could be answered otherwise


async def test_taken_it_is_a_ticket_once_with_its_files(site: Site, tmp_path: Path) -> None:
    row = await arrive(site, tmp_path, with_file())
    browser = await site.staff("sue")
    answer = await browser.submit(f"/admin/aside/{row.id}/take")
    (ticket,) = await site.world.all(select(Ticket))
    assert answer.headers["location"] == f"/tickets/{ticket.folio}"
    assert (ticket.channel, ticket.sla_start) == (Channel.MAIL, row.received_at)
    assert await audited(site, f"mail:{row.id}") == [("take_mail", f"agent:{site.agents['sue'].id}")]
    again = await browser.submit(f"/admin/aside/{row.id}/take")
    assert again.status_code == 422
    assert "Otra persona ya decidió" in again.text
    await deal(site, tmp_path)
    (file,) = await site.world.all(select(StoredFile))
    assert (file.name, file.conversation_id) == ("nota.txt", ticket.conversation_id)
    kept = await mail_of(site, row.uid)
    assert (kept.outcome, kept.state, kept.ticket_id) == ("opened", MailState.DONE, ticket.id)
    assert "No hay correo apartado" in (await browser.get("/admin/aside")).text
    assert len(await site.world.all(select(Ticket))) == 1


def with_file() -> bytes:
    boundary = "x1"
    lines = [
        "From: Boletin <noticias@robot.example>",
        f"To: {ADDRESS}",
        "Subject: Ofertas",
        "Message-ID: <with-file@robot.example>",
        "Precedence: bulk",
        f'Content-Type: multipart/mixed; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "No puedo timbrar.",
        f"--{boundary}",
        "Content-Type: text/plain",
        'Content-Disposition: attachment; filename="nota.txt"',
        "",
        "una nota",
        f"--{boundary}--",
        "",
    ]
    return "\r\n".join(lines).encode()


async def test_dismissed_it_is_gone_and_noted(site: Site, tmp_path: Path) -> None:
    row = await robot(site, tmp_path)
    browser = await site.staff("sue")
    answer = await browser.submit(f"/admin/aside/{row.id}/dismiss")
    assert answer.headers["location"] == "/admin/aside?dismissed"
    kept = await mail_of(site, row.uid)
    assert (kept.outcome, kept.state, kept.ticket_id) == ("dismissed", MailState.DONE, None)
    assert await audited(site, f"mail:{row.id}") == [("dismiss_mail", f"agent:{site.agents['sue'].id}")]
    assert (await browser.submit(f"/admin/aside/{row.id}/take")).status_code == 422
    assert await site.world.all(select(Ticket)) == []


async def test_what_could_not_be_dealt_with_is_there_and_can_be_tried_again(site: Site, tmp_path: Path) -> None:
    row = await robot(site, tmp_path)
    async with site.context.db.transaction() as transaction:
        broken = update(InboundMail).where(col(InboundMail.id) == row.id)
        await transaction.session.exec(broken.values(outcome=None, state=MailState.FAILED, problem="OSError"))
    browser = await site.staff("sue")
    text = (await browser.get("/admin/aside")).text
    assert "No se pudo procesar" in text
    assert "OSError" in text
    assert (await browser.submit(f"/admin/aside/{row.id}/take")).status_code == 303
    await deal(site, tmp_path)
    assert (await mail_of(site, row.uid)).state is MailState.DONE
    assert len(await site.world.all(select(Ticket))) == 1


async def test_what_is_not_kept_any_more_can_only_be_dismissed(site: Site, tmp_path: Path) -> None:
    row = await robot(site, tmp_path)
    async with site.context.db.transaction() as transaction:
        await transaction.session.exec(update(InboundMail).where(col(InboundMail.id) == row.id).values(raw=b""))
    browser = await site.staff("sue")
    text = (await browser.get("/admin/aside")).text
    assert "Ya no se conserva" in text
    assert "/take" not in text
    answer = await browser.submit(f"/admin/aside/{row.id}/take")
    assert (answer.status_code, "Ya no se conserva" in answer.text) == (422, True)
    assert (await browser.submit(f"/admin/aside/{row.id}/dismiss")).status_code == 303


async def test_mail_that_was_dealt_with_is_neither_taken_nor_dismissed(site: Site, tmp_path: Path) -> None:
    row = await arrive(site, tmp_path, mail("No puedo timbrar."))
    assert row.outcome == "opened"
    browser = await site.staff("sue")
    for word in ("take", "dismiss"):
        assert (await browser.submit(f"/admin/aside/{row.id}/{word}")).status_code == 422
    assert len(await site.world.all(select(Ticket))) == 1
    assert await site.world.all(select(NoticeRow.kind)) == ["opened"]


@pytest.mark.parametrize("id", ["0", "999", "x", "9" * 30])
async def test_a_mail_that_is_not_there_is_not_found(site: Site, id: str) -> None:
    browser = await site.staff("sue")
    for word in ("take", "dismiss"):
        assert (await browser.submit(f"/admin/aside/{id}/{word}")).status_code == 404


async def test_an_agent_has_no_say(site: Site, tmp_path: Path) -> None:
    row = await robot(site, tmp_path)
    browser = await site.staff("ana")
    assert (await browser.get("/admin/aside")).status_code == 403
    assert (await browser.submit(f"/admin/aside/{row.id}/take")).status_code == 403
    ana = staff_actor(site.agents["ana"])
    async with site.context.unit() as unit:
        assert await site.world.refused(take_mail(unit, ana, row.id, parse_mail(row.raw, ADDRESS))) == "not_allowed"
        assert await site.world.refused(dismiss_mail(unit, ana, row.id)) == "not_allowed"


async def test_the_page_speaks_english_and_says_when_there_is_nothing(site: Site) -> None:
    text = (await (await site.staff("sue")).get("/admin/aside?lang=en")).text
    assert "No mail is set aside" in text
    assert re.search(r'aria-current="page">Mail set aside', text)
