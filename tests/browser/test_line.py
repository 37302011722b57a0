"""The line is cut, or the server dies, while somebody writes: it is said so, and every message is stored once."""

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.client import Client
from tests.browser.staff import Agent
from tests.browser.stage import Stage
from tests.browser.watch import LINE_CUT


@pytest.fixture
def talk(stage: Stage) -> tuple[Client, Agent]:
    """Vic and Ana, in the middle of it."""
    ana = stage.agent("ana")
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    vic.expect_thread("Buenos días")
    return vic, ana


def test_client_without_network_keeps_what_was_written(stage: Stage, talk: tuple[Client, Agent]) -> None:
    stage.watch.forgive(LINE_CUT)
    vic, ana = talk
    vic.page.context.set_offline(True)
    vic.say("Escrito sin red")
    vic.expect_state("Escrito sin red", "sending")
    expect(vic.panel.locator(".bar")).to_have_text(vic.words["offline.unsent"])
    ana.say("Dicho mientras tanto")
    vic.page.context.set_offline(False)
    vic.expect_thread("Buenos días", "Dicho mientras tanto", "Escrito sin red")
    ana.expect_thread("Buenos días", "Dicho mientras tanto", "Escrito sin red")
    expect(vic.panel.locator(".bar")).to_be_hidden()
    assert stage.server.stored("Escrito sin red") == 1


def test_page_closed_without_network_sends_it_when_it_is_back(stage: Stage, talk: tuple[Client, Agent]) -> None:
    stage.watch.forgive(LINE_CUT)
    vic, ana = talk
    browser = vic.page.context
    browser.set_offline(True)
    vic.say("Escrito y cerrado")
    vic.expect_state("Escrito y cerrado", "sending")
    vic.page.close()
    browser.set_offline(False)
    again = stage.client_in(browser)
    ana.expect_thread("Buenos días", "Escrito y cerrado")
    again.open()
    again.expect_thread("Buenos días", "Escrito y cerrado")
    assert stage.server.stored("Escrito y cerrado") == 1


def test_agent_without_network_keeps_what_was_written(stage: Stage, talk: tuple[Client, Agent]) -> None:
    stage.watch.forgive(LINE_CUT)
    vic, ana = talk
    ana.page.context.set_offline(True)
    ana.say("Escrito sin red")
    expect(ana.log.locator("[data-mark=waiting]")).to_have_count(1)
    expect(ana.page.get_by_test_id("line")).to_have_text(ana.words["link.offline"])
    vic.say("Dicho mientras tanto")
    ana.page.context.set_offline(False)
    ana.expect_thread("Buenos días", "Dicho mientras tanto", "Escrito sin red")
    vic.expect_thread("Buenos días", "Dicho mientras tanto", "Escrito sin red")
    expect(ana.page.get_by_test_id("line")).to_be_empty()
    assert stage.server.stored("Escrito sin red") == 1


def lose_the_answer(page: Page) -> None:
    """Cuts the line the moment the server says that a message is stored, so that only the server knows. Once."""
    lost: list[str] = []

    def carry(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def answered(frame: str | bytes) -> None:
            if not lost and '"message_stored"' in str(frame):
                lost.append(str(frame))
                line.close()
                server.close()
            elif not lost or line is not cut[0]:
                line.send(frame)

        cut.append(line)
        server.on_message(answered)

    cut: list[WebSocketRoute] = []
    page.route_web_socket("**/ws/**", carry)


@pytest.mark.parametrize("who", ["client", "agent"])
def test_message_whose_answer_is_lost_is_stored_once(stage: Stage, who: str) -> None:
    ana = stage.agent("ana")
    vic = stage.client()
    victim = vic if who == "client" else ana
    lose_the_answer(victim.page)
    victim.page.reload()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    vic.say("¿Llegó?")
    vic.expect_thread("Buenos días", "¿Llegó?")
    vic.expect_state("¿Llegó?", "seen")
    ana.expect_thread("Buenos días", "¿Llegó?")
    assert stage.server.stored("¿Llegó?") == stage.server.stored("Buenos días") == 1


@pytest.mark.timers(renew_presence=0.3, agent_gone=0.5, unbroken_presence=20)
def test_killed_server_comes_back_as_if_nothing_had_been(stage: Stage, talk: tuple[Client, Agent]) -> None:
    stage.watch.forgive(LINE_CUT)
    vic, ana = talk
    sue = stage.supervisor()
    sue.expect_row("Vic Visitante", "active", "Ana Demo")
    vic.say("Uno")
    ana.expect_thread("Buenos días", "Uno")
    stage.server.kill()
    vic.say("Dos, sin servidor")
    ana.say("Tres, sin servidor")
    vic.expect_state("Dos, sin servidor", "sending")
    expect(ana.page.get_by_test_id("line")).to_have_text(ana.words["link.reconnecting"])
    stage.server.start()

    vic.expect_state("Dos, sin servidor", "seen")
    expect(vic.messages).to_have_count(4)
    thread = [body for (body,) in stage.server.rows("SELECT body FROM message ORDER BY seq")]
    assert sorted(thread) == ["Buenos días", "Dos, sin servidor", "Tres, sin servidor", "Uno"]
    vic.expect_thread(*thread)
    ana.expect_thread(*thread)
    sue.expect_row("Vic Visitante", "active", "Ana Demo")
    vic.say("Cuatro, después")
    ana.expect_thread(*thread, "Cuatro, después")
    assert stage.server.rows("SELECT state, returned FROM conversation") == [("active", 0)]
