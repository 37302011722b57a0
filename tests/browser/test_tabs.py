"""Reloads, second tabs and other pages: nothing is lost, nothing comes twice, every tab follows."""

from playwright.sync_api import expect

from tests.browser.stage import Stage


def test_client_reloads_and_opens_a_second_tab(stage: Stage) -> None:
    ana = stage.agent("ana")
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    vic.say("Uno")
    vic.expect_state("Uno", "seen")
    vic.box.fill("A medio escr")
    vic.page.reload()
    vic.expect_thread("Buenos días", "Uno")
    expect(vic.box).to_have_value("A medio escr")

    second = stage.client_in(vic.page.context)
    second.open()
    second.expect_thread("Buenos días", "Uno")
    second.say("Dos, de la otra pestaña")
    vic.say("Tres, de la primera")
    ana.say("Cuatro")
    thread = ("Buenos días", "Uno", "Dos, de la otra pestaña", "Tres, de la primera", "Cuatro")
    for tab in (vic, second):
        tab.expect_thread(*thread)
    ana.expect_thread(*thread)
    assert stage.server.rows("SELECT count(*) FROM conversation") == [(1,)]


def test_page_changes_while_the_chat_is_minimised(stage: Stage) -> None:
    ana = stage.agent("ana")
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    vic.expect_thread("Buenos días")
    vic.press("close")
    expect(vic.panel).to_be_hidden()
    vic.page.get_by_role("link", name="Facturas").click()
    vic.page.wait_for_url("**/facturas")
    ana.say("¿Sigue con el problema?")
    expect(vic.launcher).to_have_accessible_name(vic.words["launcher.unread"].replace("{count}", "1"))
    expect(vic.panel).to_be_hidden()
    vic.open()
    vic.expect_thread("Buenos días", "¿Sigue con el problema?")
    vic.press("close")
    expect(vic.launcher).to_have_accessible_name(vic.words["launcher"])


def test_agent_reloads_and_opens_a_second_tab(stage: Stage) -> None:
    ana = stage.agent("ana")
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    vic.say("Uno")
    ana.expect_thread("Buenos días", "Uno")
    ana.box.fill("A medio escr")
    ana.page.reload()
    ana.expect_thread("Buenos días", "Uno")
    expect(ana.box).to_have_value("A medio escr")
    ana.box.fill("")

    second = stage.another_tab(ana)
    second.expect_thread("Buenos días", "Uno")
    second.say("Dos, de la otra pestaña")
    ana.expect_thread("Buenos días", "Uno", "Dos, de la otra pestaña")
    ana.say("Tres, de la primera")
    thread = ("Buenos días", "Uno", "Dos, de la otra pestaña", "Tres, de la primera")
    for tab in (ana, second):
        tab.expect_thread(*thread)
        expect(tab.chats).to_have_count(1)
    vic.expect_thread(*thread)
    ana.page.close()
    vic.say("Cuatro")
    second.expect_thread(*thread, "Cuatro")
    assert stage.server.rows("SELECT state, returned FROM conversation") == [("active", 0)]
