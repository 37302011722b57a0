"""The moves of a ticket as a page: what is offered works, what is not is refused by its name, a double press moves
once."""

import re
from uuid import uuid4

import pytest

from chatserver.http.words import LOCALES, texts
from chatserver.process.ticket import CODES
from tests.http.conftest import Site
from tests.tickets import escalated, get, mailed, moves_made, staffed

pytestmark = pytest.mark.asyncio

JSON = {"Accept": "application/json", "Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("locale", LOCALES)
async def test_every_refusal_of_the_process_has_words(locale: str) -> None:
    beside = {"owner_taken", "ticket_over", "no_such_ticket", "no_such_file", "no_such_agent", "no_such_portal"}
    assert [code for code in CODES | beside if f"refused.{code}" not in texts(locale)] == []


async def test_each_sees_the_moves_that_are_theirs(site: Site) -> None:
    await staffed(site.world)
    ticket = await get(site.world, await mailed(site.world))
    offered = {}
    for name in ("ana", "ben", "sue"):
        text = (await (await site.staff(name)).get(f"/tickets/{ticket.folio}/moves")).text
        offered[name] = re.findall(r'name="move" value="(\w+)"', text)
    assert offered["ana"] == ["take", "cancel", "set_severity", "set_owner"]
    assert offered["ben"] == ["propose_severity"]
    assert "take" in offered["sue"]


async def test_a_move_is_made_once_however_often_the_button_is_pressed(site: Site) -> None:
    await staffed(site.world)
    ticket = await get(site.world, await mailed(site.world))
    ana, ref = await site.staff("ana"), str(uuid4())
    form = {"ref": ref, "move": "take", "severity": "S2", "category": "Timbrado"}
    for _ in range(2):
        answer = await ana.submit(f"/tickets/{ticket.folio}/move", **form)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/tickets/{ticket.folio}")
    assert [name for name, _ in await moves_made(site.world, ticket.id)] == ["open", "take"]


async def test_what_is_missing_is_said_and_what_was_filled_in_is_kept(site: Site) -> None:
    await staffed(site.world)
    ticket = await get(site.world, await mailed(site.world))
    ana = await site.staff("ana")
    form = {"ref": str(uuid4()), "move": "take", "category": "Timbrado nuevo"}
    answer = await ana.submit(f"/tickets/{ticket.folio}/move", **form)
    assert answer.status_code == 422
    assert "Falta la severidad" in answer.text
    assert "Timbrado nuevo" in answer.text
    assert (await get(site.world, ticket.id)).state == "new"


@pytest.mark.parametrize(
    ("name", "move", "code"),
    [
        ("ana", "release", "illegal_move"),
        ("ana", "remind", "illegal_move"),
        ("ben", "solve", "not_your_move"),
        ("olly", "put_back", "not_owner"),
        ("ana", "solve", "solution_missing"),
        ("ana", "nonsense", "bad_frame"),
    ],
)
async def test_every_illegal_move_is_refused_by_its_name(site: Site, name: str, move: str, code: str) -> None:
    await staffed(site.world)
    ticket = await get(site.world, await escalated(site.world))
    person = await site.staff(name)
    form = {"ref": str(uuid4()), "move": move}
    answer = await person.post(f"/tickets/{ticket.folio}/move", data=form, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await get(site.world, ticket.id)).state == "l1_working"


async def test_wall_times_are_the_desks_and_another_ticket_is_named_by_its_folio(site: Site) -> None:
    await staffed(site.world)
    ticket, other = [await get(site.world, await mailed(site.world)) for _ in range(2)]
    ana = await site.staff("ana")
    form = {"ref": str(uuid4()), "move": "cancel", "cause": "duplicate", "duplicate_of": other.folio.lower()}
    answer = await ana.post(f"/tickets/{ticket.folio}/move", data=form, headers=JSON)
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    form = {"ref": str(uuid4()), "move": "take", "released_at": "mañana"}
    answer = await ana.post(f"/tickets/{other.folio}/move", data=form, headers=JSON)
    assert answer.json()["code"] == "bad_frame"
