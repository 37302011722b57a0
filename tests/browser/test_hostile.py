"""Whatever anybody writes is text, on every face that shows it: had it been markup, the text would read otherwise, and
the watch would have heard what a policy blocked."""

import re

from playwright.sync_api import expect

from tests.browser.stage import Stage

NAME = "<img src=x onerror=alert(1)>"
ADDRESS = 'https://example.com/"onmouseover=alert(4)'
TEXT = f"<script>alert(2)</script> <b>no</b> javascript:alert(3) {ADDRESS}"


def test_markup_stays_text_everywhere(stage: Stage) -> None:
    sue = stage.supervisor()
    ana = stage.agent("ana")
    vic = stage.client()
    vic.open()
    vic.fill()
    vic.field("name").fill(NAME)
    vic.press("form.send")
    ana.answer(NAME, TEXT)
    vic.say(TEXT)
    ana.expect_thread(TEXT, TEXT)
    vic.expect_thread(TEXT, TEXT)
    for links in (ana.log.get_by_role("link"), vic.log.get_by_role("link")):
        expect(links).to_have_text(["https://example.com/"] * 2)
        for link in links.all():
            expect(link).to_have_attribute("href", "https://example.com/")
            expect(link).to_have_attribute("rel", re.compile("^noopener noreferrer"))
    sue.button("queue.see_of", name=NAME).click()
    expect(sue.dialog.locator(".message .body").first).to_contain_text(TEXT)
    ana.escalate(TEXT)
    folio = vic.folio
    ana.page.goto(f"{stage.server.base}/tickets")
    expect(ana.page.get_by_role("cell", name=NAME, exact=True)).to_be_visible()
    ana.page.goto(f"{stage.server.base}/tickets/{folio}")
    expect(ana.page.get_by_role("heading", level=1)).to_have_text(TEXT)
    expect(ana.page.locator(".thread .message .body")).to_have_text([TEXT, TEXT])
