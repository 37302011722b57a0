"""The supervisor's page follows everything without being reloaded, and acts on it."""

import re

from playwright.sync_api import expect

from tests.browser.stage import Stage


def test_live_queue_follows_a_day(stage: Stage) -> None:
    sue = stage.supervisor()
    sue.expect_figures(queued=0, active=0, online=0, answered=0)
    loads: list[str] = []
    sue.page.on("framenavigated", lambda frame: loads.append(frame.url))

    vic = stage.client()
    vic.begin()
    sue.expect_row("Vic Visitante", "queued", None)
    sue.expect_figures(queued=1)
    expect(sue.row("Vic Visitante").locator(".why")).to_contain_text(sue.words["routing.waits.nobody_on_shift"])

    ana = stage.agent("ana")
    sue.expect_row("Vic Visitante", "offered", "Ana Demo")
    sue.expect_figures(queued=0, online=1)
    only = sue.say_word("routing.assigned.only_one", agent="Ana Demo")
    expect(sue.row("Vic Visitante").locator(".why")).to_contain_text(only)
    expect(sue.agents.filter(has_text="Ana Demo")).to_contain_text("1 de 3")

    ana.answer("Vic Visitante", "Buenos días")
    sue.expect_row("Vic Visitante", "active", "Ana Demo")
    sue.expect_figures(active=1, answered=1)

    zoe = stage.client()
    zoe.begin("Zoe Zárate")
    ana.answer("Zoe Zárate", "Hola")
    sue.expect_figures(active=2)
    ana.escalate("No timbra")
    sue.expect_figures(active=1)
    folio = zoe.folio
    expect(sue.tickets.filter(has_text=folio)).to_contain_text("Zoe Zárate: No timbra")
    expect(sue.page.get_by_test_id("today-escalated")).to_contain_text("1")

    ana.look_at("Vic Visitante")
    ana.end("resolved")
    expect(sue.rows).to_have_count(0)
    sue.expect_figures(active=0)
    expect(sue.page.get_by_test_id("today-closed")).to_contain_text("1")
    ana.button("shift.end").click()
    sue.expect_figures(online=0)
    assert loads == []


def test_supervisor_reads_assigns_takes_and_returns(stage: Stage) -> None:
    sue = stage.supervisor()
    ana, ben = stage.agent("ana"), stage.agent("ben")
    vic = stage.client()
    vic.begin()
    owner = sue.row("Vic Visitante").locator(".state")
    expect(owner).to_contain_text("Demo")
    first, other, name = (ana, ben, "Ben Demo") if "Ana" in owner.inner_text() else (ben, ana, "Ana Demo")
    first.answer("Vic Visitante", "Buenos días")
    sue.expect_figures(active=1)

    sue.button("queue.see_of", name="Vic Visitante").click()
    expect(sue.page.get_by_test_id("reader")).to_contain_text("Buenos días")
    vic.say("¿Hola?")
    expect(sue.page.get_by_test_id("reader")).to_contain_text("¿Hola?")
    sue.confirm("close")

    sue.button("queue.assign_of", name="Vic Visitante").click()
    sue.dialog.get_by_role("radio", name=re.compile(name)).check()
    sue.confirm("assign.confirm")
    other.answer("Vic Visitante", "Sigo yo")
    other.expect_thread("Buenos días", "¿Hola?", "Sigo yo")
    sue.expect_row("Vic Visitante", "active", name)
    expect(first.chats).to_have_count(0)

    console = stage.console_of(sue)
    console.start_shift()
    sue.button("queue.take_of", name="Vic Visitante").click()
    sue.confirm("take.confirm")
    sue.expect_row("Vic Visitante", "offered", "Sue Demo")
    expect(other.chats).to_have_count(0)
    expect(other.page.get_by_test_id("notices")).to_contain_text("Vic Visitante")
    console.answer("Vic Visitante", "Soy Sue")
    vic.expect_thread("Buenos días", "¿Hola?", "Sigo yo", "Soy Sue")

    sue.button("queue.return_of", name="Vic Visitante").click()
    sue.confirm("return.confirm")
    vic.expect_line("returned")
    expect(sue.row("Vic Visitante").locator(".state")).not_to_contain_text("Sue Demo")
