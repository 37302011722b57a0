"""Nobody reads a browser's console while it works: an error in it, of any page, fails the test."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, WebError

LINE_CUT = r"WebSocket connection to \S+ failed|net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED)"
"""What a browser itself writes when there is no network or no server."""


@dataclass
class Watch:
    """Scripts' errors and what a content security policy blocked (browsers write both to the console)."""

    problems: list[str] = field(default_factory=list)
    _forgiven: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._heard)
        context.on("weberror", self._thrown)
        context.on("dialog", self._opened)

    def forgive(self, pattern: str) -> None:
        """For what a test breaks on purpose."""
        self._forgiven.append(pattern)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._note(message.page, message.text)

    def _thrown(self, error: WebError) -> None:
        self._note(error.page, str(error.error))

    def _opened(self, dialog: Dialog) -> None:
        """None of our scripts opens one; a script that somebody slipped in would."""
        self._note(dialog.page, f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _note(self, page: Page | None, text: str) -> None:
        if not any(re.search(pattern, text) for pattern in self._forgiven):
            self.problems.append(f"{page.url if page else 'a closed page'}: {text}")
