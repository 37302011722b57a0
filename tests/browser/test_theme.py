"""A guest on somebody else's page is as light or dark as that page, unless its tag says otherwise."""

import pytest
from playwright.sync_api import Page

from tests.browser.client import Client
from tests.browser.stage import Stage

TAG = '<script async src="{{server}}/widget.js" data-key="demo-open" data-locale="es-MX"{theme}></script>'
META = '<meta name="color-scheme" content="light dark">'


def is_dark(page: Page) -> bool:
    """Whether the panel's ground is: its lightness is the first number of its colour."""
    client = Client(page)
    client.open()
    ground = "(node) => parseFloat(getComputedStyle(node).backgroundColor.match(/[\\d.]+/)[0])"
    return bool(client.panel.evaluate(ground) < 0.5)


@pytest.mark.parametrize(
    ("html", "theme", "wanted", "dark"),
    [
        ("<html>", "", "dark", False),
        ("<html>" + META, "", "dark", True),
        ("<html>" + META, "", "light", False),
        ('<html style="color-scheme:dark">', "", "light", True),
        ('<html style="color-scheme:light">', "", "dark", False),
        ("<html>", ' data-theme="auto"', "dark", True),
        ("<html>", ' data-theme="auto"', "light", False),
        ('<html style="color-scheme:light">', ' data-theme="dark"', "light", True),
        ('<html style="color-scheme:dark">', ' data-theme="light"', "dark", False),
        ("<html>", ' data-theme="pink"', "dark", False),
    ],
)
def test_it_is_dark_where_its_page_is(stage: Stage, html: str, theme: str, wanted: str, dark: bool) -> None:
    page = stage.own_page(html, TAG.format(theme=theme), "script-src * 'unsafe-inline'; style-src 'unsafe-inline'")
    page.emulate_media(color_scheme="dark" if wanted == "dark" else "light")
    assert is_dark(page) is dark


def test_it_follows_a_page_that_changes(stage: Stage) -> None:
    page = stage.own_page("<html>", TAG.format(theme=""))
    assert not is_dark(page)
    page.evaluate("document.documentElement.style.colorScheme = 'dark'")
    Client(page).press("close")
    assert is_dark(page)
