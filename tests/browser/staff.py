"""Somebody who answers, and somebody who supervises: what they do and see in the console and the live queue."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.words import words


class Staff:
    """One tab of somebody who is logged in."""

    def __init__(self, page: Page, locale: str = "es-MX") -> None:
        self.page = page
        self.locale = locale
        self.words = words("staff", locale) | words("shared", locale)
        self.dialog = page.get_by_role("dialog")

    def log_in(self, login: str) -> None:
        """On the page that asks for it."""
        pages = words("pages", self.locale)
        self.page.get_by_label(pages["login.login"], exact=True).fill(login)
        self.page.get_by_label(pages["login.password"], exact=True).fill(f"demo-{login}")
        self.page.get_by_role("button", name=pages["login.submit"], exact=True).click()

    def button(self, word: str, **params: str) -> Locator:
        """By its word; a key may be shown behind it."""
        return self.page.get_by_role("button", name=re.compile(f"^{re.escape(self.say_word(word, **params))}( .)?$"))

    def say_word(self, word: str, **params: str) -> str:
        text = self.words[word]
        for name, value in params.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def confirm(self, word: str) -> None:
        self.dialog.get_by_role("button", name=self.words[word], exact=True).click()
        expect(self.dialog).to_have_count(0)

    def choose(self, word: str) -> None:
        self.dialog.get_by_role("radio", name=re.compile(f"^{re.escape(self.words[word])}")).check()


class Agent(Staff):
    """In the console."""

    def __init__(self, page: Page, locale: str = "es-MX") -> None:
        super().__init__(page, locale)
        self.offers = page.get_by_test_id("offer")
        self.chats = page.get_by_test_id("chat")
        self.composer = page.get_by_test_id("composer")
        self.box = self.composer.get_by_role("textbox")
        self.log = page.get_by_role("log")
        self.messages = self.log.locator(".message .body")
        self.events = self.log.locator(".event")

    def start_shift(self) -> None:
        self.button("shift.start").click()
        expect(self.page.get_by_test_id("shift")).to_have_attribute("data-state", "online")

    def answer(self, name: str, text: str) -> None:
        """Take the offer of this client with a first answer."""
        self.offers.filter(has_text=name).get_by_role("button", name=re.compile(self.words["offer.answer"])).click()
        self.say(text)
        expect(self.chats.filter(has_text=name)).to_have_count(1)

    def look_at(self, name: str) -> None:
        self.chats.or_(self.offers).filter(has_text=name).locator("button.row").click()

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.composer.locator("[type=submit]").click()
        expect(self.box).to_have_value("")

    def end(self, how: str) -> None:
        self.button("action.end").click()
        self.choose(f"end.{how}")
        self.confirm("end.confirm")

    def escalate(self, summary: str) -> None:
        """To Operations, as a blocked core function of medium urgency."""
        self.button("action.escalate").click()
        self.dialog.get_by_label(self.words["escalate.category"]).select_option(index=1)
        self.dialog.get_by_label(self.words["escalate.summary"]).fill(summary)
        for field, none in (("rfc", "none"), ("evidence", "none_f")):
            self.dialog.get_by_label(self.words[f"escalate.{field}"]).fill(self.words[none])
        self.confirm("escalate.confirm_2")

    def expect_thread(self, *texts: str) -> None:
        """These messages, in this order, each once and no other. Own ones carry a mark with words of its own."""
        marks = "|".join(re.escape(self.words[f"mark.{mark}"]) for mark in ("sending", "stored", "seen", "waiting"))
        expect(self.messages).to_have_text([re.compile(rf"^{re.escape(text)}\s*({marks})?$") for text in texts])

    def expect_event(self, word: str, name: str = "") -> None:
        expect(self.events.filter(has_text=self.words[f"change.{word}"].replace("{name}", name))).not_to_have_count(0)


class Supervisor(Staff):
    """At the live queue."""

    def __init__(self, page: Page, locale: str = "es-MX") -> None:
        super().__init__(page, locale)
        self.rows = page.get_by_test_id("queue-row")
        self.agents = page.get_by_test_id("agent")
        self.tickets = page.get_by_test_id("ticket")

    def row(self, name: str) -> Locator:
        return self.rows.filter(has=self.page.get_by_role("heading", name=re.compile(re.escape(name))))

    def expect_figures(self, **figures: int) -> None:
        for name, value in figures.items():
            expect(self.page.get_by_test_id(f"figure-{name}").locator(".value")).to_have_text(str(value))

    def expect_row(self, name: str, state: str, owner: str | None) -> None:
        expect(self.row(name).locator(".badge").first).to_have_text(self.words[f"conversation_state.{state}"])
        expect(self.row(name).locator(".state")).to_contain_text(owner or self.words["nobody"])
