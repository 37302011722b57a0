"""The words of notices: shown as letters, tried out, saved as a version, refused in words, taken back."""

import html
import re

import pytest
from sqlmodel import col, select

from chatserver.actions.letter_words import set_letter, ship_letter
from chatserver.http.admin_letters import LETTER_POLICY
from chatserver.mail_words import words_of
from chatserver.models import AuditEntry, LetterVersion
from chatserver.process.ticket_names import Notice
from chatserver.queries.access import staff_actor
from tests.http.conftest import Browser, Site
from tests.http.test_admin import admin, audited, problem_of

pytestmark = pytest.mark.asyncio

HERE = "/admin/letters/opened/es-MX"
SHIPPED = words_of("opened", "es-MX")
TOLD = "Ya llegó su solicitud, {folio}."
AS_SENT = "Ya llegó su solicitud, PG-2026-000123."


async def save(browser: Browser, told: str = TOLD, seen: int = 0, do: str = "save") -> tuple[int, str]:
    answer = await browser.submit(HERE, **SHIPPED | {"told.opened": told}, seen=str(seen), do=do)
    return answer.status_code, html.unescape(answer.text)


async def versions(site: Site) -> list[tuple[str, str, int, dict[str, str]]]:
    rows = await site.world.all(select(LetterVersion).order_by(col(LetterVersion.id)))
    return [(row.kind, row.locale, row.version, row.words) for row in rows]


def preview_of(text: str) -> str:
    return text.partition('id="preview"')[2]


async def test_what_every_notice_says_is_shown_in_both_languages(site: Site) -> None:
    text = html.unescape((await (await site.staff("sue")).get("/admin/letters")).text)
    assert text.count('<pre class="letter-text">') == 2 * (len(Notice) + 1)
    assert "Ya tenemos la solución de su solicitud." in text
    assert "Your request PG-2026-000123" in text
    assert "Cambiado" not in text
    assert "{" not in text.partition("<h1>")[2]


async def test_the_form_names_what_is_filled_in_and_shows_the_letter(site: Site) -> None:
    text = html.unescape((await (await admin(site)).get(HERE)).text)
    assert SHIPPED["told.opened"] in text
    assert "Debe llevar: {folio}" in text
    assert 'name="seen" value="0"' in text
    assert "Volver a los textos del sistema" not in text
    assert "Recibimos su solicitud y ya tiene folio: PG-2026-000123." in preview_of(text)


@pytest.mark.parametrize("kind", [*Notice, "progress"])
@pytest.mark.parametrize("locale", ["es-MX", "en"])
async def test_every_letter_has_its_page(quick: Site, kind: str, locale: str) -> None:
    browser = await admin(quick)
    answer = await browser.get(f"/admin/letters/{kind}/{locale}")
    assert answer.status_code == 200
    for key in words_of(kind, locale):
        assert f'name="{key}"' in answer.text


async def test_what_is_filled_in_is_named_in_its_order(quick: Site) -> None:
    text = (await (await admin(quick)).get("/admin/letters/validated/en")).text
    assert "Debe llevar: {day}, {hour}, {hour_until}." in text


async def test_a_try_shows_the_letter_and_saves_nothing(site: Site) -> None:
    status, text = await save(await admin(site), do="try")
    assert status == 200
    assert AS_SENT in preview_of(text)
    assert "todavía no se guarda" in text
    assert TOLD in text
    assert await versions(site) == []


async def test_what_is_tried_is_seen_as_a_mailbox_shows_it_and_can_do_nothing(site: Site) -> None:
    browser = await admin(site)
    told = SHIPPED | {"told.opened": "<script>1</script> & {folio}"}
    answer = await browser.submit(f"{HERE}/page", **told, seen="0")
    assert answer.status_code == 200
    assert "&lt;script&gt;1&lt;/script&gt; &amp; PG-2026-000123" in answer.text
    assert "<script" not in answer.text
    assert answer.headers["content-security-policy"] == LETTER_POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src" not in LETTER_POLICY
    assert (await browser.submit(f"{HERE}/page", **told | {"subject": ""})).status_code == 422
    assert await versions(site) == []


async def test_what_is_saved_is_a_version_with_what_was_before(site: Site) -> None:
    browser = await admin(site)
    assert (await save(browser))[0] == 303
    assert await versions(site) == [("opened", "es-MX", 1, {"told.opened": TOLD})]
    assert await audited(site, "letter:opened:es-MX:1") == [("set_letter", f"agent:{site.agents['sue'].id}")]
    (entry,) = await site.world.all(select(AuditEntry).where(AuditEntry.entity == "letter:opened:es-MX:1"))
    assert entry.details == {"before": SHIPPED, "after": SHIPPED | {"told.opened": TOLD}}
    text = html.unescape((await browser.get(f"{HERE}?saved")).text)
    assert "Así sale cada carta desde ahora" in text
    assert re.search(r"Versión 1\b.*Sue", text)
    assert f"El del sistema: {SHIPPED['told.opened']}" in text
    assert AS_SENT in preview_of(text)
    listed = html.unescape((await browser.get("/admin/letters")).text)
    assert AS_SENT in listed
    assert listed.count("Cambiado, versión 1") == 1


async def test_the_same_again_is_nothing_new(site: Site) -> None:
    browser = await admin(site)
    await save(browser, SHIPPED["told.opened"])
    assert await versions(site) == []
    for _ in range(2):
        assert (await save(browser, seen=len(await versions(site))))[0] == 303
    assert len(await versions(site)) == 1


async def test_the_way_back_is_a_version_too(site: Site) -> None:
    browser = await admin(site)
    await save(browser)
    assert (await browser.submit(f"{HERE}/shipped", seen="0")).status_code == 422
    assert (await browser.submit(f"{HERE}/shipped", seen="1")).status_code == 303
    assert [row[2:] for row in await versions(site)] == [(1, {"told.opened": TOLD}), (2, {})]
    assert [word for word, _ in await audited(site, "letter:opened:es-MX:2")] == ["ship_letter"]
    text = html.unescape((await browser.get(HERE)).text)
    assert "como lo trae el sistema" in text
    assert AS_SENT not in text
    assert "Cambiado" not in (await browser.get("/admin/letters")).text


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Ya llegó.", "le falta un dato"),
        ("{folio} {name}", "un nombre que este aviso no tiene"),
        ("{folio} {0.x}", "Las llaves solo van"),
        ("", "vacío"),
        ("{folio}" + "x" * 600, "largo"),
    ],
)
@pytest.mark.parametrize("do", ["try", "save"])
async def test_what_no_letter_can_say_is_refused_and_kept_in_the_form(
    quick: Site, told: str, said: str, do: str
) -> None:
    status, text = await save(await admin(quick), told, do=do)
    assert status == 422
    assert said in problem_of(text)
    assert f">\n{told}</textarea>" in text
    assert await versions(quick) == []


async def test_who_edited_older_words_is_told(site: Site) -> None:
    browser = await admin(site)
    await save(browser)
    status, text = await save(browser, "Otro: {folio}")
    assert status == 422
    assert "Otra persona guardó" in problem_of(text)
    assert "Otro: {folio}" in text
    assert 'name="seen" value="1"' in text
    assert len(await versions(site)) == 1


@pytest.mark.parametrize("path", ["nothing/es-MX", "opened/fr", "test/es-MX", "note/en"])
async def test_a_letter_that_is_not_there_is_not_found(quick: Site, path: str) -> None:
    browser = await admin(quick)
    assert (await browser.get(f"/admin/letters/{path}")).status_code == 404
    for end in ("", "/page", "/shipped"):
        assert (await browser.submit(f"/admin/letters/{path}{end}", seen="0")).status_code == 404


async def test_a_supervisor_reads_and_does_not_decide(site: Site) -> None:
    browser = await site.staff("sue")
    text = (await browser.get(HERE)).text
    assert "Usted puede consultar" in text
    assert "Guardar como versión" not in text
    for path in (HERE, f"{HERE}/page", f"{HERE}/shipped"):
        assert (await browser.submit(path, **SHIPPED, seen="0")).status_code == 403
    sue = staff_actor(site.agents["sue"])
    async with site.context.unit() as unit:
        assert await site.world.refused(set_letter(unit, sue, "opened", "es-MX", SHIPPED, 0)) == "not_admin"
        assert await site.world.refused(ship_letter(unit, sue, "opened", "es-MX", 0)) == "not_admin"


async def test_the_page_speaks_english(site: Site) -> None:
    text = html.unescape((await (await admin(site)).get(f"{HERE}?lang=en")).text)
    assert "What comes next" in text
    assert "It must have: {folio}" in text
