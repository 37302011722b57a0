"""An offer is noticed from another tab: the title counts, and the system is asked to knock."""

from playwright.sync_api import expect

from tests.browser.stage import Stage

KNOCKS = """
  window.knocks = [];
  window.Notification = class {
    static permission = "granted";
    static requestPermission = async () => "granted";
    constructor(title, options) { window.knocks.push([title, options.body]); }
    close() {}
  };
"""

LEAVE = """() => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
  Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_offer_in_another_tab_is_noticed(stage: Stage) -> None:
    browser = stage.browser()
    browser.add_init_script(KNOCKS)
    ana = stage.agent_in(browser, "ana")
    expect(ana.page).to_have_title(ana.words["app.console"])
    ana.page.evaluate(LEAVE)
    browser.new_page().bring_to_front()

    vic = stage.client()
    vic.begin()
    expect(ana.page).to_have_title(f"(1) {ana.words['app.console']}")
    expect(ana.page.get_by_test_id("announcement")).to_contain_text("Vic Visitante")
    title = ana.say_word("offer.new", name="Vic Visitante")
    ana.page.wait_for_function("() => window.knocks.length === 1")
    assert ana.page.evaluate("() => window.knocks[0][0]") == title

    ana.answer("Vic Visitante", "Buenos días")
    expect(ana.page).to_have_title(ana.words["app.console"])
    vic.say("¿Me ayuda?")
    expect(ana.page).to_have_title(f"(1) {ana.words['app.console']}")
    ana.page.wait_for_function("() => window.knocks.length === 2")
    assert ana.page.evaluate("() => window.knocks[1][1]") == "¿Me ayuda?"


def test_two_waiting_chats_count_two(stage: Stage) -> None:
    ana = stage.agent("ana")
    for name in ("Vic Visitante", "Zoe Zárate"):
        stage.client().begin(name)
    expect(ana.page).to_have_title(f"(2) {ana.words['app.console']}")


def test_client_counts_what_came_while_it_was_closed(stage: Stage) -> None:
    ana = stage.agent("ana")
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    vic.expect_thread("Buenos días")
    vic.press("close")
    for number, text in enumerate(("Uno", "Dos"), 1):
        ana.say(text)
        expect(vic.launcher).to_have_accessible_name(vic.words["launcher.unread"].replace("{count}", str(number)))
    vic.open()
    vic.expect_thread("Buenos días", "Uno", "Dos")
    ana.expect_thread("Buenos días", "Uno", "Dos")
    expect(ana.log.locator("[data-mark=seen]")).to_have_count(3)
