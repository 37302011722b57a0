"""Nobody goes home with clients waiting: the end of a shift and logging out ask first."""

from playwright.sync_api import expect

from tests.browser.stage import Stage
from tests.browser.words import words

PAGES = words("pages")


def test_end_of_shift_asks_and_returns_the_conversation(stage: Stage) -> None:
    ana = stage.agent("ana")
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    ana.button("shift.end").click()
    expect(ana.dialog).to_contain_text(ana.words["shift.end_open.one"].replace("{n}", "1"))
    ana.confirm("cancel")
    expect(ana.page.get_by_test_id("shift")).to_have_attribute("data-state", "online")
    ana.button("shift.end").click()
    ana.choose("shift.end_return")
    ana.confirm("shift.end_confirm")
    expect(ana.page.get_by_test_id("shift")).to_have_attribute("data-state", "offline")
    expect(ana.chats).to_have_count(0)
    vic.expect_line("returned")
    vic.expect_head("head.queued")


def test_end_of_shift_may_keep_what_is_open(stage: Stage) -> None:
    ana = stage.agent("ana")
    vic, zoe = stage.client(), stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    ana.button("shift.end").click()
    ana.choose("shift.end_stay")
    ana.confirm("shift.end_confirm")
    expect(ana.page.get_by_test_id("shift")).to_have_attribute("data-state", "away")
    zoe.begin("Zoe Zárate")
    zoe.expect_head("head.queued")
    expect(ana.offers).to_have_count(0)
    ana.end("resolved")
    vic.expect_line("closed")
    expect(ana.page.get_by_test_id("shift")).to_have_attribute("data-state", "offline")


def test_logout_asks_in_the_console(stage: Stage) -> None:
    ana = stage.agent("ana")
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    ana.button("nav.logout").click()
    ana.choose("shift.end_return")
    ana.dialog.get_by_role("button", name=ana.words["shift.end_confirm"]).click()
    ana.page.wait_for_url("**/login")
    vic.expect_line("returned")


def test_logout_asks_on_the_pages_too(stage: Stage) -> None:
    ana = stage.agent("ana")
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    vic.expect_thread("Buenos días")
    stage.watch.forgive("409")
    page = ana.page
    page.goto(f"{stage.server.base}/tickets")
    page.get_by_role("button", name=PAGES["nav.logout"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES["logout.title"])
    page.get_by_label(PAGES["logout.stay"]).check()
    page.get_by_role("button", name=PAGES["logout.submit"]).click()
    page.wait_for_url("**/console")
    expect(ana.page.get_by_test_id("shift")).to_have_attribute("data-state", "away")
    page.goto(f"{stage.server.base}/tickets")
    page.get_by_role("button", name=PAGES["nav.logout"]).click()
    page.get_by_label(PAGES["logout.return"]).check()
    page.get_by_role("button", name=PAGES["logout.submit"]).click()
    page.wait_for_url("**/login")
    vic.expect_line("returned")
