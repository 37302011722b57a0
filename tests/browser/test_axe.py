"""axe finds nothing in any state of any face, at a desk and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.stage import Stage
from tests.browser.words import words

Look = Callable[[str, Page], None]

DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture
def look() -> Look:
    """Look at a page in the state it is in; what is found is told by the state's name."""

    def look(state: str, page: Page) -> None:
        found = findings(page)
        assert not found, f"{state}:\n" + "\n".join(found)

    return look


def readable(size: dict[str, Any]) -> dict[str, Any]:
    """axe is a script that no policy of ours allows, and what moves has no contrast yet."""
    return size | {"bypass_csp": True, "reduced_motion": "reduce"}


@SIZES
@pytest.mark.timers(position=1, offer_message=1, visitor_asked=2)
def test_widget(stage: Stage, look: Look, size: dict[str, Any]) -> None:
    vic = stage.client(**readable(size))
    look("launcher", vic.page)
    vic.open()
    look("form", vic.page)
    vic.press("form.send")
    look("form with errors", vic.page)
    vic.fill()
    vic.press("form.send")
    expect(vic.card).to_contain_text(vic.words["offer"])
    look("waiting, a message offered", vic.page)
    vic.press("leave")
    look("leaving a message", vic.page)
    vic.press("leave.no")
    ana = stage.agent("ana", bypass_csp=True)
    ana.answer("Vic Visitante", "Buenos días, vea https://example.com/ayuda")
    vic.say("Gracias")
    ana.say("¿Algo más?")
    vic.expect_thread("Buenos días, vea https://example.com/ayuda", "Gracias", "¿Algo más?")
    look("talking", vic.page)
    expect(vic.card).to_contain_text(vic.words["asked"])
    look("asked", vic.page)
    vic.press("asked.yes")
    ana.end("later")
    expect(vic.card).to_contain_text(vic.words["wrap_up.text"])
    look("wrap-up", vic.page)
    look("wrap-up in the console", ana.page)
    vic.say("Falta algo")
    vic.expect_line("resumed")
    vic.press("end")
    look("asked whether to end", vic.page)
    vic.press("end.no")
    ana.escalate("No timbra")
    vic.expect_line("escalated")
    look("escalated", vic.page)
    vic.press("another")
    look("form with earlier conversations", vic.page)
    vic.page.context.set_offline(True)
    stage.watch.forgive("net::ERR")
    expect(vic.panel.locator(".bar")).not_to_be_empty()
    look("without network", vic.page)


@SIZES
def test_widget_when_the_desk_is_closed(stage: Stage, look: Look, size: dict[str, Any]) -> None:
    vic = stage.client("closed", **readable(size))
    vic.open()
    look("closed", vic.page)
    vic.fill(body="No puedo entrar")
    vic.press("send")
    vic.expect_line("left_message")
    look("left a message", vic.page)


@SIZES
def test_console(stage: Stage, look: Look, size: dict[str, Any]) -> None:
    ana = stage.agent("ana", **readable(size))
    look("nothing yet", ana.page)
    vic, zoe = stage.client(), stage.client()
    vic.begin()
    expect(ana.offers).to_have_count(1)
    look("offer", ana.page)
    ana.look_at("Vic Visitante")
    look("offer opened", ana.page)
    ana.say("Buenos días")
    vic.say("No puedo timbrar")
    ana.expect_thread("Buenos días", "No puedo timbrar")
    ana.box.fill("x" * 3900)
    look("talking, near the limit", ana.page)
    ana.box.fill("")
    for key, dialog in (("t", "transfer"), ("q", "return"), ("s", "escalate"), ("c", "end"), ("?", "help")):
        ana.box.press("Escape")
        ana.page.keyboard.press(key)
        expect(ana.dialog).to_be_visible()
        look(dialog, ana.page)
        ana.page.keyboard.press("Escape")
        expect(ana.dialog).to_have_count(0)
    ana.page.keyboard.press("Alt+n")
    ana.say("Una nota")
    zoe.begin("Zoe Zárate")
    expect(ana.page).to_have_title(f"(1) {ana.words['app.console']}")
    look("a note, another offer", ana.page)
    ana.escalate("No timbra")
    look("escalated", ana.page)
    stage.watch.forgive("net::ERR")
    ana.page.context.set_offline(True)
    expect(ana.page.get_by_test_id("line")).not_to_be_empty()
    look("without network", ana.page)


@SIZES
def test_live_queue(stage: Stage, look: Look, size: dict[str, Any]) -> None:
    sue = stage.supervisor(**readable(size))
    sue.expect_figures(queued=0)
    look("nothing yet", sue.page)
    vic, zoe = stage.client(), stage.client()
    vic.begin()
    sue.expect_figures(queued=1)
    look("one waits, nobody on shift", sue.page)
    ana = stage.agent("ana")
    ana.answer("Vic Visitante", "Buenos días")
    zoe.begin("Zoe Zárate")
    sue.expect_row("Zoe Zárate", "offered", "Ana Demo")
    look("offered and active", sue.page)
    for word in ("queue.see_of", "queue.assign_of", "queue.take_of", "queue.return_of"):
        sue.button(word, name="Vic Visitante").click()
        expect(sue.dialog).to_be_visible()
        look(word, sue.page)
        sue.page.keyboard.press("Escape")
        expect(sue.dialog).to_have_count(0)
    ana.escalate("No timbra")
    expect(sue.tickets).to_have_count(1)
    look("a ticket", sue.page)


@SIZES
def test_pages(stage: Stage, look: Look, size: dict[str, Any]) -> None:
    vic = stage.client("closed")
    vic.open()
    vic.fill(body="No puedo entrar")
    vic.press("send")
    page = stage.browser(**readable(size)).new_page()
    base = stage.server.base
    for place in ("/demo", "/login"):
        page.goto(base + place)
        look(place, page)
    stage.watch.forgive("the server responded with a status of (401|403|404|422)")
    pages = words("pages")
    page.get_by_label(pages["login.login"], exact=True).fill("ana")
    page.get_by_label(pages["login.password"], exact=True).fill("wrong")
    page.get_by_role("button", name=pages["login.submit"], exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("wrong password", page)
    page.get_by_label(pages["login.password"], exact=True).fill("demo-ana")
    page.get_by_role("button", name=pages["login.submit"], exact=True).click()
    page.wait_for_url("**/console")
    for place in (
        "/tickets",
        "/tickets?state=closed",
        f"/tickets/{vic.folio}",
        "/embed",
        "/password",
        "/nowhere",
        "/queue",
        "/board",
    ):
        page.goto(base + place)
        look(place, page)
    page.goto(f"{base}/password")
    for name in ("current", "new", "again"):
        page.locator(f"[name={name}]").fill("something else")
    page.get_by_role("button", name=pages["password.submit"]).click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("password refused", page)
