"""Light or dark, for a whole page and its guest."""

from typing import Literal

from playwright.sync_api import Page

Scheme = Literal["light", "dark"]

DRESS = """(scheme) => {
  const widget = document.querySelector("chatserver-widget");
  if (widget) widget.style.colorScheme = scheme;
}"""


def wear(page: Page, scheme: Scheme) -> None:
    """The system prefers it; and the widget wears it, though the demo's portal has only a light dress of its own."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate(DRESS, scheme)
