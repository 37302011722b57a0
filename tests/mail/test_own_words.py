"""Letters in a desk's own words: said at once by every sender, and a letter leaves whatever is the matter with them."""

import json
from html import unescape

import pytest
from sqlalchemy import text
from sqlmodel import select
from structlog.testing import capture_logs

from chatserver.actions.letter_words import set_letter, ship_letter
from chatserver.mail.samples import SAMPLES, sample_letters
from chatserver.mail.sender import send_due
from chatserver.mail_words import words_of
from chatserver.models import LetterVersion
from chatserver.process.letter_words import places_of
from chatserver.types import SYSTEM
from tests.mail.sink import open_sink
from tests.mail.test_sender import LONG, a_ticket, mail, queue, words
from tests.world import World, open_world

KIND, LOCALE = "progress", "es-MX"


def marked(kind: str, locale: str) -> dict[str, str]:
    """Other words for all that a notice says, each to be told from the others."""
    shipped = words_of(kind, locale)
    return {key: f"«{key}» " + " ".join(f"{{{name}}}" for name in places_of(own)) for key, own in shipped.items()}


@pytest.mark.parametrize("locale", ["es-MX", "en"])
@pytest.mark.parametrize("kind", SAMPLES)
def test_every_word_that_can_be_changed_is_seen_in_a_sample(kind: str, locale: str) -> None:
    own = marked(kind, locale)
    letters = sample_letters(kind, locale, "Mesa de ayuda", own)
    for key, told in own.items():
        mark = told.partition(" ")[0]
        assert any(mark in subject if key == "subject" else mark in words for subject, words, _page in letters), key
        assert any(mark in page for _subject, _words, page in letters), key
    shipped = [own for key, own in words_of(kind, locale).items() if key != "subject" and not places_of(own)]
    assert not [own for own in shipped for letter in letters if own in letter[1]]


def test_own_words_are_text_and_not_markup() -> None:
    own = {"told.progress": "<b>1 < 2</b> & <img src=x>", "subject": "<i>{folio}</i>"}
    ((subject, told, page),) = sample_letters("progress", "en", "Desk", own)
    assert subject == "<i>PG-2026-000123</i>"
    assert "<b>1 < 2</b> & <img src=x>" in told
    assert "<b>" not in page
    assert "<img" not in page
    assert "<i>" not in page
    assert "<b>1 < 2</b> & <img src=x>" in unescape(page)


async def say(world: World, told: str, seen: int = 0) -> None:
    shipped = words_of(KIND, LOCALE)
    await world.context.attempt(
        lambda unit: set_letter(unit, SYSTEM, KIND, LOCALE, shipped | {"told.progress": told}, seen)
    )


@pytest.mark.asyncio
async def test_a_letter_that_waits_leaves_in_the_words_that_hold_when_it_leaves(database_url: str) -> None:
    async with open_sink() as sink, open_world(database_url, None, **mail(sink)) as world:
        ticket_id = await a_ticket(world)
        await queue(world, ticket_id, "a")
        await say(world, "Le tenemos buenas nuevas.")
        assert await send_due(world.context, LONG) == 1
        await queue(world, ticket_id, "b")
        await world.context.attempt(lambda unit: ship_letter(unit, SYSTEM, KIND, LOCALE, 1))
        assert await send_due(world.context, LONG) == 1
        assert "Le tenemos buenas nuevas." in words(sink.mails[0])
        assert "Hay noticias de su solicitud." not in words(sink.mails[0])
        assert "Noticia a" in words(sink.mails[0])
        assert "Le tenemos buenas nuevas." not in words(sink.mails[1])
        assert "Hay noticias de su solicitud." in words(sink.mails[1])


BROKEN = ["no JSON at all", "null", "7", "[]", '{"told.progress": "{gone}"}', '{"told.progress": 7}', '{"x": "y"}']


@pytest.mark.asyncio
@pytest.mark.parametrize("saved", BROKEN)
async def test_broken_words_stop_no_letter_and_are_logged(sqlite_url: str, saved: str) -> None:
    async with open_sink() as sink, open_world(sqlite_url, None, **mail(sink)) as world:
        await say(world, "Otra cosa")
        async with world.context.db.transaction() as transaction:
            connection = await transaction.session.connection()
            await connection.execute(text("UPDATE letter_version SET words = :saved"), {"saved": saved})
        await queue(world, await a_ticket(world), "a")
        with capture_logs() as logs:
            assert await send_due(world.context, LONG) == 1
        assert "Hay noticias de su solicitud." in words(sink.mails[0])
        assert [line["event"] for line in logs if line["event"].startswith("letter.")]
        await world.context.attempt(lambda unit: ship_letter(unit, SYSTEM, KIND, LOCALE, 1))
        rows = await world.all(select(LetterVersion.version, LetterVersion.words).where(LetterVersion.version == 2))
        assert rows == [(2, {})]


@pytest.mark.asyncio
async def test_words_that_hold_no_more_are_passed_over_one_by_one(database_url: str) -> None:
    async with open_sink() as sink, open_world(database_url, None, **mail(sink)) as world:
        await say(world, "Otra cosa")
        saved = json.dumps({"told.progress": "Van {steps} pasos", "subject": "Folio {folio}"})
        async with world.context.db.transaction() as transaction:
            connection = await transaction.session.connection()
            value = "CAST(:saved AS JSON)" if connection.dialect.name == "postgresql" else ":saved"
            await connection.execute(text(f"UPDATE letter_version SET words = {value}"), {"saved": saved})
        await queue(world, await a_ticket(world), "a")
        assert await send_due(world.context, LONG) == 1
        assert sink.mails[0]["Subject"].startswith("Folio PG-")
        assert "Hay noticias de su solicitud." in words(sink.mails[0])
