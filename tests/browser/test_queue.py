"""Who waits sees their place; who waits longest is next; who loses their agent is first."""

import pytest
from playwright.sync_api import expect

from tests.browser.client import Client
from tests.browser.staff import Supervisor
from tests.browser.stage import Stage


def see_place(client: Client, position: int) -> None:
    expect(client.card.locator("b")).to_have_text(client.words["queue.place"].replace("{position}", str(position)))


def leave_room_for_one(sue: Supervisor, name: str) -> None:
    """From the capacity that the demo begins with."""
    for capacity in (2, 1):
        sue.button("agents.less", name=name).click()
        expect(sue.agents.filter(has_text=name)).to_contain_text(f"de {capacity}")


@pytest.mark.timers(position=1)
def test_second_client_waits_in_first_place_until_the_first_is_done(stage: Stage) -> None:
    sue = stage.supervisor()
    ana = stage.agent("ana")
    leave_room_for_one(sue, "Ana Demo")
    vic, zoe = stage.client(), stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    zoe.begin("Zoe Zárate")
    see_place(zoe, 1)
    sue.expect_row("Zoe Zárate", "queued", None)
    expect(sue.row("Zoe Zárate").locator(".why")).not_to_be_empty()
    ana.end("resolved")
    zoe.expect_line("offered", "Ana Demo")
    zoe.expect_head("head.offered")
    expect(zoe.card).not_to_contain_text("1")
    ana.answer("Zoe Zárate", "Gracias por esperar")
    zoe.expect_thread("Gracias por esperar")


@pytest.mark.timers(position=1, renew_presence=0.5, agent_gone=2, unbroken_presence=1)
def test_conversation_of_a_dead_browser_goes_to_the_front_and_on_to_somebody_else(stage: Stage) -> None:
    sue = stage.supervisor()
    ana = stage.agent("ana")
    leave_room_for_one(sue, "Ana Demo")
    vic, zoe = stage.client(), stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    vic.say("¿Me escucha?")
    ana.expect_thread("Buenos días", "¿Me escucha?")
    zoe.begin("Zoe Zárate")
    see_place(zoe, 1)

    ana.page.context.close()

    vic.expect_line("returned")
    see_place(vic, 1)
    see_place(zoe, 2)
    sue.expect_row("Vic Visitante", "queued", None)
    ben = stage.agent("ben")
    ben.answer("Vic Visitante", "Soy Ben, sigo yo")
    ben.expect_thread("Buenos días", "¿Me escucha?", "Soy Ben, sigo yo")
    vic.expect_thread("Buenos días", "¿Me escucha?", "Soy Ben, sigo yo")
    sue.expect_row("Vic Visitante", "active", "Ben Demo")
