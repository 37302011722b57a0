"""The words: the same in both languages, none missing, none mixed."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatserver.http.page import TEMPLATES
from chatserver.http.times import exact, near
from chatserver.http.words import FOLDER, LOCALES, Words, texts

SOURCES = [*TEMPLATES.glob("*.html"), *Path(__file__).parents[2].glob("chatserver/http/*.py")]
NAMESPACES = sorted(path.name for path in (FOLDER / LOCALES[0]).glob("*.json"))


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_both_languages_say_the_same_things(namespace: str) -> None:
    spanish, english = (json.loads((FOLDER / locale / namespace).read_text("utf-8")) for locale in LOCALES)
    assert spanish.keys() == english.keys()
    for key, text in spanish.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[key])), key
        assert text.strip()
        assert english[key].strip()


def test_every_key_that_a_page_names_has_words() -> None:
    known = texts("en")
    for source in SOURCES:
        named = re.findall(r"""\bt\(\s*["']([a-z_.]+)["']\s*[,)]""", source.read_text("utf-8"))
        assert [key for key in named if key not in known] == [], source.name


def test_nobody_is_shouted_at_and_nobody_is_called_tu() -> None:
    for locale in LOCALES:
        for key, text in texts(locale).items():
            assert "!" not in text, key
            assert not re.search(r"\b(tú|tu|tus|contigo|puedes|tienes)\b", text), key


NOW = datetime(2026, 11, 10, 16, 0, tzinfo=UTC)
ZONE = "America/Monterrey"


@pytest.mark.parametrize(
    ("away", "spanish", "english"),
    [
        (timedelta(seconds=20), "ahora", "now"),
        (timedelta(minutes=-3), "hace 3 min", "3 min ago"),
        (timedelta(minutes=59, seconds=59), "en 59 min", "in 59 min"),
        (timedelta(hours=2), "12:00", "12:00 PM"),
        (timedelta(hours=20), "mañana 6:00", "tomorrow 6:00 AM"),
        (timedelta(hours=-20), "ayer 14:00", "yesterday 2:00 PM"),
        (timedelta(days=7), "mar 17 nov, 10:00", "Tue 17 Nov, 10:00 AM"),
        (timedelta(days=300), "6 sep 2027, 10:00", "6 Sep 2027, 10:00 AM"),
    ],
)
def test_instants_are_told_as_people_tell_them(away: timedelta, spanish: str, english: str) -> None:
    for locale, wanted in (("es-MX", spanish), ("en", english)):
        assert near(NOW + away, NOW, ZONE, Words(locale)).replace("\u202f", " ").replace("\xa0", " ") == wanted


def test_an_exact_time_names_its_zone() -> None:
    assert "10 de noviembre de 2026" in exact(NOW, ZONE, Words("es-MX"))
    assert "hora estándar central" in exact(NOW, ZONE, Words("es-MX"))
