"""On a phone: a sheet that fills the screen, that turns with it, and nothing over what one wants to touch."""

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.stage import Stage

UPRIGHT: ViewportSize = {"width": 360, "height": 740}
LYING: ViewportSize = {"width": 740, "height": 360}


@pytest.mark.parametrize(("first", "then"), [(UPRIGHT, LYING), (LYING, UPRIGHT)], ids=["upright", "lying"])
def test_turned_phone_keeps_everything_in_reach(stage: Stage, first: ViewportSize, then: ViewportSize) -> None:
    vic = stage.client(viewport=first, has_touch=True, is_mobile=True)
    vic.begin()
    for text, size in (("Antes", first), ("Después", then), ("De vuelta", first)):
        vic.page.set_viewport_size(size)
        vic.say(text)
        vic.expect_state(text, "stored")
        box = vic.panel.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]
        assert box["y"] + box["height"] <= size["height"]
    vic.press("close")
    expect(vic.panel).to_be_hidden()
    expect(vic.launcher).to_be_visible()


def test_reloaded_page_on_a_phone_is_not_covered(stage: Stage) -> None:
    vic = stage.client(viewport=UPRIGHT, has_touch=True, is_mobile=True)
    vic.begin()
    vic.say("Hola")
    vic.expect_state("Hola", "stored")
    vic.page.reload()
    expect(vic.launcher).to_be_visible()
    expect(vic.panel).to_be_hidden()
    vic.open()
    vic.expect_thread("Hola")


def test_agent_answers_from_a_phone(stage: Stage) -> None:
    """One pane at a time: the list, the thread, what is known of the client."""
    ana = stage.agent("ana", viewport=UPRIGHT, has_touch=True, is_mobile=True)
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    vic.expect_thread("Buenos días")
    expect(ana.page.get_by_test_id("mine")).to_be_hidden()
    ana.page.get_by_role("button", name=ana.words["nav.context"]).click()
    expect(ana.page.get_by_test_id("context-client")).to_be_visible()
    ana.page.get_by_role("button", name=ana.words["nav.thread"]).click()
    ana.page.get_by_role("button", name=ana.words["nav.back"]).click()
    expect(ana.chats).to_be_visible()
    expect(ana.log).to_be_hidden()
