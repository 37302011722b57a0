"""Levels and teams: seen, changed, closed and opened by an administrator, and never so that none is left."""

import re

import pytest
from sqlmodel import select

from chatserver.actions.colleagues import add_colleague, change_colleague, close_account, open_account
from chatserver.actions.staff import Account
from chatserver.models import Agent, AuditEntry, LoginSession
from chatserver.queries.access import staff_actor
from chatserver.types import Role
from tests.http.conftest import Site
from tests.http.test_admin import admin, audited, problem_of

pytestmark = pytest.mark.asyncio

BEN = {
    "name": "Ben",
    "role": "agent",
    "level": "2",
    "teams": "pac, timbrado",
    "capacity": "5",
    "es": "yes",
}
FRESH = BEN | {"login": "Dan@Example.com", "name": "Dan", "password": "a long first phrase"}


async def agent(site: Site, name: str) -> Agent:
    rows: list[Agent] = await site.world.all(select(Agent).where(Agent.login == f"{name}@example.com"))
    return rows[0]


def path(site: Site, name: str) -> str:
    return f"/admin/staff/{site.agents[name].id}"


async def test_everybody_is_shown_on_their_level(site: Site) -> None:
    await site.change("ben", level=3, teams=["pac"])
    text = (await (await admin(site)).get("/admin/staff")).text
    first, second, third = re.findall(r'<section class="card">.*?</section>', text, re.DOTALL)
    assert "Ana" in first
    assert "Nadie trabaja todavía en este nivel" in second
    assert "Ben" in third
    assert "pac" in third


async def test_a_change_of_level_counts_at_once_and_is_audited(site: Site) -> None:
    browser = await admin(site)
    text = (await browser.get(path(site, "ben"))).text
    assert re.search(r'name="name" value="Ben"', text)
    answer = await browser.submit(path(site, "ben"), **BEN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/staff?saved")
    ben = await agent(site, "ben")
    assert (ben.level, ben.teams, ben.capacity, ben.languages, ben.role) == (2, ["pac", "timbrado"], 5, ["es"], "agent")
    assert staff_actor(ben).level == 2
    (entry,) = await site.world.all(select(AuditEntry).where(AuditEntry.entity == f"agent:{ben.id}"))
    assert (entry.action, entry.actor) == ("change_staff", f"agent:{site.agents['sue'].id}")
    assert (entry.details["before"]["level"], entry.details["after"]["level"]) == (1, 2)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"role": "king"}, "papel"),
        ({"role": ""}, "papel"),
        ({"level": "4"}, "nivel"),
        ({"level": "1.0"}, "nivel"),
        ({"capacity": "51"}, "de 0 a 50"),
        ({"capacity": "-1"}, "de 0 a 50"),
        ({"capacity": "٣"}, "de 0 a 50"),
        ({"capacity": "9" * 30}, "de 0 a 50"),
        ({"es": ""}, "idioma"),
        ({"name": " "}, "vacío"),
        ({"name": "\u200b"}, "vacío"),
        ({"teams": "x" * 41}, "largo"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(site: Site, changed: dict[str, str], said: str) -> None:
    answer = await (await admin(site)).submit(path(site, "ben"), **BEN | changed)
    assert answer.status_code == 422
    assert said in problem_of(answer.text)
    assert (await agent(site, "ben")).level == 1


async def test_the_last_administrator_stays_one(site: Site) -> None:
    browser = await admin(site)
    answer = await browser.submit(path(site, "sue"), **BEN)
    assert "Alguien debe quedar" in problem_of(answer.text)
    answer = await browser.submit(f"{path(site, 'sue')}/close")
    assert "Alguien debe quedar" in problem_of(answer.text)
    assert ((await agent(site, "sue")).role, (await agent(site, "sue")).disabled_at) == (Role.ADMIN, None)
    await browser.submit(path(site, "ana"), **BEN | {"role": "admin"})
    assert (await browser.submit(path(site, "sue"), **BEN)).status_code == 303
    assert (await browser.submit(path(site, "ben"), **BEN)).status_code == 403  # and she may not go on


async def test_a_closed_account_is_out_at_once_and_comes_back(site: Site) -> None:
    ana = await site.staff("ana")
    browser = await admin(site)
    assert (await browser.submit(f"{path(site, 'ana')}/close")).status_code == 303
    assert (await ana.get("/console")).status_code == 303
    assert "Cuenta cerrada" in (await browser.get("/admin/staff")).text
    assert (await browser.submit(f"{path(site, 'ana')}/open")).status_code == 303
    assert (await agent(site, "ana")).disabled_at is None
    words = [action for action, _ in await audited(site, f"agent:{site.agents['ana'].id}")]
    assert words[-2:] == ["disable_staff", "enable_staff"]


async def test_a_new_account_logs_in_with_its_first_password(site: Site) -> None:
    browser = await admin(site)
    assert (await browser.submit("/admin/staff", **FRESH)).status_code == 303
    dan = await agent(site, "dan")
    assert (dan.name, dan.level, dan.demo) == ("Dan", 2, False)
    assert (await site.browser().log_in("dan", FRESH["password"])).status_code == 303
    sessions = await site.world.all(select(LoginSession).where(LoginSession.agent_id == dan.id))
    assert len(sessions) == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"login": "ana@example.com"}, "Ya hay una cuenta"),
        ({"login": ""}, "vacío"),
        ({"password": "short"}, "12 caracteres"),
        ({"password": "dan@example.com"}, "adivinar"),
        ({"password": "x" * 201}, "demasiado larga"),
    ],
)
async def test_an_account_that_cannot_be_is_refused_and_no_password_comes_back(
    site: Site, changed: dict[str, str], said: str
) -> None:
    answer = await (await admin(site)).submit("/admin/staff", **FRESH | changed)
    assert answer.status_code == 422
    assert said in problem_of(answer.text)
    assert (FRESH | changed)["password"] not in answer.text.replace('value="dan@example.com"', "")
    assert 'value="pac, timbrado"' in answer.text


async def test_a_supervisor_reads_and_does_not_decide(site: Site) -> None:
    browser = await site.staff("sue")
    for place in ("/admin/staff", path(site, "ben")):
        text = (await browser.get(place)).text
        assert "Usted puede consultar" in text
        assert "button primary" not in text
    for place in ("/admin/staff", path(site, "ben"), f"{path(site, 'ben')}/close", f"{path(site, 'ben')}/open"):
        assert (await browser.submit(place, **FRESH)).status_code == 403
    sue, ben = staff_actor(site.agents["sue"]), site.agents["ben"].id
    async with site.context.unit() as unit:
        for attempt in (
            add_colleague(unit, sue, "dan", "-", Account()),
            change_colleague(unit, sue, ben, Account(level=3)),
            close_account(unit, sue, ben),
            open_account(unit, sue, ben),
        ):
            assert await site.world.refused(attempt) == "not_admin"


@pytest.mark.parametrize("id", ["0", "999", "x", "9" * 30])
async def test_an_account_that_is_not_there_is_not_found(site: Site, id: str) -> None:
    browser = await admin(site)
    assert (await browser.get(f"/admin/staff/{id}")).status_code == 404
    assert (await browser.submit(f"/admin/staff/{id}/close")).status_code == 404


async def test_the_pages_speak_english(site: Site) -> None:
    browser = await admin(site)
    assert "Levels and teams" in (await browser.get("/admin/staff?lang=en")).text
    assert "Save changes" in (await browser.get(path(site, "ben"))).text
