"""The folio's prefix and the categories: for new tickets only; those that exist keep what they have."""

import re

import pytest

from chatserver.actions.folios import set_categories, set_folio_prefix
from chatserver.models import Installation, Portal
from chatserver.queries.access import staff_actor
from tests.http.conftest import Browser, Site
from tests.http.test_admin import admin, audited, problem_of
from tests.http.test_tickets import escalated

pytestmark = pytest.mark.asyncio


async def save_prefix(browser: Browser, prefix: str, seen: str = "PG", do: str = "save") -> tuple[int, str]:
    answer = await browser.submit("/admin/folios/prefix", prefix=prefix, seen=seen, do=do)
    return answer.status_code, answer.text


async def decided(site: Site) -> str | None:
    async with site.context.db.read() as session:
        return (await session.get_one(Installation, 1)).folio_prefix


async def topics(site: Site) -> list[str]:
    async with site.context.db.read() as session:
        return (await session.get_one(Portal, site.portal.id)).topics


def next_of(text: str) -> str:
    found = re.search(r'id="next".*?class="folio">([^<]*)<', text, re.DOTALL)
    return found[1] if found else ""


async def test_the_page_shows_the_next_folio_and_that_nobody_decided(site: Site) -> None:
    browser = await admin(site)
    text = (await browser.get("/admin/folios")).text
    assert next_of(text) == "PG-2026-000001"
    assert "nadie lo ha decidido todavía" in text
    await escalated(site)
    assert next_of((await browser.get("/admin/folios")).text) == "PG-2026-000002"


async def test_a_try_shows_the_next_folio_and_saves_nothing(site: Site) -> None:
    await escalated(site)
    status, text = await save_prefix(await admin(site), " ab ", do="try")
    assert (status, next_of(text)) == (200, "AB-2026-000001")
    assert "todavía no se guarda" in text
    assert await decided(site) is None


async def test_a_new_prefix_is_for_new_folios_only(site: Site) -> None:
    before = await escalated(site)
    browser = await admin(site)
    assert (await save_prefix(browser, "FAC"))[0] == 303
    assert await audited(site, "installation") == [("set_folio_prefix", f"agent:{site.agents['sue'].id}")]
    later = await escalated(site, "val")
    assert (before.folio, later.folio) == ("PG-2026-000001", "FAC-2026-000001")
    assert (await browser.get(f"/tickets/{before.folio}")).status_code == 200
    assert (await browser.get(f"/tickets/{later.folio}")).status_code == 200
    await save_prefix(browser, "PG", seen="FAC")
    text = (await browser.get("/admin/folios")).text
    assert next_of(text) == "PG-2026-000002"
    assert "nadie lo ha decidido todavía" not in text


async def test_confirming_makes_the_prefix_a_decision_once(site: Site) -> None:
    browser = await admin(site)
    for _ in range(2):
        assert (await save_prefix(browser, "PG"))[0] == 303
    assert await decided(site) == "PG"
    assert await audited(site, "installation") == [("confirm_folio_prefix", f"agent:{site.agents['sue'].id}")]


@pytest.mark.parametrize("prefix", ["", "P", "PGPGP", "P1", "P-G", "ÑU", "<b>", "ＰＧ"])
@pytest.mark.parametrize("do", ["try", "save"])
async def test_what_is_no_prefix_is_refused_in_words(site: Site, prefix: str, do: str) -> None:
    status, text = await save_prefix(await admin(site), prefix, do=do)
    assert status == 422
    assert "de dos a cuatro letras" in problem_of(text)
    assert await decided(site) is None


async def test_who_edited_an_older_prefix_is_told(site: Site) -> None:
    browser = await admin(site)
    await save_prefix(browser, "AB")
    status, text = await save_prefix(browser, "CD", seen="PG")
    assert status == 422
    assert "Otra persona guardó" in problem_of(text)
    assert await decided(site) == "AB"


async def save_categories(site: Site, browser: Browser, told: str, seen: str = "Timbrado\r\nOtro") -> tuple[int, str]:
    answer = await browser.submit(f"/admin/folios/categories/{site.portal.id}", categories=told, seen=seen)
    return answer.status_code, answer.text


async def test_categories_are_added_renamed_and_retired_and_tickets_keep_theirs(site: Site) -> None:
    before = await escalated(site)
    browser = await admin(site)
    assert (await save_categories(site, browser, "Facturas \r\n\r\nCuenta\r\n"))[0] == 303
    assert await topics(site) == ["Facturas", "Cuenta"]
    kept = await site.world.ticket(before.conversation_id)
    assert kept is not None
    assert kept.category == before.category is not None
    text = (await browser.get("/admin/folios")).text
    assert re.search(rf'{before.category} <span class="quiet">1 abiertos, retirada', text)
    assert "Facturas\nCuenta</textarea>" in text
    assert [word for word, _ in await audited(site, f"portal:{site.portal.id}")] == ["change_portal"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Timbrado\ntimbrado", "dos veces"),
        ("\n".join(f"Categoría {n}" for n in range(41)), "demasiadas categorías"),
        ("x" * 81, "largo"),
        ("\u200b", "vacío"),
    ],
)
async def test_categories_that_cannot_be_are_refused_and_kept_in_the_form(site: Site, told: str, said: str) -> None:
    status, text = await save_categories(site, await admin(site), told)
    assert status == 422
    assert said in problem_of(text)
    assert told in text
    assert await topics(site) == ["Timbrado", "Otro"]


async def test_who_edited_an_older_list_is_told(site: Site) -> None:
    browser = await admin(site)
    await save_categories(site, browser, "Uno")
    status, text = await save_categories(site, browser, "Dos")
    assert status == 422
    assert "Otra persona guardó" in problem_of(text)
    assert await topics(site) == ["Uno"]


async def test_a_portal_that_is_not_there_is_not_found(site: Site) -> None:
    answer = await (await admin(site)).submit("/admin/folios/categories/999", categories="Uno", seen="")
    assert answer.status_code == 404


async def test_a_supervisor_reads_and_does_not_decide(site: Site) -> None:
    browser = await site.staff("sue")
    text = (await browser.get("/admin/folios")).text
    assert "Usted puede consultar" in text
    assert "Guardar prefijo" not in text
    assert (await save_prefix(browser, "AB"))[0] == 403
    assert (await save_categories(site, browser, "Uno"))[0] == 403
    sue = staff_actor(site.agents["sue"])
    async with site.context.unit() as unit:
        assert await site.world.refused(set_folio_prefix(unit, sue, "AB", "PG")) == "not_admin"
        categories = set_categories(unit, sue, site.portal.id, ["Uno"], ["Timbrado", "Otro"])
        assert await site.world.refused(categories) == "not_admin"


async def test_the_page_speaks_english(site: Site) -> None:
    assert "Folios and categories" in (await (await admin(site)).get("/admin/folios?lang=en")).text
