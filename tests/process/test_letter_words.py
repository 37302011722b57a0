"""What an administrator may make a notice say: anything in plain words, with all that is filled in and nothing else."""

import pytest

from chatserver.errors import Refused
from chatserver.mail_words import words_of
from chatserver.process.letter_words import KINDS, LONGEST, LONGEST_SUBJECT, fitting, places_of, read_words

SHIPPED = {"subject": "Su solicitud {folio}", "told.opened": "Recibida: {folio}.", "after.opened": "Ya la vemos."}


def problem(**told: str) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        read_words(SHIPPED | {key.replace("_", "."): text for key, text in told.items()}, SHIPPED)
    return refused.value.code, refused.value.field


def test_only_what_is_said_otherwise_is_kept() -> None:
    assert read_words(SHIPPED, SHIPPED) == {}
    told = SHIPPED | {"after.opened": " Hoy\r\nmismo. ", "told.nothing": "x"}
    assert read_words(told, SHIPPED) == {"after.opened": "Hoy mismo."}


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("Recibida.", "place_missing"),
        ("{folio} {name}", "unknown_place"),
        ("{folio} de {other}", "unknown_place"),
        ("{folio} {}", "stray_brace"),
        ("{folio} {0}", "stray_brace"),
        ("{{folio}} {folio}", "stray_brace"),
        ("{folio.__class__} {folio}", "stray_brace"),
        ("{folio!r} {folio}", "stray_brace"),
        ("{folio:>99999999} {folio}", "stray_brace"),
        ("{folio", "stray_brace"),
        ("folio} {folio}", "stray_brace"),
        ("", "text_empty"),
        ("\u200b", "text_empty"),
        ("{folio}" + "x" * LONGEST, "text_too_long"),
        ("{folio}\0", "text_unreadable"),
    ],
)
def test_what_no_letter_can_be_written_in_is_refused_where_it_stands(told: str, code: str) -> None:
    assert problem(told_opened=told) == (code, "told.opened")


def test_a_subject_is_short_and_one_line() -> None:
    assert problem(subject="{folio}" + "x" * LONGEST_SUBJECT) == ("text_too_long", "subject")
    told = SHIPPED | {"subject": "Folio {folio}\r\nBcc: all@example.com\x07\u202e"}
    assert read_words(told, SHIPPED) == {"subject": "Folio {folio} Bcc: all@example.com"}


def test_a_word_that_is_missing_from_the_form_is_empty() -> None:
    with pytest.raises(Refused, match="empty"):
        read_words({}, SHIPPED)


@pytest.mark.parametrize(
    ("saved", "fits"),
    [
        ({"told.opened": "Ya está: {folio}"}, {"told.opened": "Ya está: {folio}"}),
        ({"told.opened": "Ya está", "after.opened": "Luego."}, {"after.opened": "Luego."}),
        ({"told.opened": "{folio} {gone}"}, {}),
        ({"told.retired": "Ya está"}, {}),
        ({"told.opened": 7}, {}),
        (["told.opened"], {}),
        (None, {}),
        ("{folio}", {}),
    ],
)
def test_saved_words_that_fit_no_more_are_left_out(saved: object, fits: dict[str, str]) -> None:
    assert fitting(saved, SHIPPED) == fits


@pytest.mark.parametrize("locale", ["es-MX", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_programs_own_words_may_be_said(kind: str, locale: str) -> None:
    shipped = words_of(kind, locale)
    assert {"subject", f"told.{kind}"} <= shipped.keys()
    assert places_of(shipped["subject"]) == {"folio"}
    assert read_words({key: f"{text} …" for key, text in shipped.items()}, shipped).keys() == shipped.keys()
