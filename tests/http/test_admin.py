"""Administration: tried out, saved as a new version, refused in words; what was promised before stays promised."""

import re
from datetime import time

import pytest
from sqlmodel import col, select

from chatserver.actions.administration import set_policy
from chatserver.actions.portals import set_hours
from chatserver.models import AuditEntry, PolicyVersion
from chatserver.process.sla import DEFAULT_POLICY, policy_to_json
from chatserver.queries.access import staff_actor
from chatserver.routing.hours import CLOSED, Calendar, Interval
from chatserver.types import SYSTEM, Role
from tests.http.conftest import Browser, Site
from tests.http.test_tickets import escalated

pytestmark = pytest.mark.asyncio

BUDGETS = {
    "S1.first_reply": "0:30",
    "S1.update": "1:00",
    "S1.resolution": "4:00",
    "S2.first_reply": "1:00",
    "S2.update": "4:00",
    "S2.resolution": "8:00",
    "S3.first_reply": "2:00",
    "S3.update": "11:00",
    "S3.resolution": "33:00",
    "S4.first_reply": "4:00",
    "S4.update": "22:00",
    "S4.resolution": "55:00",
    "on_call": "",
}


async def admin(site: Site) -> Browser:
    await site.change("sue", role=Role.ADMIN)
    return await site.staff("sue")


def problem_of(text: str) -> str:
    found = re.search(r'role="alert" id="problem"><span>(.*?)\. No se guardó nada', text)
    return found[1] if found else ""


async def policies(site: Site) -> list[PolicyVersion]:
    return await site.world.all(select(PolicyVersion).order_by(col(PolicyVersion.version)))


async def audited(site: Site, entity: str) -> list[tuple[str, str]]:
    rows = await site.world.all(select(AuditEntry).where(AuditEntry.entity == entity))
    return [(row.action, row.actor) for row in rows]


async def test_the_form_shows_the_budgets_and_when_they_would_be_due(site: Site) -> None:
    text = (await (await admin(site)).get("/admin/policy")).text
    for name, value in BUDGETS.items():
        assert re.search(rf'name="{re.escape(name)}" value="{value}"', text), name
    assert ">hoy 10:30</time>" in text  # the first reply to an S1
    assert ">hoy 18:00</time>" in text  # the resolution of an S2
    assert "Estos tiempos son los que trae el sistema" in text


async def test_a_try_says_when_a_ticket_would_be_due_and_saves_nothing(site: Site) -> None:
    answer = await (await admin(site)).submit(
        "/admin/policy", **BUDGETS | {"S2.resolution": "6:30"}, seen="1", do="try"
    )
    assert answer.status_code == 200
    assert "todavía no se guarda" in answer.text
    assert ">hoy 16:30</time>" in answer.text
    assert 'value="6:30"' in answer.text
    assert len(await policies(site)) == 1


async def test_what_is_saved_is_a_new_version_and_earlier_promises_stay(site: Site) -> None:
    before = await escalated(site)
    browser = await admin(site)
    answer = await browser.submit("/admin/policy", **BUDGETS | {"S2.resolution": "6:30"}, seen="1", do="save")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/policy?saved")
    first, second = await policies(site)
    assert (first.definition, second.version) == (policy_to_json(DEFAULT_POLICY), 2)
    assert second.definition["budgets"]["S2"] == {"first_reply": 60, "update": 240, "resolution": 390}
    assert await audited(site, "policy:2") == [("set_policy", f"agent:{site.agents['sue'].id}")]
    later = await escalated(site, "val", severity="S2")
    kept = await site.world.ticket(before.conversation_id)
    assert kept is not None
    assert (kept.policy_version_id, kept.resolution_due) == (first.id, before.resolution_due)
    assert later.policy_version_id == second.id
    assert later.resolution_due is not None
    assert before.resolution_due is not None
    assert later.resolution_due < before.resolution_due
    text = (await browser.get("/admin/policy?saved")).text
    assert "Versión 2" in text
    assert "Sue" in text
    assert "Estos tiempos son los que trae el sistema" not in text
    assert "Guardado." in text


async def test_confirming_makes_the_defaults_a_decision_once(site: Site) -> None:
    browser = await admin(site)
    assert (await browser.submit("/admin/policy/confirm", seen="1")).status_code == 303
    assert [row.definition for row in await policies(site)] == [policy_to_json(DEFAULT_POLICY)] * 2
    assert await audited(site, "policy:2") == [("confirm_policy", f"agent:{site.agents['sue'].id}")]
    again = await browser.submit("/admin/policy/confirm", seen="1")
    assert again.status_code == 422
    assert "Otra persona guardó" in problem_of(again.text)
    assert "Confirmar estos valores" not in again.text


async def test_the_same_again_is_no_new_version(site: Site) -> None:
    browser = await admin(site)
    for seen in ("1", "2", "2"):
        assert (await browser.submit("/admin/policy", **BUDGETS, seen=seen, do="save")).status_code == 303
    assert len(await policies(site)) == 2


async def test_who_edited_an_older_version_is_told_and_keeps_what_they_wrote(site: Site) -> None:
    browser = await admin(site)
    await browser.submit("/admin/policy", **BUDGETS | {"S1.update": "0:45"}, seen="1", do="save")
    fields = BUDGETS | {"S1.update": "0:50"}
    answer = await browser.submit("/admin/policy", **fields, seen="1", do="save")
    assert answer.status_code == 422
    assert "Otra persona guardó" in problem_of(answer.text)
    assert 'value="0:50"' in answer.text
    assert re.search(r'name="seen" value="2"', answer.text)
    assert len(await policies(site)) == 2
    assert (await browser.submit("/admin/policy", **fields, seen="2", do="save")).status_code == 303


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"S1.first_reply": ""}, "horas y minutos"),
        ({"S1.first_reply": "0:00"}, "mayor que cero"),
        ({"S1.first_reply": "30"}, "horas y minutos"),
        ({"S1.first_reply": "-1:00"}, "horas y minutos"),
        ({"S1.first_reply": "0:60"}, "horas y minutos"),
        ({"S1.first_reply": "٣:00"}, "horas y minutos"),
        ({"S1.first_reply": "<b>"}, "horas y minutos"),
        ({"S1.first_reply": "5:00"}, "no pueden tardar más"),
        ({"S4.update": "56:00"}, "no pueden tardar más"),
        ({"always": "yes"}, "la guardia"),
        ({"always": "yes", "on_call": "  "}, "la guardia"),
        ({"always": "yes", "on_call": "nobody"}, "La guardia debe ser"),
        ({"on_call": "a@b"}, "La guardia debe ser"),
    ],
)
@pytest.mark.parametrize("do", ["try", "save"])
async def test_what_cannot_be_promised_is_refused_in_words(
    site: Site, changed: dict[str, str], said: str, do: str
) -> None:
    answer = await (await admin(site)).submit("/admin/policy", **BUDGETS | changed, seen="1", do=do)
    assert answer.status_code == 422
    assert said in problem_of(answer.text)
    assert "<b>" not in answer.text.partition('id="outlook"')[0].partition("<h1>")[2]
    assert len(await policies(site)) == 1


@pytest.mark.parametrize(
    ("on_call", "stored"), [("Guardia@Example.com", "Guardia@example.com"), ("81 4777 1100", "+528147771100")]
)
async def test_round_the_clock_with_somebody_to_call(site: Site, on_call: str, stored: str) -> None:
    fields = BUDGETS | {"always": "yes", "on_call": on_call}
    site.clock.advance(hours=10)  # closed
    browser = await admin(site)
    tried = await browser.submit("/admin/policy", **fields, seen="1", do="try")
    assert ">hoy 20:30</time>" in tried.text
    assert (await browser.submit("/admin/policy", **fields, seen="1", do="save")).status_code == 303
    definition = (await policies(site))[-1].definition
    assert (definition["round_the_clock"], definition["on_call"]) == (["S1"], stored)
    assert "checked" in (await browser.get("/admin/policy")).text


async def test_a_budget_that_the_hours_have_no_room_for_is_refused(site: Site) -> None:
    """An hour a week is 57 in 400 days."""
    sundays = Calendar("America/Monterrey", (CLOSED,) * 6 + ((Interval(time(9), time(10)),),))
    async with site.context.unit() as unit:
        await set_hours(unit, SYSTEM, "portal-key", sundays)
    browser = await admin(site)
    assert (await browser.get("/admin/policy")).status_code == 200
    answer = await browser.submit("/admin/policy", **BUDGETS | {"S4.resolution": "999:59"}, seen="1", do="save")
    assert answer.status_code == 422
    assert "400 días" in problem_of(answer.text)


async def test_a_supervisor_reads_and_does_not_decide(site: Site) -> None:
    browser = await site.staff("sue")
    text = (await browser.get("/admin/policy")).text
    assert "Usted puede consultar" in text
    assert "Guardar como versión nueva" not in text
    assert "Confirmar estos valores" not in text
    for path in ("/admin/policy", "/admin/policy/confirm"):
        assert (await browser.submit(path, **BUDGETS, seen="1", do="save")).status_code == 403
    refused = set_policy_as(site, "sue")
    assert await site.world.refused(refused) == "not_admin"
    assert len(await policies(site)) == 1


async def set_policy_as(site: Site, name: str) -> None:
    async with site.context.unit() as unit:
        await set_policy(unit, staff_actor(site.agents[name]), DEFAULT_POLICY, 1)


async def test_the_page_speaks_english(site: Site) -> None:
    text = (await (await admin(site)).get("/admin/policy?lang=en")).text
    assert "Severities and promises" in text
    assert "Confirm these values" in text
