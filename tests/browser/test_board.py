"""A case on the boards: claimed, sized, passed to the third level, with nothing reloaded."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings
from tests.browser.staff import Staff
from tests.browser.stage import Stage
from tests.browser.test_client_page import desk_of
from tests.browser.test_keyboard import tab_to
from tests.browser.words import words

PROCESS = words("process")


def move(staff: Staff, name: str) -> Locator:
    """A move of the chosen ticket, from the list of all that this person may make; its form is open then."""
    staff.page.keyboard.press("Alt+m")
    every = staff.page.get_by_test_id("moves-dialog")
    every.get_by_role("button", name=PROCESS[f"process.move.{name}"], exact=True).click()
    form = staff.page.get_by_test_id("move-dialog")
    expect(form).to_be_visible()
    return form


def submit(form: Locator, name: str) -> None:
    form.get_by_role("button", name=PROCESS[f"process.move.{name}"], exact=True).click()


def choose(page: Page, folio: str) -> Locator:
    """A ticket from the list; all there is of it is on the screen then."""
    page.get_by_test_id("board-row").filter(has_text=folio).get_by_role("button").click()
    ticket = page.get_by_test_id("ticket")
    expect(ticket.get_by_test_id("moves")).to_be_visible()
    return ticket


def escalated(stage: Stage, *clients: str) -> list[str]:
    """Chats that level 1 has passed to Operations; returns their folios."""
    ana, folios = stage.agent("ana"), []
    for name in clients:
        client = stage.client()
        client.begin(name)
        ana.answer(name, "Buenos días")
        ana.escalate("No timbra desde ayer")
        folios.append(client.folio)
    return folios


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


def test_a_supervisor_assigns_and_who_has_it_is_told_at_once(stage: Stage) -> None:
    (folio,) = escalated(stage, "Vic Visitante")
    olga, sue = stage.staff("olga", "/board"), stage.staff("sue", "/board")
    sue.page.get_by_test_id("level-2").click()
    choose(sue.page, folio)
    expect(olga.page.get_by_test_id("board-row")).to_contain_text(olga.words["nobody"])
    form = move(sue, "set_owner")
    form.get_by_role("radio", name="Olga Demo").check()
    submit(form, "set_owner")
    expect(sue.page.get_by_test_id("owner")).to_have_text("Olga Demo")
    olga.button("board.mine").click()
    expect(olga.page.get_by_test_id("board-row")).to_contain_text("Olga Demo")
    expect(sue.page.get_by_test_id("history")).to_contain_text("Olga Demo")


def test_files_are_evidence_and_open_only_for_who_may_see_them(stage: Stage) -> None:
    (folio,) = escalated(stage, "Vic Visitante")
    olga, ana = stage.staff("olga", "/board"), stage.staff("ana", "/board")
    ticket = choose(olga.page, folio)
    log = b"el certificado no es valido"
    olga.page.get_by_test_id("file-input").set_input_files(
        {"name": "bitacora.txt", "mimeType": "text/plain", "buffer": log}
    )
    expect(olga.page.get_by_test_id("chosen-file")).to_contain_text("bitacora.txt")
    olga.page.keyboard.press("Alt+n")
    olga.button("composer.save_note").click()
    expect(ticket.locator(".message.note").get_by_test_id("file")).to_contain_text("bitacora.txt")
    choose(ana.page, folio)
    link = ana.page.get_by_test_id("file").get_by_role("link", name="bitacora.txt")
    where = stage.server.base + (link.get_attribute("href") or "")
    assert ana.page.request.get(where).body() == log
    assert "/login" in stage.browser().new_page().request.get(where).url

    form = move(olga, "size")
    form.get_by_label(olga.words["field.sizing"], exact=True).fill("Medio día")
    submit(form, "size")
    expect(ticket).to_have_attribute("data-state", "l2_working")
    stage.watch.forgive("Failed to load resource")
    olga.page.get_by_test_id("file-input").set_input_files(
        {"name": "sello.key", "mimeType": "text/plain", "buffer": b"no"}
    )
    olga.page.get_by_test_id("composer").get_by_role("textbox").fill("El sello")
    olga.button("composer.send").click()
    expect(olga.page.get_by_test_id("notices")).to_contain_text(olga.words["refused.file_key_material"])
    expect(olga.page.get_by_test_id("composer").get_by_role("textbox")).to_have_value("El sello")
    assert stage.server.stored("El sello") == 0


def test_a_file_of_the_ticket_is_named_as_evidence(stage: Stage) -> None:
    desk = desk_of(stage)
    ana = stage.staff("ana", "/board")
    choose(ana.page, desk.folio)
    ana.page.get_by_test_id("file-input").set_input_files(
        {"name": "pantalla.txt", "mimeType": "text/plain", "buffer": b"error 500"}
    )
    ana.page.get_by_test_id("composer").locator("[type=submit]").click()
    expect(ana.page.get_by_test_id("files")).to_contain_text("pantalla.txt")
    form = move(ana, "pass_to_l2")
    form.get_by_label(ana.words["field.rfc"], exact=True).fill(ana.words["none"])
    form.get_by_label(ana.words["field.evidence"], exact=True).fill("Lo que se ve")
    form.get_by_role("checkbox", name="pantalla.txt").check()
    submit(form, "pass_to_l2")
    expect(ana.page.get_by_test_id("files").locator(".badge")).to_have_text(ana.words["field.evidence"])
    expect(ana.page.get_by_test_id("board-others").get_by_test_id("board-row")).to_contain_text(desk.folio)


def test_what_the_client_writes_elsewhere_joins_the_thread_and_says_how_it_came(stage: Stage) -> None:
    desk = desk_of(stage)
    ana = stage.staff("ana", "/board")
    ticket = choose(ana.page, desk.folio)
    thread = ticket.locator(".thread .message")
    expect(thread.first).to_contain_text(ana.words["channel.phone"])
    client = stage.browser().new_page()
    client.goto(desk.link)
    client.locator("textarea[name=body]").first.fill("Ya probé en otro equipo")
    client.locator("form", has=client.locator("textarea[name=body]")).first.locator("button").last.click()
    expect(thread.last).to_contain_text("Ya probé en otro equipo")
    expect(thread.last).to_contain_text(ana.words["channel.page"])
    ana.page.get_by_test_id("composer").get_by_role("textbox").fill("Gracias, lo revisamos")
    ana.button("composer.send").click()
    expect(thread.last).to_contain_text("Gracias, lo revisamos")
    client.reload()
    expect(client.get_by_text("Gracias, lo revisamos").first).to_be_visible()


def test_tickets_are_linked_by_folio_and_lead_to_each_other(stage: Stage) -> None:
    first, second = escalated(stage, "Vic Visitante", "Val Visitante")
    olga = stage.staff("olga", "/board")
    choose(olga.page, first)
    olga.button("link.add").click()
    field = olga.dialog.get_by_label(olga.words["field.duplicate_of"])
    field.fill("PG-1999-000001")
    expect(olga.dialog).to_contain_text(olga.words["field.folio_unknown"])
    expect(olga.dialog.get_by_role("button", name=olga.words["link.confirm"])).to_be_disabled()
    field.fill(second.lower())
    expect(olga.dialog).to_contain_text("Val Visitante")
    olga.confirm("link.confirm")
    links = olga.page.get_by_test_id("links")
    links.get_by_role("link", name=second).click()
    expect(olga.page.get_by_test_id("ticket")).to_have_attribute("aria-label", second)
    expect(links).to_contain_text(f"{olga.words['link.duplicates_back']} {first}")


def test_who_was_late_reads_why_and_loses_no_word(stage: Stage) -> None:
    (folio,) = escalated(stage, "Vic Visitante")
    olga, ada = stage.staff("olga", "/board"), stage.staff("ada", "/board")
    choose(ada.page, folio)
    choose(olga.page, folio)
    late = move(ada, "size")
    late.get_by_label(ada.words["field.sizing"], exact=True).fill("Una hora")
    form = move(olga, "size")
    form.get_by_label(olga.words["field.sizing"], exact=True).fill("Medio día")
    submit(form, "size")
    expect(ada.page.get_by_test_id("ticket")).to_have_attribute("data-state", "l2_working")
    submit(late, "size")
    expect(late.get_by_role("alert")).to_contain_text(ada.words["refused.illegal_move"])
    expect(late.get_by_label(ada.words["field.sizing"], exact=True)).to_have_value("Una hora")


def test_level_2_needs_no_mouse(stage: Stage) -> None:
    first, second = escalated(stage, "Vic Visitante", "Val Visitante")
    olga = stage.staff("olga", "/board")
    page, keys = olga.page, olga.page.keyboard
    ticket, box = page.get_by_test_id("ticket"), page.get_by_test_id("composer").get_by_role("textbox")
    expect(page.get_by_test_id("board-row")).to_have_count(2)
    keys.press("j")
    expect(ticket).to_have_attribute("aria-label", first)
    keys.press("j")
    expect(ticket).to_have_attribute("aria-label", second)
    keys.press("k")
    expect(ticket).to_have_attribute("aria-label", first)
    expect(olga.button("action.claim")).to_be_visible()
    keys.press("o")
    expect(page.get_by_test_id("owner")).to_have_text("Olga Demo")
    keys.press("m")
    expect(page.get_by_test_id("moves-dialog").get_by_role("button").first).to_be_focused()
    keys.press("Enter")
    sizing = olga.dialog.get_by_label(olga.words["field.sizing"], exact=True)
    expect(sizing).to_be_focused()
    keys.type("Medio día")
    tab_to(page, olga.dialog.get_by_role("button", name=PROCESS["process.move.size"], exact=True))
    keys.press("Enter")
    expect(ticket).to_have_attribute("data-state", "l2_working")
    keys.press("r")
    expect(box).to_be_focused()
    keys.type("Ya lo revisamos")
    keys.press("Control+Enter")
    expect(ticket.locator(".message.staff .body").last).to_contain_text("Ya lo revisamos")
    expect(box).to_be_focused()
    keys.press("Alt+n")
    keys.type("Es el sello")
    keys.press("Control+Enter")
    expect(ticket.locator(".message.note .body")).to_contain_text("Es el sello")
    keys.press("Escape")
    expect(box).not_to_be_focused()
    find = page.get_by_role("searchbox", name=olga.words["board.find"])
    tab_to(page, find)
    keys.type(second)
    keys.press("Enter")
    expect(ticket).to_have_attribute("aria-label", second)


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
