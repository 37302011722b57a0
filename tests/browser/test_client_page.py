"""The client's page of a ticket in a real browser: without a script, by keyboard, and what axe makes of each state."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.axe import findings
from tests.browser.staff import Staff
from tests.browser.stage import Stage
from tests.browser.test_axe import SIZES, readable
from tests.browser.words import words

PAGES = words("pages")
STATES = (
    "new", "l1_working", "l2_queued", "l2_working", "l3_queued", "l3_working", "l3_validating", "release_pending",
    "released", "waiting_client", "resolved", "closed", "cancelled",
)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """Somebody of staff, and the link to a ticket's page for its client, copied from theirs."""

    page: Page
    base: str
    folio: str
    link: str

    def move(self, name: str, **form: str) -> None:
        """As their own page of moves would."""
        self._post(f"/tickets/{self.folio}/move", ref=uuid4().hex, move=name, **form)

    def _post(self, path: str, **form: str) -> None:
        headers = {"Origin": self.base, "Accept": "application/json"}
        answer = self.page.request.post(self.base + path, form={**form}, headers=headers)
        assert answer.ok, answer.text()


CALL = {
    "name": "Rosa Garza",
    "number": "8181234567",
    "subject": "No puedo timbrar desde ayer",
    "said": "Dice que ninguna factura timbra, con ningún receptor",
    "becomes": "ticket",
}


def desk_of(stage: Stage) -> Desk:
    """A call has become a ticket, and level 1 has taken it."""
    page, base = stage.staff("ana", "/calls").page, stage.server.base
    answer = page.request.post(f"{base}/calls", form={**CALL}, headers={"Origin": base})
    assert answer.ok, answer.text()
    folio = answer.url.rpartition("/")[2].partition("#")[0]
    page.goto(f"{base}/tickets/{folio}")
    link = page.get_by_role("button", name=PAGES["ticket.page_link_copy"]).get_attribute("data-copy")
    assert link is not None
    desk = Desk(page, base, folio, link)
    desk.move("take", severity="S2", category="Timbrado")
    return desk


def put(stage: Stage, state: str) -> None:
    """For how it looks: no matter how a ticket came there."""
    with closing(sqlite3.connect(stage.server.database)) as database, database:
        database.execute(
            "UPDATE ticket SET state = ?, return_state = 'l1_working', level = 1, "
            "update_due = datetime('now', '+2 hours'), state_since = datetime('now')",
            (state,),
        )


def test_without_a_script_a_client_answers_confirms_and_rates(stage: Stage) -> None:
    desk = desk_of(stage)
    desk.move("ask_client", question="¿Qué mensaje le aparece?")
    page = stage.browser(java_script_enabled=False).new_page()
    page.goto(desk.link)
    expect(page.locator("blockquote")).to_have_text("¿Qué mensaje le aparece?")
    expect(page.get_by_role("heading", name=PAGES["client.state.waiting_client"])).to_be_visible()
    page.get_by_label(PAGES["client.answer_label"], exact=True).fill("Solo desde el lunes")
    file = FilePayload(name="pantalla.txt", mimeType="text/plain", buffer=b"CFDI40138")
    page.get_by_label(PAGES["client.file"], exact=True).set_input_files(file)
    page.get_by_role("button", name=PAGES["client.answer_send"]).click()
    expect(page.get_by_role("status")).to_have_text(PAGES["client.said.message"])
    expect(page.get_by_role("heading", name=PAGES["client.state.l1_working"])).to_be_visible()
    expect(page.locator(".thread .message.mine").last).to_contain_text("Solo desde el lunes")
    with page.expect_download() as coming:
        page.get_by_role("link", name="pantalla.txt").click()
    assert coming.value.suggested_filename == "pantalla.txt"
    desk.move("solve", solution="Cambie el régimen del receptor y vuelva a timbrar")
    page.goto(desk.link)
    page.get_by_role("button", name=PAGES["client.confirm"]).click()
    expect(page.get_by_role("heading", name=PAGES["client.state.closed"])).to_be_visible()
    page.get_by_role("radio", name=f"4 {PAGES['client.score.4']}").check()
    page.get_by_role("button", name=PAGES["client.rate_send"]).click()
    expect(page.get_by_role("status")).to_have_text(PAGES["client.said.rated"])
    assert stage.server.rows("SELECT score FROM rating") == [(4,)]


def test_by_keyboard_alone_a_solution_is_refused_and_a_rating_given(stage: Stage) -> None:
    desk = desk_of(stage)
    desk.move("solve", solution="Ya puede timbrar")
    page = stage.browser().new_page()
    page.goto(desk.link)
    tab_to(page, PAGES["client.reopen_label"])
    page.keyboard.type("Sigue igual")
    tab_to(page, PAGES["client.reopen"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=PAGES["client.state.l1_working"])).to_be_visible()
    desk.move("solve", solution="Ahora sí")
    page.goto(desk.link)
    tab_to(page, PAGES["client.confirm"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=PAGES["client.state.closed"])).to_be_visible()
    tab_to(page, "1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    tab_to(page, PAGES["client.rate_send"])
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_have_text(PAGES["client.said.rated"])
    assert stage.server.rows("SELECT score FROM rating") == [(3,)]


WHAT_HAS_FOCUS = """() => {
  const it = document.activeElement;
  return it?.labels?.[0]?.innerText ?? it?.innerText ?? it?.value ?? "";
}"""


def tab_to(page: Page, name: str) -> None:
    """With as many presses as it takes, and no more than there are things to press on."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if str(page.evaluate(WHAT_HAS_FOCUS)).strip().startswith(name):
            assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"the keyboard does not get to {name}")


def test_a_file_that_is_too_large_is_said_before_it_is_sent(stage: Stage) -> None:
    link = desk_of(stage).link
    page = stage.browser().new_page()
    page.goto(link)
    big = FilePayload(name="grande.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7" + b"x" * 11 * 1024 * 1024)
    page.get_by_label(PAGES["client.file"], exact=True).set_input_files(big)
    assert page.evaluate("() => document.querySelector('input[type=file]').validationMessage")
    page.get_by_label(PAGES["client.add_label"], exact=True).fill("Va el archivo")
    page.get_by_role("button", name=PAGES["client.add_send"]).click()
    assert page.url == link
    assert stage.server.stored("Va el archivo") == 0


@SIZES
def test_axe_finds_nothing_in_any_state(stage: Stage, size: dict[str, Any]) -> None:
    link = desk_of(stage).link
    page = stage.browser(**readable(size)).new_page()
    for state in STATES:
        put(stage, state)
        page.goto(link)
        assert findings(page) == [], state
        too_wide = page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not too_wide, state
    put(stage, "resolved")
    page.goto(link)
    stage.watch.forgive("the server responded with a status of (404|422)")
    page.get_by_label(PAGES["client.reopen_label"]).fill(" ")
    page.get_by_role("button", name=PAGES["client.reopen"]).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert findings(page) == [], "refused"
    page.goto(link[:-1] + ("a" if link[-1] != "a" else "b"))
    expect(page.get_by_role("heading", name=PAGES["error.link_gone.title"])).to_be_visible()
    assert findings(page) == [], "no such link"


@SIZES
def test_axe_finds_nothing_on_the_telephones_page(stage: Stage, size: dict[str, Any]) -> None:
    page, base = stage.browser(**readable(size)).new_page(), stage.server.base
    page.goto(f"{base}/calls")
    Staff(page).log_in("ana")
    page.wait_for_url(f"{base}/calls")
    assert findings(page) == [], "nothing yet"
    page.get_by_label(PAGES["ticket.name"], exact=True).fill("Rosa Garza")
    page.locator("#number").fill("8181234567")
    page.get_by_label(PAGES["calls.subject"]).fill("No timbra")
    page.get_by_label(PAGES["calls.said"]).fill("Dice que no timbra desde ayer")
    page.get_by_role("button", name=PAGES["calls.save"]).click()
    page.wait_for_url("**/tickets/PG-*")
    page.goto(f"{base}/calls?number=8181234567")
    expect(page.get_by_role("heading", name=PAGES["calls.earlier"])).to_be_visible()
    assert findings(page) == [], "with earlier contacts"


def test_level_1_gets_to_the_telephone_from_every_page(stage: Stage) -> None:
    ana = stage.staff("ana", "/tickets")
    ana.page.get_by_role("link", name=PAGES["nav.calls"]).click()
    ana.page.wait_for_url("**/calls")
