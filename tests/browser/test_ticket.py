"""What chat does not solve becomes a ticket: same thread, same folio, from the first word on."""

import re

from playwright.sync_api import expect

from tests.browser.stage import Stage
from tests.browser.words import words

PAGES = words("pages")


def test_escalated_chat_goes_on_in_its_ticket(stage: Stage) -> None:
    ana = stage.agent("ana")
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    vic.say("No puedo timbrar desde ayer")
    ana.expect_thread("Buenos días", "No puedo timbrar desde ayer")
    ana.escalate("No timbra desde ayer")

    vic.expect_line("escalated")
    folio = vic.folio
    expect(vic.ticket).to_contain_text(vic.words["severity.S3"])
    expect(vic.ticket).not_to_contain_text(vic.words["ticket.provisional"])
    for promise in ("ticket.update", "ticket.resolution"):
        fact = vic.ticket.locator("div", has=vic.page.get_by_text(vic.words[promise], exact=True)).last
        expect(fact.locator("time")).to_have_attribute("datetime", re.compile(r"^\d{4}-\d\d-\d\dT"))

    ana.page.get_by_role("link", name=ana.words["done.see_ticket"]).click()
    ticket = ana.page
    ticket.wait_for_url(f"**/tickets/{folio}")
    expect(ticket.locator(".thread .message .body")).to_have_text(["Buenos días", "No puedo timbrar desde ayer"])

    ticket.get_by_label(PAGES["ticket.answer"], exact=True).fill("Operaciones ya lo está revisando")
    ticket.get_by_role("button", name=PAGES["ticket.send"]).click()
    vic.expect_thread("Buenos días", "No puedo timbrar desde ayer", "Operaciones ya lo está revisando")
    vic.say("Gracias, espero")
    vic.expect_state("Gracias, espero", "stored")
    ticket.get_by_label(PAGES["ticket.note"], exact=True).fill("Certificado vencido")
    ticket.get_by_role("button", name=PAGES["ticket.keep"]).click()
    told = ["Buenos días", "No puedo timbrar desde ayer", "Operaciones ya lo está revisando", "Gracias, espero"]
    expect(ticket.locator(".thread .message .body")).to_have_text([*told, "Certificado vencido"])
    vic.expect_thread(*told)
    assert stage.server.stored("Operaciones ya lo está revisando") == 1


def test_closed_portal_takes_a_message_and_gives_a_folio(stage: Stage) -> None:
    vic = stage.client("closed")
    vic.open()
    expect(vic.form.locator(".lead")).to_have_text(vic.words["form.closed"])
    opening = vic.words["form.back"].replace("{when}", "(mañana|el .+) a las 8:00").replace("{city}", "Monterrey")
    expect(vic.form).to_contain_text(re.compile(re.sub(r" \((?=hora)", r" \(", opening).replace(").", r"\).")))
    vic.fill(body="No puedo entrar a mi cuenta")
    vic.press("send")
    vic.expect_line("left_message")
    vic.expect_thread("No puedo entrar a mi cuenta")
    folio = vic.folio
    expect(vic.ticket.locator("time").first).to_have_text(re.compile("a más tardar el .+ a las 12:00|a las 10:00"))
    assert stage.server.rows("SELECT folio, state, severity FROM ticket") == [(folio, "new", "S3")]
    vic.say("También me falta una factura")
    vic.expect_thread("No puedo entrar a mi cuenta", "También me falta una factura")
    vic.expect_state("También me falta una factura", "stored")
