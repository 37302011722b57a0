"""Somebody who works on tickets: what they do and see on the boards."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.staff import Staff
from tests.browser.words import words


class Board(Staff):
    """One tab, at the boards."""

    def __init__(self, page: Page, locale: str = "es-MX") -> None:
        super().__init__(page, locale)
        self.moves = words("process", locale)
        self.rows = page.get_by_test_id("board-row")
        self.ticket = page.get_by_test_id("ticket")
        self.history = page.get_by_test_id("history")

    def open(self, folio: str, state: str) -> None:
        """Once it is on their board."""
        row = self.rows.filter(has_text=folio)
        expect(row).to_contain_text(self.words[f"ticket_state.{state}"])
        row.get_by_role("button").click()
        expect(self.ticket).to_have_attribute("data-state", state)

    def offers(self, move: str) -> bool:
        """Whether the move is offered at all, in front or behind."""
        return self.ticket.get_by_role("button", name=self.moves[f"process.move.{move}"], exact=True).count() > 0

    def fill(self, move: str, **fields: str) -> None:
        """Open the form of a move and fill it in: texts and moments by their label, people by their name."""
        self.ticket.get_by_role("button", name=self.moves[f"process.move.{move}"], exact=True).click()
        for field, value in fields.items():
            label = self.words[f"field.{field}"]
            if field == "owner":
                self.dialog.get_by_role("radio", name=re.compile(value)).check()
            elif field == "category":
                self.dialog.get_by_label(label).select_option(index=1)
            else:
                self.dialog.get_by_label(label, exact=True).fill(value)

    def make(self, move: str, state: str) -> None:
        """Send the form that is filled in."""
        self.dialog.get_by_role("button", name=self.moves[f"process.move.{move}"], exact=True).click()
        expect(self.ticket).to_have_attribute("data-state", state)


def wall(**later: float) -> str:
    """A moment of the desk's wall clock, as a form takes it."""
    return (datetime.now(ZoneInfo("America/Monterrey")) + timedelta(**later)).strftime("%Y-%m-%dT%H:%M")
