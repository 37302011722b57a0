"""A picture of every face, at 1440 and 360 pixels, in light and in dark: `python -m tests.browser.screenshots`.

All of them go to `build/pictures/`; the few that the README and the docs show go to `docs/pictures/`, smaller.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from build_assets import ROOT
from tests.browser import case
from tests.browser.client import Client
from tests.browser.palette import Scheme, wear
from tests.browser.post import post
from tests.browser.server import DESK, Server
from tests.browser.small import shrink
from tests.browser.staff import Agent
from tests.browser.stage import CHROMIUM, Stage

ALL = ROOT / "build/pictures"
SHOWN = ROOT / "docs/pictures"

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SIZES: dict[int, ViewportSize] = {1440: {"width": 1440, "height": 900}, 360: {"width": 360, "height": 740}}

COMMITTED = (
    "widget-1440-light",
    "widget-360-dark",
    "waiting-360-light",
    "closed-360-light",
    "escalated-360-light",
    "console-1440-light",
    "queue-1440-light",
    "ticket-1440-light",
    "board-1440-light",
    "case-1440-light",
    "case-letter-360-light",
    "case-solved-360-light",
)


def shoot(page: Page, name: str) -> None:
    """The page as it stands, in every size and palette."""
    page.emulate_media(reduced_motion="reduce")
    for scheme in SCHEMES:
        wear(page, scheme)
        for width, size in SIZES.items():
            page.set_viewport_size(size)
            page.screenshot(path=ALL / f"{name}-{width}-{scheme}.png", animations="disabled", caret="hide")
    wear(page, "light")
    page.set_viewport_size(SIZES[1440])


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def stage(browser: Browser) -> Iterator[Stage]:
    with TemporaryDirectory() as folder, playing(Server(Path(folder), position=1), browser) as opened:
        yield opened


@contextmanager
def playing(server: Server, browser: Browser) -> Iterator[Stage]:
    try:
        server.start()
        yield Stage(server, browser.new_context)
    finally:
        server.kill()


def cases(browser: Browser) -> None:
    """One in whole, begun by mail; and how one begins by telephone."""
    with TemporaryDirectory() as folder, post() as mail:
        server = Server(Path(folder), DESK, mail.environment(Path(folder) / "files"))
        with playing(server, browser) as scene:
            folio = case.begins_by_mail(scene, mail, shoot)
            case.goes_through_the_levels(scene, folio, shoot)
            case.is_read_confirmed_and_rated(scene, mail, "marta@client.example", shoot)
            case.begins_by_telephone(scene, shoot)


def pages(stage: Stage, folio: str) -> None:
    page = stage.browser().new_page()
    for name, place in (("demo", "/demo"), ("login", "/login")):
        page.goto(stage.server.base + place)
        shoot(page, name)
    ben = stage.staff("ben", "/console")
    for name, place in (("tickets", "/tickets"), ("ticket", f"/tickets/{folio}"), ("embed", "/embed")):
        ben.page.goto(stage.server.base + place)
        shoot(ben.page, name)


def boards(stage: Stage, folio: str) -> None:
    """What levels 1, 2 and 3 have before them, and a case in the hands of level 2."""
    for login, name in (("ana", "board-l1"), ("teo", "board-l3")):
        page = stage.staff(login, "/board").page
        expect(page.get_by_test_id("board")).to_be_visible()
        shoot(page, name)
    olga = stage.staff("olga", "/board")
    rows = olga.page.get_by_test_id("board-row")
    expect(rows).to_have_count(1)
    shoot(olga.page, "board-l2")
    rows.get_by_role("button").click()
    olga.button("action.claim").click()
    expect(olga.page.get_by_test_id("owner")).to_have_text("Olga Demo")
    olga.page.get_by_test_id("file-input").set_input_files(SHOWN / "console-1440-light.png")
    olga.page.keyboard.press("Alt+n")
    olga.page.get_by_test_id("composer").get_by_role("textbox").fill("Así se ve en su pantalla.")
    olga.button("composer.save_note").click()
    expect(olga.page.get_by_test_id("file").locator("img")).to_be_visible()
    olga.page.keyboard.press("Escape")
    shoot(olga.page, "case")
    olga.page.keyboard.press("m")
    shoot(olga.page, "moves")
    olga.dialog.get_by_role("button").first.click()
    shoot(olga.page, "move")
    olga.page.keyboard.press("Escape")
    ada = stage.staff("ada", "/board")
    ada.button("board.view_columns").click()
    expect(ada.page.get_by_test_id("columns")).to_contain_text(folio)
    shoot(ada.page, "board")


def closed(stage: Stage) -> None:
    night = stage.client("closed")
    shoot(night.page, "portal")
    night.open()
    shoot(night.page, "closed")
    night.fill("Rosa Demo", body="Cancelé una factura y sigue apareciendo como vigente.")
    night.press("send")
    night.expect_line("left_message")
    shoot(night.page, "left")


def day(stage: Stage) -> str:
    """A morning at the desk; returns the folio that it made."""
    sue = stage.supervisor()
    shoot(sue.page, "queue-empty")
    laura = arrive(stage)
    shoot(sue.page, "queue-waiting")
    ana = stage.agent("ana", permissions=["notifications"])
    ana.look_at("Laura Demo")
    shoot(ana.page, "offer")
    answer(ana, laura)
    folio = escalate(stage, ana)
    ana.look_at("Laura Demo")
    stage.client().begin("Marta Demo")
    expect(ana.offers).to_have_count(1)
    ana.button("dismiss").click()
    shoot(ana.page, "console")
    shoot(laura.page, "widget")
    for name in ("Pedro Demo", "Elena Demo"):  # more people than the desk has room for
        stage.client().begin(name)
    shoot(sue.page, "queue")
    return folio


def arrive(stage: Stage) -> Client:
    laura = stage.client()
    laura.open()
    shoot(laura.page, "form")
    laura.press("form.send")
    shoot(laura.page, "form-errors")
    laura.fill("Laura Demo")
    laura.field("rfc").fill("MELL850312AB1")
    laura.press("form.send")
    expect(laura.card).to_contain_text("1")
    shoot(laura.page, "waiting")
    return laura


def answer(ana: Agent, laura: Client) -> None:
    ana.say("Buenos días, Laura. ¿Qué mensaje le aparece al timbrar?")
    talk(laura, "Dice «CFDI40138: el RFC del receptor no está en la lista».\nEs el de Panadería La Espiga.")
    ana.say("Gracias. Ese RFC cambió de régimen el lunes; vea https://example.com/ayuda/cfdi40138")
    talk(laura, "Ya lo corregí y ahora sí pasó. ¿Puedo repetir las de ayer?")
    ana.page.keyboard.press("Alt+n")
    ana.say("Segunda vez este mes con el mismo receptor.")


def escalate(stage: Stage, ana: Agent) -> str:
    jorge = stage.client("portal/facturas")
    jorge.begin("Jorge Demo")
    ana.answer("Jorge Demo", "Buenos días, ¿en qué le ayudo?")
    talk(jorge, "Ninguna factura timbra desde las 9, con ningún cliente.")
    ana.button("action.escalate").click()
    shoot(ana.page, "escalate")
    ana.page.keyboard.press("Escape")
    ana.escalate("Ninguna factura timbra desde las 9:00")
    jorge.expect_line("escalated")
    folio = jorge.folio
    shoot(jorge.page, "escalated")
    return folio


def talk(client: Client, text: str) -> None:
    client.say(text)
    client.expect_state(text, "seen")


def main() -> None:
    shutil.rmtree(ALL, ignore_errors=True)
    ALL.mkdir(parents=True)
    SHOWN.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        with stage(browser) as scene:
            closed(scene)
            folio = day(scene)
            boards(scene, folio)
            pages(scene, folio)
        cases(browser)
        for name in COMMITTED:
            shrink(browser, ALL / f"{name}.png", SHOWN / f"{name}.png")


if __name__ == "__main__":
    main()
