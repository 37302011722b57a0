"""Scenario 5. A caller is asked something on Friday at 10:00 and never answers."""

import pytest

from tests.acceptance.desk import Desk, link_in, words_of

pytestmark = [pytest.mark.asyncio, pytest.mark.begins("Fri 13 09:50")]

ROSA = "rosa@client.example"
CALL = {
    "direction": "in",
    "name": "Rosa Garza",
    "number": "8181234567",
    "email": ROSA,
    "subject": "No timbra",
    "said": "Dice que no timbra desde ayer",
    "becomes": "ticket",
}


async def asked(desk: Desk) -> int:
    """By telephone at 9:50, taken at 9:55, asked at 10:00."""
    ana = await desk.staff("ana")
    assert (await ana.submit("/calls", **CALL)).status_code == 303
    (ticket,) = await desk.tickets()
    await desk.until("Fri 13 09:55")
    await ana.move(ticket, "take", severity="S3", category="Timbrado")
    await desk.until("Fri 13 10:00")
    await ana.move(ticket, "ask_client", question="¿Qué mensaje le aparece?")
    await desk.tick()
    return ticket


async def test_reminded_twice_then_resolved_then_closed(desk: Desk) -> None:
    ticket = await asked(desk)
    page = desk.page(link_in(desk.letter(ROSA, "question")))
    assert (await page.state(), await page.times()) == ("waiting_client", ["Thu 19 10:00", "Fri 13 09:50"])
    await desk.until("Thu 26 10:01")
    assert (await (await desk.staff("ana")).see(ticket)).moves[3:] == [
        ("remind", "Tue 17 10:00"),
        ("remind", "Wed 18 10:00"),
        ("resolve_unanswered", "Thu 19 10:00"),
        ("close", "Thu 26 10:00"),
    ]
    assert desk.mails(ROSA) == [
        ("opened", "Fri 13 09:50"),
        ("classified", "Fri 13 09:55"),
        ("question", "Fri 13 10:00"),
        ("reminder", "Tue 17 10:00"),
        ("reminder", "Wed 18 10:00"),
        ("unanswered", "Thu 19 10:00"),
        ("closed", "Thu 26 10:00"),
    ]
    for letter in desk.letters(ROSA)[2:5]:
        words = words_of(letter)
        assert "¿Qué mensaje le aparece?" in words
        assert "Esperamos su respuesta hasta el jueves 19 de noviembre a las 10:00" in words
    assert "Puede reabrirla hasta el jueves 26 de noviembre a las 10:00" in words_of(desk.letter(ROSA, "unanswered"))
    assert (await (await desk.staff("ana")).see(ticket)).breaches == []


async def test_an_answer_on_the_page_ends_the_reminders(desk: Desk) -> None:
    ticket = await asked(desk)
    await desk.until("Tue 17 10:30")
    page = desk.page(link_in(desk.letters(ROSA)[-1]))
    assert await page.press("message", body="CFDI40138") == "message"
    case = await (await desk.staff("ana")).see(ticket)
    assert (case.state, case.due("update")) == ("l1_working", "Wed 18 10:30")
    await desk.until("Fri 20 12:00")
    kinds = [kind for kind, _ in desk.mails(ROSA)]
    assert kinds == ["opened", "classified", "question", "reminder"]
    case = await (await desk.staff("ana")).see(ticket)
    assert case.moves[-2:] == [("remind", "Tue 17 10:00"), ("client_answered", "Tue 17 10:30")]
