"""A letter says what happened, what comes next and by when, and nothing that somebody else wants it to carry."""

from html.parser import HTMLParser

import pytest

from chatserver.mail.letters import Desk, Letter, write_letter
from chatserver.mail.samples import RESOLVED, SAMPLES, at, facts
from chatserver.process.notice_facts import BY_ARRIVAL
from chatserver.process.ticket_names import CancelCause, Notice

LINK = "https://chat.example.com/t/" + "a" * 40
DESK = Desk("Mesa de ayuda", LINK, answers=True)
LOCALES = ("es-MX", "en")


def letter(kind: str, locale: str = "es-MX", **changes: object) -> Letter:
    return write_letter(kind, SAMPLES[kind].model_copy(update=changes), locale, "Vic Visitor", DESK)


class Seen(HTMLParser):
    """What a reader sees of a page, and what it links to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src", "background", "action")]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] not in ("style", "title"):
            self.words += data.split()


def test_every_notice_of_the_process_has_its_letter() -> None:
    assert set(SAMPLES) == {*Notice, "progress"}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", SAMPLES)
def test_text_and_page_say_the_same_and_link_once(kind: str, locale: str) -> None:
    made = letter(kind, locale)
    seen = Seen(made.html)
    assert seen.links == [LINK]
    assert not {"img", "script", "form", "iframe", "link", "object"} & set(seen.tags)
    assert made.text.count(LINK) == 1
    told = made.text.replace(LINK, "").split()
    assert sorted(word.strip(":") for word in seen.words) == sorted(word.strip(":") for word in told if word != ":")
    assert "{" not in made.text
    assert "PG-2026-000123" in made.text
    assert "PG-2026-000123" in made.subject


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_subject_stays_the_same_so_that_a_thread_stays_one(kind: str) -> None:
    assert letter(kind).subject == "Su solicitud PG-2026-000123"


@pytest.mark.parametrize("kind", sorted(BY_ARRIVAL))
def test_what_answers_an_arrival_carries_no_word_of_who_wrote(kind: str) -> None:
    made = write_letter(kind, SAMPLES[kind], "es-MX", "COMPRE EN http://malo.example", DESK)
    assert "malo" not in made.subject + made.text + made.html
    assert "No puedo timbrar" not in made.subject + made.text + made.html


def test_what_people_wrote_is_text_and_not_markup() -> None:
    made = letter("progress", text="<b>1 < 2</b> & <img src=x onerror=alert(1)>")
    assert "<b>" not in made.html
    assert "<img" not in made.html
    assert "<b>1 < 2</b> & <img src=x onerror=alert(1)>" in made.text


PROMISES = [
    (Notice.OPENED, "Le respondemos a más tardar el martes 17 de noviembre a las 9:40"),
    (Notice.CLASSIFIED, "Le damos noticias a más tardar el martes 17 de noviembre a las 12:25"),
    (Notice.CLASSIFIED, "Lo resolvemos a más tardar el martes 17 de noviembre a las 15:40"),
    (Notice.SOLUTION, "Puede reabrirla hasta el martes 24 de noviembre a las 13:25"),
    (Notice.QUESTION, "Esperamos su respuesta hasta el jueves 19 de noviembre a las 10:00"),
    (Notice.VALIDATED, "el miércoles 18 de noviembre, entre las 13:00 y las 14:00"),
    (Notice.NEW_DATE, "La nueva fecha es el viernes 20 de noviembre a las 12:00"),
    (Notice.SEVERITY_CHANGED, "cambió de alta a crítica"),
    (Notice.CANCELLED, "ya atendemos lo mismo en PG-2026-000098"),
    (Notice.FOLLOWED, "PG-2026-000098 ya estaba cerrada"),
    (Notice.OPENED, "Hora de Monterrey"),
]


@pytest.mark.parametrize(("kind", "words"), PROMISES)
def test_times_are_those_of_the_office_and_in_words(kind: str, words: str) -> None:
    assert words in letter(kind).text


def test_the_next_promise_is_the_earliest_and_nothing_is_promised_that_does_not_run() -> None:
    assert letter(Notice.PASSED_TO_L2).text.count("a más tardar") == 1
    assert "a más tardar" not in letter(Notice.CLOSED).text
    assert "hasta el" not in letter(Notice.SOLUTION, deadline=None).text
    assert "Planeamos" not in letter(Notice.VALIDATED, planned=None).text


def test_a_window_over_days_names_both() -> None:
    text = letter(Notice.VALIDATED, planned_until=at(19, 2)).text
    assert "miércoles 18 de noviembre a las 13:00 y el jueves 19 de noviembre a las 2:00" in text


@pytest.mark.parametrize(
    ("cause", "other", "words"),
    [
        (CancelCause.WITHDRAWN, None, "como nos pidió"),
        (CancelCause.DUPLICATE, None, "lo mismo en otra."),
        (None, None, "Cancelamos su solicitud."),
    ],
)
def test_a_cancelled_request_says_why(cause: CancelCause | None, other: str | None, words: str) -> None:
    assert words in letter(Notice.CANCELLED, cause=cause, other_folio=other).text


def test_where_replies_are_not_read_none_is_asked_for() -> None:
    desk = Desk("Mesa de ayuda", LINK, answers=False)
    made = write_letter(Notice.SOLUTION, facts(**RESOLVED, text="Listo"), "es-MX", "Vic", desk)
    assert "También puede responder" not in made.text
    assert "no recibe respuestas" in made.text
