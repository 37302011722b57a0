"""A case on the boards: claimed, sized, passed to the third level, with nothing reloaded."""

from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.stage import Stage
from tests.browser.words import words

PROCESS = words("process")


def test_a_case_is_claimed_sized_and_passed_to_level_3(stage: Stage) -> None:
    ada = stage.staff("ada", "/board")
    board = ada.page.get_by_test_id("board")
    expect(board).to_contain_text(ada.words["board.empty"])
    ana = stage.agent("ana")
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    ana.escalate("No timbra desde ayer")

    row = ada.page.get_by_test_id("board-row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(ada.words["ticket_state.l2_queued"])
    row.get_by_role("button").click()
    ticket = ada.page.get_by_test_id("ticket")
    expect(ticket.locator(".thread .message .body").first).to_contain_text("Buenos días")

    ada.button("action.claim").click()
    expect(ticket.get_by_test_id("owner")).to_have_text("Ada Demo")
    ticket.get_by_role("button", name=PROCESS["process.move.size"], exact=True).click()
    ada.dialog.get_by_label(ada.words["field.sizing"], exact=True).fill("Medio día")
    ada.dialog.get_by_role("button", name=PROCESS["process.move.size"], exact=True).click()
    expect(ticket).to_have_attribute("data-state", "l2_working")

    ticket.get_by_role("button", name=PROCESS["process.move.pass_to_l3"], exact=True).click()
    ada.dialog.get_by_label(ada.words["field.diagnosis"], exact=True).fill("El servicio rechaza el certificado")
    ada.dialog.get_by_role("button", name=PROCESS["process.move.pass_to_l3"], exact=True).click()
    expect(ticket).to_have_attribute("data-state", "l3_queued")
    expect(ada.page.get_by_test_id("history")).to_contain_text("El servicio rechaza el certificado")
    ada.page.get_by_test_id("level-3").click()
    expect(board).to_have_attribute("data-level", "3")
    expect(row).to_contain_text(ada.words["ticket_state.l3_queued"])
    assert stage.server.rows("SELECT state, level FROM ticket") == [("l3_queued", 3)]


def test_axe_finds_nothing_on_a_board(stage: Stage) -> None:
    ada = stage.supervisor("ada", bypass_csp=True, reduced_motion="reduce")
    ana, vic = stage.agent("ana"), stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    ana.escalate("No timbra desde ayer")
    ada.page.goto(f"{stage.server.base}/board")
    ada.page.get_by_test_id("board-row").get_by_role("button").click()
    expect(ada.page.get_by_test_id("moves")).to_be_visible()
    assert findings(ada.page) == []
    ada.page.keyboard.press("Alt+m")
    expect(ada.dialog).to_be_visible()
    assert findings(ada.page) == []
    ada.dialog.get_by_role("button", name=PROCESS["process.move.cancel"], exact=True).click()
    expect(ada.page.get_by_test_id("move-dialog")).to_be_visible()
    assert findings(ada.page) == []
