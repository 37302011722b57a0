"""The main job: a client asks, somebody answers, it is solved."""

from playwright.sync_api import expect

from tests.browser.stage import Stage


def test_chat_is_answered_and_resolved(stage: Stage) -> None:
    ana = stage.agent("ana")
    vic = stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días, ¿en qué le ayudo?")
    vic.expect_line("answered", "Ana Demo")
    vic.say("No puedo timbrar.\nMe sale un error.")
    ana.expect_thread("Buenos días, ¿en qué le ayudo?", "No puedo timbrar.\nMe sale un error.")
    vic.expect_state("No puedo timbrar.\nMe sale un error.", "seen")
    ana.say("Listo, ya quedó.")
    vic.expect_thread("Buenos días, ¿en qué le ayudo?", "No puedo timbrar.\nMe sale un error.", "Listo, ya quedó.")
    ana.end("resolved")
    vic.expect_line("closed")
    expect(vic.box).to_be_hidden()
    expect(ana.chats).to_have_count(0)
    assert stage.server.rows("SELECT state, disposition FROM conversation") == [("closed", "resolved")]
