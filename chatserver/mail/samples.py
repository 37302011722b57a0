"""One notice of each kind, as a ticket's life would make it: what tests write, and what administrators are shown."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chatserver.mail.letters import Desk, write_letter
from chatserver.process.notice_facts import NoticeFacts
from chatserver.process.severity import Severity
from chatserver.process.ticket_names import CancelCause, Notice
from chatserver.types import TicketState as State

SOLUTION = """El timbrado de su factura ya funciona.

Faltaba actualizar el certificado en su perfil:
1. Entre a Configuración, Certificados.
2. Elija el nuevo y guarde."""
QUESTION = "¿Nos puede decir el folio fiscal (UUID) de la factura que no timbra, y a qué hora lo intentó?"
PROGRESS = "Encontramos la causa y estamos probando la corrección con su RFC. En cuanto quede, le avisamos."


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of November 2026 in Monterrey."""
    return datetime(2026, 11, day, hour + 6, minute, tzinfo=UTC)


def facts(**changes: Any) -> NoticeFacts:
    fields: dict[str, Any] = {
        "folio": "PG-2026-000123",
        "subject": "No puedo timbrar",
        "state": State.L1_WORKING,
        "severity": Severity.S2,
        "provisional": False,
        "zone": "America/Monterrey",
        "update_due": at(17, 12, 25),
        "resolution_due": at(17, 15, 40),
    }
    return NoticeFacts(**fields | changes)


NONE_RUNS = {"update_due": None, "resolution_due": None}
WAITS = {"state": State.WAITING_CLIENT, **NONE_RUNS, "deadline": at(19, 10)}
RESOLVED = {"state": State.RESOLVED, **NONE_RUNS, "deadline": at(24, 13, 25)}

SAMPLES: dict[str, NoticeFacts] = {
    Notice.OPENED: facts(state=State.NEW, severity=Severity.S3, provisional=True, first_reply_due=at(17, 9, 40)),
    Notice.CLASSIFIED: facts(),
    Notice.SOLUTION: facts(**RESOLVED, text=SOLUTION),
    Notice.PASSED_TO_L2: facts(state=State.L2_QUEUED),
    Notice.PASSED_TO_L3: facts(state=State.L3_QUEUED),
    Notice.VALIDATED: facts(state=State.RELEASE_PENDING, planned=at(18, 13), planned_until=at(18, 14)),
    Notice.NEW_DATE: facts(state=State.L3_WORKING, planned=at(20, 12)),
    Notice.QUESTION: facts(**WAITS, text=QUESTION),
    Notice.REMINDER: facts(**WAITS, text=QUESTION),
    Notice.UNANSWERED: facts(**RESOLVED),
    Notice.REOPENED: facts(),
    Notice.CLOSED: facts(state=State.CLOSED, **NONE_RUNS),
    Notice.FOLLOWED: facts(state=State.NEW, provisional=True, other_folio="PG-2026-000098"),
    Notice.CANCELLED: facts(
        state=State.CANCELLED, **NONE_RUNS, cause=CancelCause.DUPLICATE, other_folio="PG-2026-000098"
    ),
    Notice.SEVERITY_CHANGED: facts(severity=Severity.S1, severity_before=Severity.S2),
    "progress": facts(text=PROGRESS),
}


OTHERWISE: dict[str, list[dict[str, Any]]] = {
    Notice.VALIDATED: [{"planned_until": at(19, 2)}],
    Notice.CANCELLED: [
        {"other_folio": None},
        {"cause": CancelCause.WITHDRAWN, "other_folio": None},
        {"cause": None, "other_folio": None},
    ],
}
"""What else decides on the words of a notice: with these, every word of it is seen in one of its letters."""


def sample_letters(kind: str, locale: str, signature: str, own: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Subject, text and page of each letter that a kind of notice can be, to somebody who is invented."""
    desk = Desk(signature, "https://chat.example.com/t/…", answers=True)
    told = [SAMPLES[kind].model_copy(update=changes) for changes in ({}, *OTHERWISE.get(kind, ()))]
    made = [write_letter(kind, each, locale, "Rosa Hernández", desk, own) for each in told]
    return [(letter.subject, letter.text, letter.html) for letter in made]
