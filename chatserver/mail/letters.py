"""What stands in a mail to a client: what happened, what comes next and by when, the folio, one link.

The text is the letter, HTML is its better clothes. Neither the subject nor what answers an arrival repeats a word of
who wrote to us: whoever writes in another's name would have us carry theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_location
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chatserver.mail_words import texts
from chatserver.process.notice_facts import BY_ARRIVAL, NoticeFacts
from chatserver.process.ticket_names import CancelCause, Notice
from chatserver.types import TicketState

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    keep_trailing_newline=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

ALL_PROMISES = frozenset({Notice.CLASSIFIED, Notice.SEVERITY_CHANGED})
"""Where every due time is said, and not the next one alone."""


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Who writes, and how they are reached: `link` opens the ticket's page; `answers`: replies to the mail are read."""

    signature: str
    link: str
    answers: bool


def write_letter(
    kind: str, facts: NoticeFacts, locale: str, name: str, desk: Desk, own: Mapping[str, str] | None = None
) -> Letter:
    """`kind` is a `Notice` or "progress". `own`: what this desk says otherwise, as `process.letter_words` reads it."""
    words = _Words(locale, facts, own or {})
    promises = words.promises(every=kind in ALL_PROMISES)
    subject = words("subject", folio=facts.folio)
    context = {
        "locale": locale,
        "hello": words("hello", name=name) if name and kind not in BY_ARRIVAL else words("hello_nobody"),
        "told": words.told(kind),
        "words": _paragraphs(facts.text),
        "after": words.after(kind),
        "lines": [(words("folio"), facts.folio), *words.standing(), *words.promised(promises)],
        "zone": words("zone", city=words.city) if promises or facts.planned else None,
        "link": desk.link,
        "link_words": words.link(kind),
        "reply": words("reply" if desk.answers else "reply_off"),
        "signature": desk.signature,
    }
    return render_letter(subject, context)


def render_letter(subject: str, context: Mapping[str, object]) -> Letter:
    """The two clothes of what is to be said."""
    told = {**context, "subject": subject}
    text = _PAGES.get_template("letter.txt").render(told)
    html = _PAGES.get_template("letter.html").render(told)
    return Letter(subject, text, html)


class _Words:
    """The words of one letter: one locale, and the times of one zone."""

    def __init__(self, locale: str, facts: NoticeFacts, own: Mapping[str, str]) -> None:
        self._locale, self._facts = locale, facts
        self._texts = texts(locale) | {f"mail.{key}": text for key, text in own.items()}
        self._babel = locale.replace("-", "_")

    def __call__(self, key: str, **params: object) -> str:
        return self._texts[f"mail.{key}"].format(**params)

    @property
    def city(self) -> str:
        return get_timezone_location(ZoneInfo(self._facts.zone), locale=self._babel, return_city=True)

    def time(self, at: datetime, pattern: str = "date") -> str:
        local = at.astimezone(ZoneInfo(self._facts.zone))
        return format_datetime(local, self(pattern), locale=self._babel)

    def severity(self, key: str) -> str:
        return self._texts[f"severity.{key}"].lower()

    def told(self, kind: str) -> str:
        facts = self._facts
        variant = kind
        if kind == Notice.CANCELLED and facts.cause is not None and facts.cause is not CancelCause.SPAM:
            variant = f"{kind}.{facts.cause}"
            if facts.cause is CancelCause.DUPLICATE and facts.other_folio:
                variant += "_of"
        before = self.severity(facts.severity_before) if facts.severity_before else ""
        severity = self.severity(facts.severity)
        return self(f"told.{variant}", folio=facts.folio, other=facts.other_folio, severity=severity, before=before)

    def after(self, kind: str) -> str:
        """What comes next, in a sentence or two; nothing where the sentence would need a time that nobody gave."""
        planned, until = self._facts.planned, self._facts.planned_until
        if kind == Notice.VALIDATED:
            return self._window(planned, until) if planned and until else ""
        if kind == Notice.NEW_DATE:
            return self("after.new_date", planned=self.time(planned)) if planned else ""
        return self._texts.get(f"mail.after.{kind}", "")

    def _window(self, planned: datetime, until: datetime) -> str:
        if self.time(planned, "day") != self.time(until, "day"):
            return self("after.validated", planned=self.time(planned), planned_until=self.time(until))
        day, hours = self.time(planned, "day"), (self.time(planned, "hour"), self.time(until, "hour"))
        return self("after.validated.one_day", day=day, hour=hours[0], hour_until=hours[1])

    def standing(self) -> list[tuple[str, str]]:
        """State and severity, in a client's words."""
        facts = self._facts
        lines = [(self("state"), self(f"client_state.{facts.state}"))]
        if facts.state not in (TicketState.CLOSED, TicketState.CANCELLED):
            severity = self._texts[f"severity.{facts.severity}"]
            shown = self("provisional", severity=severity) if facts.provisional else severity
            lines.append((self("severity"), shown))
        return lines

    def promised(self, promises: list[str]) -> list[tuple[str, str]]:
        heading = self("promises" if len(promises) > 1 else "next_promise")
        return [(heading if n == 0 else "", promise) for n, promise in enumerate(promises)]

    def promises(self, *, every: bool) -> list[str]:
        """What is promised, by when, earliest first: the next one, or all of them."""
        facts = self._facts
        if facts.deadline is not None and facts.state is TicketState.WAITING_CLIENT:
            return [self("promise.answer", at=self.time(facts.deadline))]
        if facts.state is TicketState.RESOLVED:
            return [self("promise.reopen", at=self.time(facts.deadline))] if facts.deadline else []
        if facts.state in (TicketState.CLOSED, TicketState.CANCELLED, TicketState.WAITING_CLIENT):
            return []
        dues = {
            "first_reply": facts.first_reply_due,
            "update": facts.update_due,
            "resolution": facts.resolution_due,
        }
        running = sorted((due, name) for name, due in dues.items() if due is not None)
        return [self(f"promise.{name}", at=self.time(due)) for due, name in (running if every else running[:1])]

    def link(self, kind: str) -> str:
        return self._texts.get(f"mail.link.{kind}", self("link"))


def _paragraphs(text: str | None) -> list[list[str]]:
    """What a person wrote: paragraphs of lines."""
    blocks = (text or "").strip().split("\n\n")
    return [[line.rstrip() for line in block.split("\n")] for block in blocks if block.strip()]
