"""Scenario 3. Wednesday: chat 09:00, reply 09:01, S1 confirmed 09:08, progress at 10:00 and, too late, at 11:10;
restored at 12:00."""

import pytest

from tests.acceptance.desk import Desk, words_of
from tests.world import CONTACT

pytestmark = [pytest.mark.asyncio, pytest.mark.begins("Wed 11 09:00")]

VIC = CONTACT["email"]


async def test_one_update_comes_too_late_and_the_solution_in_time(desk: Desk) -> None:
    ana, sue = await desk.on_shift("ana"), await desk.staff("sue")
    vic = await desk.visitor("Todo el portal está caído")
    await desk.until("Wed 11 09:01")
    await ana.reply(vic.conversation, "Lo estamos viendo")
    await desk.until("Wed 11 09:08")
    ticket = await ana.escalate(vic.conversation, severity="S1", impact="many", urgency="high", level=1)
    escalated = await vic.socket.change("escalated")
    case = await sue.see(ticket)
    assert escalated["conversation"]["ticket"]["folio"] == case.row["folio"]
    assert (case.due("update"), case.due("resolution")) == ("Wed 11 10:08", "Wed 11 13:00")
    assert case.standing("first_reply") == "met"

    await desk.until("Wed 11 10:00")
    await ana.say(ticket, "Ya encontramos la causa")
    await vic.hears("Ya encontramos la causa")
    assert (await sue.see(ticket)).due("update") == "Wed 11 11:00"

    await desk.until("Wed 11 11:00")
    assert (await sue.see(ticket)).breaches == []
    await desk.until("Wed 11 11:00:01")
    case = await sue.see(ticket)
    assert case.breaches == [("update", "Wed 11 11:00")]
    assert [each for each in case.warnings if each[0] == "update"] == [
        ("update", 75, "level_1,owner", "Wed 11 09:53"),
        ("update", 75, "level_1,owner", "Wed 11 10:45"),
        ("update", 100, "supervisor", "Wed 11 11:00"),
    ]
    await sue.on_board(ticket, warned=100)

    await desk.until("Wed 11 11:10")
    await ana.say(ticket, "Estamos por restablecerlo")
    assert (await sue.see(ticket)).due("update") == "Wed 11 12:10"
    await desk.until("Wed 11 12:00")
    await ana.move(ticket, "solve", solution="El portal ya funciona.")
    await vic.hears("El portal ya funciona.")
    case = await sue.see(ticket)
    assert (case.state, case.minutes, case.standing("resolution")) == ("resolved", 180, "met")
    assert case.breaches == [("update", "Wed 11 11:00")]
    await desk.tick()
    assert desk.mails(VIC) == [
        ("classified", "Wed 11 09:08"),
        ("progress", "Wed 11 10:00"),
        ("progress", "Wed 11 11:10"),
        ("solution", "Wed 11 12:00"),
    ]
    words = words_of(desk.letter(VIC, "classified"))
    assert "Le damos noticias a más tardar el miércoles 11 de noviembre a las 10:08" in words
    assert "Lo resolvemos a más tardar el miércoles 11 de noviembre a las 13:00" in words
