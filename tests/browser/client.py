"""Somebody on a portal who needs help: what they do and what they see in the widget."""

import re
from typing import Literal

from playwright.sync_api import Locator, Page, expect

from tests.browser.words import words

State = Literal["sending", "stored", "seen"]


class Client:
    """One tab of a portal. Locators look into the widget's shadow root by role and label, as a reader would."""

    def __init__(self, page: Page, locale: str = "es-MX") -> None:
        self.page = page
        self.words = words("widget", locale)
        self.launcher = page.locator("chatserver-widget button[aria-expanded]")
        self.panel = page.get_by_role("dialog")
        self.form = self.panel.locator("form")
        self.log = self.panel.get_by_role("log")
        self.messages = self.log.locator(".text")
        self.lines = self.log.locator(".line")
        self.ticket = self.log.locator(".ticket")
        self.card = self.panel.locator(".card")
        self.box = self.panel.get_by_role("textbox", name=self.words["composer"], exact=True)

    def open(self) -> None:
        self.launcher.click()
        expect(self.panel).to_be_visible()

    def field(self, name: str) -> Locator:
        return self.form.locator(f"[name={name}]")

    def fill(self, name: str = "Vic Visitante", *, body: str | None = None) -> None:
        """The form; a body only where the form asks for one."""
        self.field("name").fill(name)
        self.field("email").fill(f"{name.split(maxsplit=1)[0].lower()}@example.com")
        self.field("subject").select_option(index=1)
        if body is not None:
            self.field("body").fill(body)
        self.form.get_by_role("checkbox").check()

    def begin(self, name: str = "Vic Visitante") -> None:
        """Open the widget and join the queue."""
        self.open()
        self.fill(name)
        self.press("form.send")
        expect(self.log).to_contain_text(self.words["change.queued"])

    def press(self, word: str) -> None:
        self.panel.get_by_role("button", name=self.words[word], exact=True).click()

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.press("send")
        expect(self.box).to_have_value("")

    def expect_thread(self, *texts: str) -> None:
        """These messages, in this order, each once and no other."""
        expect(self.messages).to_have_text(list(texts), use_inner_text=True)

    def expect_state(self, text: str, state: State) -> None:
        """What is said of one's own message."""
        message = self.log.locator(".own").filter(has=self.page.get_by_text(text, exact=True))
        expect(message.locator(".mark")).to_have_text(self.words[f"state.{state}"])

    def expect_line(self, word: str, name: str = "") -> None:
        """A quiet line says that something happened."""
        expect(self.lines.filter(has_text=self.words[f"change.{word}"].replace("{name}", name))).not_to_have_count(0)

    def expect_head(self, word: str) -> None:
        expect(self.panel.locator("header p")).to_have_text(self.words[word])

    @property
    def folio(self) -> str:
        expect(self.ticket.locator("b")).to_have_text(re.compile(r"^PG-\d{4}-\d{6}$"))
        return self.ticket.locator("b").inner_text()
