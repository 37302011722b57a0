"""Administration in a browser: axe finds nothing, nothing is wider than a phone, and what is tried is seen before it
is saved."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.stage import Stage
from tests.browser.test_axe import SIZES, readable

PLACES = ("policy", "calendars/1", "staff", "staff/1", "folios", "mail", "letters", "letters/cancelled/en", "aside")


def administrator(stage: Stage, size: dict[str, Any]) -> Page:
    browser = stage.browser(**readable(size))
    page = browser.new_page()
    page.goto(f"{stage.server.base}/login?next=/admin/policy")
    page.locator("[name=login]").fill("ada")
    page.locator("[name=password]").fill("demo-ada")
    page.locator("main form button").click()
    page.wait_for_url("**/admin/policy")
    return page


@SIZES
def test_every_page_can_be_read_and_fits(stage: Stage, size: dict[str, Any]) -> None:
    page = administrator(stage, size)
    for place in PLACES:
        page.goto(f"{stage.server.base}/admin/{place}")
        assert not findings(page), (place, findings(page))
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), place


def test_what_is_tried_is_seen_and_what_is_saved_is_a_version(stage: Stage) -> None:
    page = administrator(stage, {"viewport": {"width": 1440, "height": 900}})
    page.locator("[name='S2.resolution']").fill("6:30")
    page.locator("button[value=try]").click()
    expect(page.locator("#outlook [role=status]")).to_be_visible()
    expect(page.locator("[name='S2.resolution']")).to_have_value("6:30")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/admin/policy?saved")
    expect(page.locator(".notice.ok")).to_be_visible()
    ((version,),) = stage.server.rows("SELECT max(version) FROM policy_version")
    assert version == 2


def test_a_refusal_is_at_the_field_that_it_is_about(stage: Stage) -> None:
    page = administrator(stage, {"viewport": {"width": 360, "height": 740}})
    stage.watch.forgive("the server responded with a status of 422")
    page.locator("[name='S1.first_reply']").fill("soon")
    page.locator("button[value=save]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name='S1.first_reply']")).to_be_focused()
    assert not findings(page)


def test_a_letter_is_seen_in_its_own_clothes_before_it_is_saved(stage: Stage) -> None:
    page = administrator(stage, {"viewport": {"width": 1440, "height": 900}})
    page.goto(f"{stage.server.base}/admin/letters/opened/es-MX")
    page.locator("[name='told.opened']").fill("Ya llegó <su> solicitud, {folio}.")
    page.locator("button[value=try]").click()
    expect(page.locator("#preview")).to_contain_text("Ya llegó <su> solicitud, PG-2026-000123.")
    stage.watch.forgive("status of 404")  # a letter has no icon: the browser asks for one in vain
    with page.expect_popup() as opened:
        page.locator("button[formtarget]").click()
    letter = opened.value
    expect(letter.locator("body")).to_contain_text("Ya llegó <su> solicitud, PG-2026-000123.")
    assert letter.locator("a.go").evaluate("it => getComputedStyle(it).borderRadius") == "8px"
    letter.close()
    page.locator("button[value=save]").click()
    page.wait_for_url("**/opened/es-MX?saved")
    expect(page.locator(".notice.ok")).to_be_visible()
    assert not findings(page)
    page.get_by_role("button", name="Volver a los textos del sistema").click()
    expect(page.locator("[name='told.opened']")).not_to_have_value("Ya llegó <su> solicitud, {folio}.")
    assert stage.server.rows("SELECT max(version) FROM letter_version") == [(2,)]
