"""A case in whole, in real browsers: through all levels to a rating, begun by chat, by a mail, and by telephone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import case
from tests.browser.post import Post, post
from tests.browser.server import DESK, Server
from tests.browser.stage import Stage

pytestmark = pytest.mark.timeout(240)

THE_WAY = ["size", "pass_to_l3", "start_l3", "submit", "validate", "release", "confirm", "close"]


@pytest.fixture
def mail() -> Iterator[Post]:
    with post() as opened:
        yield opened


@pytest.fixture
def server(mail: Post, tmp_path: Path) -> Iterator[Server]:
    """With a mail account, and people of every level."""
    running = Server(tmp_path, DESK, mail.environment(tmp_path / "files"))
    try:
        running.start()
        yield running
    finally:
        running.kill()


def fits(page: Page, name: str) -> None:
    """Nothing stands out of a page, wherever a case has come to."""
    too_wide = page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not too_wide, name


def test_begun_by_chat(stage: Stage, mail: Post) -> None:
    folio = case.begins_as_a_chat(stage, fits)
    case.goes_through_the_levels(stage, folio, fits)
    case.is_read_confirmed_and_rated(stage, mail, "vic@example.com", fits)
    came_to_its_end(stage, ["open_for_l2", *THE_WAY])
    told = ["classified", "passed_to_l3", "validated", "solution", "closed"]
    assert [mail.kind(each) for each in mail.letters("vic@example.com")] == told


def test_begun_by_mail(stage: Stage, mail: Post) -> None:
    folio = case.begins_by_mail(stage, mail, fits)
    case.goes_through_the_levels(stage, folio, fits)
    case.is_read_confirmed_and_rated(stage, mail, "marta@client.example", fits)
    came_to_its_end(stage, ["open", "take", "pass_to_l2", *THE_WAY])
    told = ["opened", "classified", "passed_to_l2", "passed_to_l3", "validated", "solution", "closed"]
    assert [mail.kind(each) for each in mail.letters("marta@client.example")] == told


def test_begun_by_telephone(stage: Stage, mail: Post) -> None:
    folio = case.begins_by_telephone(stage, fits)
    case.goes_through_the_levels(stage, folio, fits)
    case.is_read_confirmed_and_rated(stage, mail, "rosa@client.example", fits)
    came_to_its_end(stage, ["open", "take", "pass_to_l2", *THE_WAY])
    told = ["opened", "classified", "passed_to_l2", "passed_to_l3", "validated", "solution", "closed"]
    assert [mail.kind(each) for each in mail.letters("rosa@client.example")] == told


def came_to_its_end(stage: Stage, moves: list[str]) -> None:
    assert stage.server.rows("SELECT state FROM ticket") == [("closed",)]
    assert stage.server.rows("SELECT score FROM rating") == [(5,)]
    history = stage.server.rows("SELECT move FROM ticket_step WHERE move IS NOT NULL ORDER BY number")
    assert [move for (move,) in history] == moves
