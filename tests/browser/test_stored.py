"""Markup that is in the database already, whichever way it came there: every text that a page shows, on every page."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.stage import Stage

MARKUP = (
    "'\"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}${7*7}</title></textarea><svg onload=alert(3)>"
)

TEXTS = {
    "visitor": ("name", "email", "rfc"),
    "agent": ("name",),
    "portal": ("name", "privacy_version"),
    "conversation": ("subject", "page"),
    "message": ("body", "sender_name"),
    "ticket": ("summary", "category", "rfc", "evidence"),
    "assignment": ("note", "by"),
}


def poison(folder: Path) -> None:
    """Every text that somebody once typed becomes markup; in the events that keep a copy, too."""
    with closing(sqlite3.connect(folder / "chatserver.sqlite3", timeout=10)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM visitor UNION SELECT name FROM agent")]
        for name in names:
            inside = json.dumps(MARKUP)[1:-1]
            database.execute("UPDATE event_row SET payload = replace(payload, ?, ?)", (f'"{name}"', f'"{inside}"'))
        for table, columns in TEXTS.items():
            for column in columns:
                database.execute(f"UPDATE {table} SET {column} = ? WHERE {column} IS NOT NULL", (MARKUP,))
        database.execute("UPDATE portal SET topics = ?, team = NULL", (json.dumps([MARKUP]),))
        database.execute("UPDATE agent SET state_reason = ?", (MARKUP,))
        database.commit()


def test_what_is_stored_is_text_on_every_page(stage: Stage, tmp_path: Path) -> None:
    ana, sue = stage.agent("ana"), stage.supervisor()
    vic, val = stage.client(), stage.client()
    vic.begin()
    ana.answer("Vic Visitante", "Buenos días")
    ana.escalate("No timbra")
    folio = vic.folio
    val.begin("Val Visitante")
    ana.answer("Val Visitante", "Buenos días")
    poison(tmp_path)
    stage.watch.forgive(r"Failed to load resource")
    for page in (ana.page, sue.page, val.page, vic.page):
        page.reload()
    for place in ("/tickets", f"/tickets/{folio}", "/embed", "/password", "/console", "/board", "/queue"):
        page = sue.page.context.new_page()
        page.goto(f"{stage.server.base}{place}")
        expect(page.get_by_text(MARKUP[:20]).first).to_be_visible()
        assert_inert(page)
    ana.chats.locator("button.row").first.click()
    expect(ana.messages.first).to_contain_text(MARKUP[:40])
    assert_inert(ana.page)
    expect(val.messages.first).to_contain_text(MARKUP[:40])
    assert_inert(val.page)
    new = stage.client()
    new.open()
    expect(new.form).to_contain_text(MARKUP[:20])
    assert_inert(new.page)


def assert_inert(page: Page) -> None:
    """No element that only the markup could have made."""
    for made in ("img[src=x]", "svg[onload]", "[onerror]"):
        assert page.locator(made).count() == 0, (page.url, made)
