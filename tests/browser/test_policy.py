"""A portal with the strictest policy needs to allow what our own page says, and nothing else."""

from playwright.sync_api import expect

from tests.browser.client import Client
from tests.browser.stage import Stage


def test_what_the_embed_page_says_is_enough(stage: Stage) -> None:
    """The snippet and the two directives as an operator copies them; everything else is forbidden."""
    ada = stage.supervisor("ada").page
    ada.goto(f"{stage.server.base}/embed")
    card = ada.locator("section", has=ada.get_by_text("demo-open"))
    snippet = card.locator("pre").inner_text()
    script_src, connect_src = card.locator("dd code").all_inner_texts()
    policy = (
        f"default-src 'none'; script-src {script_src}; connect-src {connect_src}; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    ana = stage.agent("ana")
    vic = Client(stage.own_page('<html lang="es-MX">', snippet, policy))
    vic.begin()
    ana.answer("Vic Visitante", "Vea https://example.com/ayuda")
    vic.say("Gracias")
    vic.expect_thread("Vea https://example.com/ayuda", "Gracias")
    vic.expect_state("Gracias", "seen")
    ana.escalate("Algo")
    vic.ticket.get_by_role("button").click()
    vic.press("close")
    assert vic.launcher.evaluate("(node) => getComputedStyle(node).width") == "56px"


def test_widget_moves_nothing_on_the_page(stage: Stage) -> None:
    vic = stage.client()
    before = vic.page.locator("main").bounding_box()
    vic.begin()
    assert vic.page.locator("main").bounding_box() == before
    shifts = vic.page.evaluate(
        """() => new Promise((done) => {
          new PerformanceObserver((list) => done(list.getEntries().filter((entry) => !entry.hadRecentInput).length))
            .observe({type: "layout-shift", buffered: true});
          setTimeout(() => done(0), 200);
        })"""
    )
    assert shifts == 0


def test_an_error_of_any_page_would_be_noticed(stage: Stage) -> None:
    """The watch itself: without it every other promise about errors here is worth nothing."""
    page = stage.client("strict").page
    page.evaluate("document.body.append(Object.assign(document.createElement('style'), {textContent: 'p{}'}))")
    page.evaluate("void setTimeout(() => { throw new Error('thrown') })")
    page.evaluate("void Promise.reject(new Error('rejected'))")
    page.wait_for_function("() => true")
    expect(page.locator("body")).to_be_visible()
    seen = "\n".join(stage.watch.problems)
    stage.watch.problems.clear()
    assert "Content Security Policy" in seen
    assert "thrown" in seen
    assert "rejected" in seen
