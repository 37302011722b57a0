"""No mouse: everything that matters can be reached, done and left with the keys, and the focus is where one expects
it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.staff import Agent
from tests.browser.stage import Stage
from tests.browser.words import words


def tab_to(page: Page, target: Locator) -> None:
    """By the Tab key alone."""
    for _ in range(25):
        if target.evaluate("(node) => node === node.getRootNode().activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {target}")


def test_client_needs_no_mouse(stage: Stage) -> None:
    ana = stage.agent("ana")
    vic = stage.client()
    keys = vic.page.keyboard
    tab_to(vic.page, vic.launcher)
    keys.press("Enter")
    expect(vic.field("name")).to_be_focused()
    keys.press("Escape")
    expect(vic.panel).to_be_hidden()
    expect(vic.launcher).to_be_focused()
    keys.press("Enter")
    expect(vic.field("name")).to_be_focused()
    keys.type("Vic Visitante")
    tab_to(vic.page, vic.field("email"))
    keys.type("vic@example.com")
    tab_to(vic.page, vic.field("subject"))
    keys.press("ArrowDown")
    tab_to(vic.page, vic.field("privacy"))
    keys.press("Space")
    tab_to(vic.page, vic.form.get_by_role("button", name=vic.words["form.send"]))
    keys.press("Enter")
    expect(vic.box).to_be_focused()
    keys.type("Hola")
    keys.press("Shift+Enter")
    keys.type("No puedo timbrar")
    keys.press("Enter")
    ana.answer("Vic Visitante", "Buenos días")
    vic.expect_thread("Hola\nNo puedo timbrar", "Buenos días")
    expect(vic.box).to_be_focused()
    keys.press("Escape")
    expect(vic.panel).to_be_hidden()
    expect(vic.launcher).to_be_focused()


def test_agent_needs_no_mouse(stage: Stage) -> None:
    page = stage.browser().new_page()
    page.goto(f"{stage.server.base}/console")
    keys = page.keyboard
    expect(page.get_by_label(words("pages")["login.login"], exact=True)).to_be_focused()
    keys.type("ana")
    keys.press("Tab")
    keys.type("demo-ana")
    keys.press("Enter")
    page.wait_for_url("**/console")
    ana = Agent(page)
    tab_to(page, ana.button("shift.start"))
    keys.press("Enter")
    vic = stage.client()
    vic.begin()
    expect(ana.offers).to_have_count(1)
    keys.press("o")
    expect(ana.box).to_be_focused()
    keys.type("Buenos días")
    keys.press("Enter")
    ana.expect_thread("Buenos días")
    vic.say("Gracias, ya quedó")
    ana.expect_thread("Buenos días", "Gracias, ya quedó")
    keys.press("Alt+n")
    keys.type("Era el navegador")
    keys.press("Enter")
    ana.expect_thread("Buenos días", "Gracias, ya quedó", "Era el navegador")
    keys.press("Escape")
    expect(ana.box).not_to_be_focused()
    keys.press("c")
    expect(ana.dialog.get_by_role("radio").first).to_be_focused()
    keys.press("Enter")
    expect(ana.dialog).to_have_count(0)
    expect(ana.chats).to_have_count(0)
    vic.expect_line("closed")
    vic.expect_thread("Buenos días", "Gracias, ya quedó")
    keys.press("?")
    expect(page.get_by_test_id("help-dialog")).to_be_visible()
    keys.press("Escape")
    expect(ana.dialog).to_have_count(0)
    assert stage.server.rows("SELECT state, disposition FROM conversation") == [("closed", "resolved")]
