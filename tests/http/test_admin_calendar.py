"""Hours and days off: tried out, saved as a new version, refused in words; what was promised before stays promised."""

import re
from typing import Any

import pytest
from sqlmodel import col, select

from chatserver.actions.administration import set_calendar
from chatserver.models import CalendarVersion
from chatserver.queries.access import staff_actor
from chatserver.queries.administration import get_calendar_state
from tests.http.conftest import Browser, Site
from tests.http.test_admin import admin, audited, problem_of
from tests.http.test_tickets import escalated

pytestmark = pytest.mark.asyncio

HOURS = {
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "08:00-19:00"),
    "saturday": "",
    "sunday": "",
    "zone": "America/Monterrey",
    "holidays": "yes",
    "closures": "",
    "openings": "",
}
SHARED = "/admin/calendars/1"


async def versions(site: Site) -> list[CalendarVersion]:
    query = select(CalendarVersion).where(CalendarVersion.calendar_id == 1).order_by(col(CalendarVersion.version))
    return await site.world.all(query)


async def save(browser: Browser, seen: str = "1", do: str = "save", **changed: str) -> Any:
    return await browser.submit(SHARED, **HOURS | changed, seen=seen, do=do)


def outlook_of(text: str) -> str:
    return text.partition('id="outlook"')[2]


async def test_the_form_shows_the_hours_and_whether_it_is_open_now(site: Site) -> None:
    browser = await admin(site)
    assert (await browser.get("/admin/calendars")).headers["location"] == SHARED
    text = (await browser.get(SHARED)).text
    for name, value in HOURS.items():
        assert name in ("closures", "openings", "holidays") or f'name="{name}" value="{value}"' in text, name
    assert re.search(r'name="holidays" value="yes" checked', text)
    assert "Este horario es el que trae el sistema" in text
    assert "Abierto en este momento." in outlook_of(text)
    assert ">hoy 19:00</time>" in outlook_of(text)
    assert ">hoy 18:00</time>" in outlook_of(text)  # the resolution of an S2
    assert "lun 16 nov 2026" in outlook_of(text)  # the next public holiday
    site.clock.advance(hours=10)
    text = (await browser.get(SHARED)).text
    assert "Cerrado en este momento." in outlook_of(text)
    assert ">mañana 8:00</time>" in outlook_of(text)


async def test_a_try_says_what_would_be_and_saves_nothing(site: Site) -> None:
    answer = await save(await admin(site), do="try", tuesday="11:00-13:00, 15:00-20:00", closures="2026-11-11")
    assert answer.status_code == 200
    shown = outlook_of(answer.text)
    assert "todavía no se guarda" in shown
    assert "Cerrado en este momento." in shown
    assert ">hoy 11:00</time>" in shown  # it opens
    assert ">hoy 11:30</time>" in shown  # the first reply to an S1
    assert "mié 11 nov 2026" in shown
    assert len(await versions(site)) == 1


async def test_new_hours_are_a_new_version_and_promises_keep_theirs(site: Site) -> None:
    before = await escalated(site)
    browser = await admin(site)
    answer = await save(browser, friday="08:00-14:00", closures="2026-12-24\n", openings="2026-11-16 09:00-13:00")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{SHARED}?saved")
    first, second = await versions(site)
    assert second.definition["closures"] == ["2026-12-24"]
    assert second.definition["openings"] == {"2026-11-16": [{"start": "09:00", "end": "13:00"}]}
    assert second.definition["weekly"][4] == [{"start": "08:00", "end": "14:00"}]
    assert second.definition["country"] == "MX"
    assert await audited(site, "calendar:1:2") == [("set_calendar", f"agent:{site.agents['sue'].id}")]
    kept = await site.world.ticket(before.conversation_id)
    assert kept is not None
    assert (kept.calendar_version_id, kept.resolution_due) == (first.id, before.resolution_due)
    later = await escalated(site, "val")
    assert later.calendar_version_id == second.id
    text = (await browser.get(f"{SHARED}?saved")).text
    assert "Versión 2" in text
    assert "Este horario es el que trae el sistema" not in text


async def test_what_was_added_is_removed_again(site: Site) -> None:
    browser = await admin(site)
    await save(browser, closures="2026-12-24\n2026-12-31")
    assert "2026-12-24\n2026-12-31</textarea>" in (await browser.get(SHARED)).text
    await save(browser, "2", closures="2026-12-31", holidays="")
    *_, last = await versions(site)
    assert (last.version, last.definition["closures"], last.definition["country"]) == (3, ["2026-12-31"], None)


async def test_confirming_makes_the_hours_a_decision_once(site: Site) -> None:
    browser = await admin(site)
    assert (await browser.submit(f"{SHARED}/confirm", seen="1")).status_code == 303
    first, second = await versions(site)
    assert filled(first) == filled(second)
    assert await audited(site, "calendar:1:2") == [("confirm_calendar", f"agent:{site.agents['sue'].id}")]
    again = await browser.submit(f"{SHARED}/confirm", seen="1")
    assert again.status_code == 422
    assert "Otra persona guardó" in problem_of(again.text)
    assert (await save(browser, "2")).status_code == 303
    assert len(await versions(site)) == 2  # the same again is nothing new


def filled(row: CalendarVersion) -> dict[str, Any]:
    return {name: value for name, value in row.definition.items() if value}


async def test_who_edited_an_older_version_is_told_and_keeps_what_they_wrote(site: Site) -> None:
    browser = await admin(site)
    await save(browser, monday="09:00-19:00")
    answer = await save(browser, "1", monday="10:00-19:00")
    assert answer.status_code == 422
    assert "Otra persona guardó" in problem_of(answer.text)
    assert 'value="10:00-19:00"' in answer.text
    assert re.search(r'name="seen" value="2"', answer.text)
    assert len(await versions(site)) == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"monday": "8 a 7"}, "horas de inicio y fin"),
        ({"monday": "19:00-08:00"}, "horas de inicio y fin"),
        ({"monday": "08:00-25:00"}, "horas de inicio y fin"),
        ({"monday": "08:00-14:00, 13:00-19:00"}, "no se enciman"),
        (dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ""), "Al menos un día"),
        ({"zone": "America/Nowhere"}, "zona horaria"),
        ({"zone": "../../etc/passwd"}, "zona horaria"),
        ({"zone": ""}, "zona horaria"),
        ({"closures": "24/12/2026"}, "año-mes-día"),
        ({"closures": "2026-02-30"}, "año-mes-día"),
        ({"closures": "<script>"}, "año-mes-día"),
        ({"openings": "2026-12-26"}, "horas de inicio y fin"),
        ({"closures": "2026-12-26", "openings": "2026-12-26 09:00-13:00"}, "como cerrada y con otro horario"),
        ({"closures": "\n".join(["2026-12-24"] * 401)}, "demasiadas fechas"),
    ],
)
@pytest.mark.parametrize("do", ["try", "save"])
async def test_hours_that_cannot_be_are_refused_in_words(
    site: Site, changed: dict[str, str], said: str, do: str
) -> None:
    answer = await save(await admin(site), do=do, **changed)
    assert answer.status_code == 422
    assert said in problem_of(answer.text)
    assert "<script>" not in answer.text
    assert len(await versions(site)) == 1


async def test_hours_without_room_for_what_is_promised_are_refused(site: Site) -> None:
    closed = dict.fromkeys(("tuesday", "wednesday", "thursday", "friday"), "")
    answer = await save(await admin(site), monday="08:00-08:30", **closed)
    assert answer.status_code == 422
    assert "400 días" in problem_of(answer.text)
    assert len(await versions(site)) == 1


async def test_a_supervisor_reads_and_does_not_decide(site: Site) -> None:
    browser = await site.staff("sue")
    text = (await browser.get(SHARED)).text
    assert "Usted puede consultar" in text
    assert "Guardar como versión nueva" not in text
    for path in (SHARED, f"{SHARED}/confirm"):
        assert (await browser.submit(path, **HOURS, seen="1", do="save")).status_code == 403
    assert await site.world.refused(set_calendar_as(site, "sue")) == "not_admin"


async def set_calendar_as(site: Site, name: str) -> None:
    async with site.context.unit() as unit:
        state = await get_calendar_state(unit.session, 1)
        assert state is not None
        await set_calendar(unit, staff_actor(site.agents[name]), 1, state.calendar, 1)


@pytest.mark.parametrize("id", ["0", "999", "1x", "-1", "9" * 30])
async def test_a_calendar_that_is_not_there_is_not_found(site: Site, id: str) -> None:
    browser = await admin(site)
    assert (await browser.get(f"/admin/calendars/{id}")).status_code == 404
    assert (await browser.submit(f"/admin/calendars/{id}", **HOURS, seen="1", do="save")).status_code == 404


async def test_the_page_speaks_english(site: Site) -> None:
    text = (await (await admin(site)).get(f"{SHARED}?lang=en")).text
    assert "Hours and days off" in text
    assert "Open right now." in text
