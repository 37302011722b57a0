"""English, asked for by the portal's tag, by its page, or by the agent's browser; nothing mixed."""

import re

from playwright.sync_api import expect

from tests.browser.client import Client
from tests.browser.stage import Stage

SPANISH = re.compile(r"[áéíóúñ¿¡]|\b(usted|conversación|mensaje|espera|enviar)\b", re.IGNORECASE)


def test_widget_speaks_the_language_of_its_tag(stage: Stage) -> None:
    page = stage.browser(locale="en-US").new_page()
    page.goto(f"{stage.server.portal}/portal")
    expect(page.locator("script[data-key]")).to_have_attribute("data-locale", "en")
    vic = Client(page, "en")
    expect(vic.launcher).to_have_accessible_name(vic.words["launcher"])
    vic.begin()
    expect(vic.panel.get_by_role("button", name="End", exact=True)).to_be_visible()
    vic.say("Hello")
    vic.expect_state("Hello", "stored")
    said = vic.log.inner_text() + vic.card.inner_text()
    assert not SPANISH.search(said), said


def test_widget_speaks_the_language_of_its_page(stage: Stage) -> None:
    vic = Client(
        stage.own_page('<html lang="en">', "<script async src={server}/widget.js data-key=demo-open></script>"), "en"
    )
    vic.open()
    expect(vic.form.locator(".lead")).to_have_text(vic.words["form.start"])


def test_console_speaks_the_language_of_the_browser(stage: Stage) -> None:
    ana = stage.agent("ana", locale="en-US")
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Good morning")
    expect(ana.page.locator("html")).to_have_attribute("lang", "en")
    for place in (ana.page.get_by_test_id("mine"), ana.page.locator("header.head"), ana.events):
        said = " ".join(place.all_inner_texts())
        assert not SPANISH.search(said), said
    ana.end("resolved")
    vic.expect_line("closed")
