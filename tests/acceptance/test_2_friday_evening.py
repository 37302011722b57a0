"""Scenario 2. A mail on Friday at 18:40, before a Monday that is a holiday."""

import pytest

from tests.acceptance.desk import Desk, link_in, words_of

pytestmark = [pytest.mark.asyncio, pytest.mark.begins("Fri 13 18:40")]

VIC = "vic@client.example"
PROMISED = {
    "S1": ("Tue 17 08:10", "Tue 17 11:40"),
    "S2": ("Tue 17 08:40", "Tue 17 15:40"),
    "S3": ("Tue 17 09:40", "Thu 19 18:40"),
    "S4": ("Tue 17 11:40", "Mon 23 18:40"),
}
HANDED_OVER = {"summary": "No timbra", "rfc": "none", "evidence": "none"}


async def test_it_is_confirmed_at_once_with_a_folio_and_what_is_promised(desk: Desk) -> None:
    ticket = await desk.write("No puedo timbrar.", VIC)
    case = await (await desk.staff("ana")).see(ticket)
    assert (case.state, case.row["severity"], case.row["provisional"]) == ("new", "S3", True)
    assert (case.due("first_reply"), case.due("resolution")) == PROMISED["S3"]
    assert desk.mails(VIC) == [("opened", "Fri 13 18:40")]
    words = words_of(desk.letter(VIC, "opened"))
    for said in (case.row["folio"], "Media, por confirmar", "Le respondemos a más tardar el martes 17 de noviembre"):
        assert said in words
    assert "a las 9:40" in words
    page = desk.page(link_in(desk.letter(VIC, "opened")))
    assert (await page.state(), await page.times()) == ("new", ["Tue 17 09:40", "Fri 13 18:40"])


async def test_each_severity_has_its_due_times(desk: Desk) -> None:
    tickets = {severity: await desk.write("No puedo timbrar.", f"{severity}@client.example") for severity in PROMISED}
    await desk.until("Tue 17 08:05")
    ana = await desk.staff("ana")
    for severity, ticket in tickets.items():
        await ana.move(ticket, "take", severity=severity, category="Timbrado")
        case = await ana.see(ticket)
        assert (case.row["severity"], case.due("first_reply"), case.due("resolution")) == (
            severity,
            *PROMISED[severity],
        )
        assert case.standing("first_reply") == "met"


async def test_whoever_is_not_answered_in_time_is_late_a_second_after(desk: Desk) -> None:
    ticket = await desk.write("No puedo timbrar.", VIC)
    await desk.until("Tue 17 08:00")
    sue = await desk.staff("sue")
    await desk.until("Tue 17 09:40")
    assert (await sue.see(ticket)).warnings == [
        ("first_reply", 75, "level_1,owner", "Tue 17 09:10"),
        ("first_reply", 100, "supervisor", "Tue 17 09:40"),
    ]
    assert (await sue.see(ticket)).breaches == []
    await desk.until("Tue 17 09:40:01")
    assert (await sue.see(ticket)).breaches == [("first_reply", "Tue 17 09:40")]
    await sue.on_board(ticket, warned=100)
    assert desk.mails(VIC) == [("opened", "Fri 13 18:40")]


@pytest.mark.parametrize(
    ("passed_at", "broken"),
    [
        ("08:30", [("update", "Tue 17 12:30")]),
        ("10:49", [("update", "Tue 17 14:49")]),
        ("10:50", []),
        ("12:25", []),
        ("12:26", [("update", "Tue 17 12:25")]),
    ],
)
async def test_as_s2_it_is_solved_by_operations_within_430_of_480_minutes(
    desk: Desk, passed_at: str, broken: list[tuple[str, str]]
) -> None:
    await desk.appoint()
    ticket = await desk.write("No puedo timbrar.", VIC)
    await desk.until("Tue 17 08:25")
    ana, ben, sue = await desk.staff("ana"), await desk.staff("ben"), await desk.staff("sue")
    await ana.move(ticket, "take", severity="S2", category="Timbrado")
    case = await ana.see(ticket)
    assert (case.standing("first_reply"), case.due("update")) == ("met", "Tue 17 12:25")
    await desk.until(f"Tue 17 {passed_at}")
    await ana.move(ticket, "pass_to_l2", **HANDED_OVER)
    await ben.on_board(ticket, state="l2_queued", level=2)
    await ben.move(ticket, "size", sizing="2 h")
    await desk.until("Tue 17 14:50")
    await ben.move(ticket, "solve", solution="Ya timbra.")
    case = await sue.see(ticket)
    assert (case.state, case.minutes, case.standing("resolution")) == ("resolved", 430, "met")
    assert case.breaches == broken
    await desk.tick()
    assert desk.mails(VIC) == [
        ("opened", "Fri 13 18:40"),
        ("classified", "Tue 17 08:25"),
        ("passed_to_l2", f"Tue 17 {passed_at}"),
        ("solution", "Tue 17 14:50"),
    ]
    words = words_of(desk.letter(VIC, "classified"))
    assert "Le damos noticias a más tardar el martes 17 de noviembre a las 12:25" in words
    assert "Lo resolvemos a más tardar el martes 17 de noviembre a las 15:40" in words
    # The owner and level 1 are warned at three quarters of a budget, the supervisor when it is used up.
    late = [(clock, at) for clock, percent, who, at in case.warnings if (percent, who) == (100, "supervisor")]
    assert [(clock, at) for clock, at in late if clock == "update"][: len(broken)] == broken
    assert ("resolution", 75, "level_1,owner", "Tue 17 13:40") in case.warnings
