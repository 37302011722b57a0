"""Scenario 6. Friday: clients join at 18:52 and 18:58, and nobody is free. At 19:00 both are missed, with folios."""

import pytest

from tests.acceptance.desk import Desk, words_of
from tests.acceptance.times import told

pytestmark = [pytest.mark.asyncio, pytest.mark.begins("Fri 13 18:52")]


async def test_both_are_missed_at_closing_time_with_a_ticket_each(desk: Desk) -> None:
    first = await desk.visitor("Hola", email="first@client.example")
    await desk.meanwhile("Fri 13 18:58")
    second = await desk.visitor("Hola", email="second@client.example")
    await desk.meanwhile("Fri 13 18:59:59")
    assert {(await desk.conversation(each.conversation)).state for each in (first, second)} == {"queued"}
    assert await desk.tickets() == []
    await desk.meanwhile("Fri 13 19:00")
    promised = []
    for each in (first, second):
        ticket = (await each.socket.change("missed"))["conversation"]["ticket"]
        assert (ticket["severity"], ticket["provisional"]) == ("S3", True)
        promised.append(told(ticket["first_reply_due"]))
    assert promised == ["Tue 17 09:52", "Tue 17 09:58"]
    for name, clock in (("first", "9:52"), ("second", "9:58")):
        assert desk.mails(f"{name}@client.example") == [("opened", "Fri 13 19:00")]
        words = words_of(desk.letter(f"{name}@client.example", "opened"))
        assert f"Le respondemos a más tardar el martes 17 de noviembre a las {clock}" in words
