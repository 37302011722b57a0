"""A client says in the widget how they were helped: once, and is thanked."""

from playwright.sync_api import expect

from tests.browser.stage import Stage


def test_a_chat_that_ended_is_rated_in_the_widget_once(stage: Stage) -> None:
    ana, vic = stage.agent("ana"), stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    ana.end("resolved")
    expect(vic.card).to_contain_text(vic.words["rate"])
    vic.press("rate.4")
    expect(vic.card).to_contain_text(vic.words["rated"])
    vic.page.reload()
    expect(vic.panel).to_be_visible()
    expect(vic.card).to_contain_text(vic.words["rated"])
    assert stage.server.rows("SELECT score, comment FROM rating WHERE conversation_id IS NOT NULL") == [(4, None)]
