"""Scenario 4. An S3 from a chat on Tuesday at 10:00 goes through all three levels, waits two days for its client, is
released by Operations and told by level 1; a week later it closes by itself."""

import pytest

from tests.acceptance.desk import Desk, link_in, words_of
from tests.acceptance.people import Staff
from tests.world import CONTACT

pytestmark = [pytest.mark.asyncio, pytest.mark.begins("Tue 10 10:00")]

VIC = CONTACT["email"]
RELEASE = {"version": "4.2", "released_at": "2026-11-17T13:10:00-06:00"}


async def test_through_three_levels_and_released_by_operations(desk: Desk) -> None:
    await desk.appoint()
    ticket = await becomes_a_ticket(desk)
    await goes_to_the_third_level(desk, ticket)
    await waits_for_its_client(desk, ticket)
    await is_solved_and_validated(desk, ticket)
    await is_released_by_operations_alone(desk, ticket)
    await is_told_by_level_1(desk, ticket)
    await closes_by_itself(desk, ticket)
    assert desk.mails(VIC) == [
        ("classified", "Tue 10 10:05"),
        ("passed_to_l2", "Tue 10 10:40"),
        ("passed_to_l3", "Tue 10 16:00"),
        ("question", "Wed 11 12:00"),
        ("reminder", "Thu 12 12:00"),
        ("validated", "Tue 17 09:00"),
        ("solution", "Tue 17 13:25"),
        ("closed", "Tue 24 13:25"),
    ]


async def becomes_a_ticket(desk: Desk) -> int:
    ana = await desk.on_shift("ana")
    vic = await desk.visitor("No puedo timbrar")
    await desk.tick()
    await ana.reply(vic.conversation, "Buenos días")
    await desk.until("Tue 10 10:05")
    ticket = await ana.escalate(vic.conversation, severity="S3", level=1)
    case = await ana.see(ticket)
    assert (case.due("resolution"), case.standing("first_reply")) == ("Fri 13 10:00", "met")
    return ticket


async def goes_to_the_third_level(desk: Desk, ticket: int) -> None:
    await desk.until("Tue 10 10:40")
    ana, ben = desk.people["ana"], await desk.staff("ben")
    await ana.move(ticket, "pass_to_l2", summary="El sello", rfc="none", evidence="none")
    await ben.on_board(ticket, state="l2_queued")
    await ben.move(ticket, "size", sizing="1 día")
    await desk.until("Tue 10 16:00")
    olly = await desk.staff("olly")
    await ben.move(ticket, "pass_to_l3", diagnosis="El servicio rechaza el sello")
    await olly.on_board(ticket, state="l3_queued")
    await olly.move(ticket, "start_l3", owner=olly.id)


async def waits_for_its_client(desk: Desk, ticket: int) -> None:
    await desk.until("Wed 11 12:00")
    olly = await desk.staff("olly")
    await olly.move(ticket, "ask_client", question="¿Desde cuándo?")
    case = await olly.see(ticket)
    assert (case.state, case.due("update"), case.due("resolution")) == ("waiting_client", None, None)
    await desk.until("Fri 13 09:30")
    assert await desk.answer(desk.letter(VIC, "question"), "Desde el lunes.", VIC) == ticket
    olly = await desk.staff("olly")
    case = await olly.see(ticket)
    assert (case.state, case.row["owner"]["name"]) == ("l3_working", "Olly")
    assert (case.due("resolution"), case.due("update")) == ("Tue 17 18:30", "Tue 17 09:30")
    assert "Desde el lunes." in (await olly.page(f"/tickets/{case.row['folio']}")).text


async def is_solved_and_validated(desk: Desk, ticket: int) -> None:
    await desk.until("Fri 13 17:00")
    olly = desk.people["olly"]
    await olly.move(ticket, "submit", test_evidence="Pruebas 1 a 9")
    await desk.until("Tue 17 09:00")
    olly, ben = await desk.staff("olly"), await desk.staff("ben")
    window = {"release_from": "2026-11-17T13:00", "release_until": "2026-11-17T14:00"}
    answer = await olly.move_by_page(ticket, "validate", **window)
    assert (answer.status_code, "Nadie valida su propia solución" in answer.text) == (422, True)
    assert (await ben.move_by_page(ticket, "validate", **window)).status_code == 303
    await desk.tick()
    said = "Planeamos ponerla en producción el martes 17 de noviembre, entre las 13:00 y las 14:00."
    assert said in words_of(desk.letter(VIC, "validated"))


async def is_released_by_operations_alone(desk: Desk, ticket: int) -> None:
    await desk.until("Tue 17 13:10")
    ana, ben, olly = await desk.staff("ana"), desk.people["ben"], desk.people["olly"]
    sue = await desk.staff("sue")
    assert await olly.refused(ticket, "release", **RELEASE) == "not_your_move"
    assert await sue.refused(ticket, "release", reason="Urge", **RELEASE) == "not_your_move"
    assert await ana.refused(ticket, "release", **RELEASE) == "not_your_move"
    answer = await olly.move_by_page(ticket, "release", version="4.2", released_at="2026-11-17T13:10")
    assert answer.status_code == 422
    assert (await ben.see(ticket)).state == "release_pending"
    answer = await ben.move_by_page(ticket, "release", version="4.2", released_at="2026-11-17T13:10")
    assert answer.status_code == 303
    await is_a_task_of_level_1(ana, ticket)


async def is_a_task_of_level_1(ana: Staff, ticket: int) -> None:
    row = await ana.on_board(ticket, state="released")
    assert (row["level"], row["owner"]["name"]) == (1, "Ana")
    last = (await ana.see(ticket)).history[-1]
    assert (last["move"], last["task"], last["notice"]) == ("release", "tell_client", None)


async def is_told_by_level_1(desk: Desk, ticket: int) -> None:
    ana, ben = desk.people["ana"], desk.people["ben"]
    await desk.until("Tue 17 13:15")
    await ben.say(ticket, "Ya está en producción; falta avisarle al cliente.", note=True)
    await desk.until("Tue 17 13:25")
    await ana.move(ticket, "confirm", message="Ya quedó en producción.")
    case = await ana.see(ticket)
    assert (case.state, case.minutes, case.standing("resolution"), case.breaches) == ("resolved", 1675, "met", [])
    (pause,) = case.row["pauses"]
    assert pause["end"] is not None
    await desk.tick()
    page = desk.page(link_in(desk.letter(VIC, "solution")))
    assert (await page.state(), await page.times()) == ("resolved", ["Tue 24 13:25", "Tue 10 10:00"])
    assert "Ya está en producción" not in await page.look()


async def closes_by_itself(desk: Desk, ticket: int) -> None:
    await desk.until("Tue 24 13:24:59")
    ana = await desk.staff("ana")
    assert (await ana.see(ticket)).state == "resolved"
    await desk.until("Tue 24 13:25")
    assert (await ana.see(ticket)).moves[-1] == ("close", "Tue 24 13:25")
    page = desk.page(link_in(desk.letter(VIC, "closed")))
    assert (await page.state(), await page.press("rating", score="5", comment="")) == ("closed", "rated")
