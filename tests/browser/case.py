"""A case from its first word to its rating, through every level, as people do it in their browsers."""

from collections.abc import Callable
from email.message import EmailMessage

from playwright.sync_api import Page, expect

from tests.browser.board import Board, wall
from tests.browser.post import Post
from tests.browser.stage import Stage
from tests.browser.words import words

Look = Callable[[Page, str], None]
"""What is done with every page there is to see in a case, by its name."""

PAGES = words("pages")
SOLUTION = "Corregimos el sello: ya puede volver a timbrar sus facturas."


def begins_as_a_chat(stage: Stage, look: Look) -> str:
    """Ana answers, and passes it to Operations. Returns the folio, which the client is told in the chat."""
    ana = stage.agent("ana")
    vic = stage.client()
    vic.begin("Vic Visitante")
    ana.answer("Vic Visitante", "Buenos días, ¿qué mensaje le aparece?")
    vic.say("CFDI40102: el sello no corresponde")
    ana.expect_thread("Buenos días, ¿qué mensaje le aparece?", "CFDI40102: el sello no corresponde")
    ana.escalate("El sello no corresponde desde ayer")
    vic.expect_line("escalated")
    look(vic.page, "case-chat")
    return vic.folio


def begins_by_mail(stage: Stage, post: Post, look: Look) -> str:
    """It comes into the mailbox, and level 1 takes it from its board."""
    until_the_mailbox_is_read(stage)
    ana = board_of(stage, "ana")
    post.deliver("Marta Ruiz <marta@client.example>", "El sello no corresponde", "Desde ayer no puedo timbrar.")
    confirmation = post.letter("marta@client.example", "opened")
    folio = str(confirmation["Subject"]).rpartition(" ")[2]
    look(opened(stage, confirmation), "case-confirmation")
    ana.open(folio, "new")
    look(ana.page, "case-new")
    taken_and_passed_on(ana, look)
    return folio


def begins_by_telephone(stage: Stage, look: Look) -> str:
    """Ana logs the call, and takes it."""
    page = stage.staff("ana", "/calls").page
    for label, value in {
        PAGES["ticket.name"]: "Rosa Garza",
        PAGES["calls.subject"]: "El sello no corresponde",
        PAGES["calls.said"]: "Dice que desde ayer no puede timbrar",
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    page.locator("#number").fill("(81) 8123 4567")
    page.locator("#email").fill("rosa@client.example")
    look(page, "case-call")
    page.get_by_role("button", name=PAGES["calls.save"]).click()
    page.wait_for_url("**/tickets/PG-*")
    folio = page.url.rpartition("/")[2].partition("#")[0]
    look(page, "case-call-ticket")
    page.goto(f"{stage.server.base}/board")
    ana = Board(page)
    ana.open(folio, "new")
    taken_and_passed_on(ana, look)
    return folio


def taken_and_passed_on(ana: Board, look: Look) -> None:
    ana.fill("take", category="")
    look(ana.page, "case-take")
    ana.make("take", "l1_working")
    ana.fill("pass_to_l2", summary="El sello no corresponde desde ayer", rfc="ninguno", evidence="ninguna")
    ana.make("pass_to_l2", "l2_queued")


def goes_through_the_levels(stage: Stage, folio: str, look: Look) -> None:
    """Operations size it, the third level solves it, another of them validates, Operations release, and level 1 tells
    the client."""
    olga = board_of(stage, "olga")
    olga.open(folio, "l2_queued")
    olga.fill("size", sizing="Medio día")
    look(olga.page, "case-size")
    olga.make("size", "l2_working")
    olga.fill("pass_to_l3", diagnosis="El servicio de timbrado usa el certificado vencido")
    olga.make("pass_to_l3", "l3_queued")

    teo = board_of(stage, "teo")
    teo.open(folio, "l3_queued")
    teo.fill("start_l3", owner="Teo Demo")
    teo.make("start_l3", "l3_working")
    teo.fill("submit", test_evidence="Pruebas 1 a 9, con el certificado nuevo")
    teo.make("submit", "l3_validating")
    expect(teo.page.get_by_test_id("moves")).to_be_visible()
    assert not teo.offers("validate")
    assert not teo.offers("release")
    look(teo.page, "case-submitted")
    tere = board_of(stage, "tere")
    tere.open(folio, "l3_validating")
    tere.fill("validate", release_from=wall(minutes=-5), release_until=wall(hours=1))
    look(tere.page, "case-validate")
    tere.make("validate", "release_pending")

    olga.open(folio, "release_pending")
    assert not tere.offers("release")
    olga.fill("release", version="4.2", released_at=wall(minutes=-1))
    look(olga.page, "case-release")
    olga.make("release", "released")
    ana = board_of(stage, "ana")
    ana.open(folio, "released")
    look(ana.page, "case-board")
    ana.fill("confirm", message=SOLUTION)
    look(ana.page, "case-confirm")
    ana.make("confirm", "resolved")


def is_read_confirmed_and_rated(stage: Stage, post: Post, client: str, look: Look) -> None:
    """The client reads the mail, opens its link, and says how it was."""
    page = opened(stage, post.letter(client, "solution"))
    expect(page.get_by_text(SOLUTION)).to_be_visible()
    look(page, "case-letter")
    page.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name=PAGES["client.state.resolved"])).to_be_visible()
    look(page, "case-solved")
    page.get_by_role("button", name=PAGES["client.confirm"]).click()
    expect(page.get_by_role("heading", name=PAGES["client.state.closed"])).to_be_visible()
    look(page, "case-closed")
    page.get_by_role("radio", name=f"5 {PAGES['client.score.5']}").check()
    page.get_by_role("button", name=PAGES["client.rate_send"]).click()
    expect(page.get_by_role("status")).to_have_text(PAGES["client.said.rated"])
    look(page, "case-rated")
    post.letter(client, "closed")


def board_of(stage: Stage, login: str) -> Board:
    return Board(stage.staff(login, "/board").page)


def opened(stage: Stage, letter: EmailMessage) -> Page:
    """A mail as its client's program shows it."""
    body = letter.get_body(("html",))
    assert body is not None
    page = stage.browser().new_page()
    page.set_content(body.get_content())
    return page


def until_the_mailbox_is_read(stage: Stage) -> None:
    """Mail from before that is not ours to answer."""
    page = stage.browser().new_page()
    for _ in range(300):
        if stage.server.rows("SELECT 1 FROM mailbox_cursor WHERE uidvalidity > 0"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("nobody reads the mailbox")
