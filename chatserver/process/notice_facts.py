"""What a notice tells the client of a ticket, as it was when it was made: a mail that leaves later says the same."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from chatserver.process.severity import Severity
from chatserver.process.ticket_facts import Form
from chatserver.process.ticket_names import CancelCause, Notice
from chatserver.types import TicketState

AUTOMATIC = frozenset(
    {Notice.OPENED, Notice.REMINDER, Notice.UNANSWERED, Notice.REOPENED, Notice.CLOSED, Notice.FOLLOWED}
)
"""Caused by a timer or an arrival: a machine's word, which says so of itself."""

BY_ARRIVAL = frozenset({Notice.OPENED, Notice.REOPENED, Notice.FOLLOWED})
"""What answers something that came: the notices of which a loop could be made."""


class NoticeFacts(BaseModel):
    """Everything that a letter needs. `text` is what a person wrote for the client; due times of None stand still.

    `deadline` is until when an answer, or a reopening, is waited for; `planned` when a correction is planned, and
    `planned_until` the end of that window; `other_folio` is the ticket that this one follows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folio: str
    subject: str
    state: TicketState
    severity: Severity
    provisional: bool
    zone: str
    first_reply_due: datetime | None = None
    update_due: datetime | None = None
    resolution_due: datetime | None = None
    text: str | None = None
    severity_before: Severity | None = None
    deadline: datetime | None = None
    planned: datetime | None = None
    planned_until: datetime | None = None
    cause: CancelCause | None = None
    other_folio: str | None = None


def words_for_client(notice: Notice, form: Form) -> str | None:
    """Of all that was filled in, what was written for the client. Summaries, diagnoses and reasons are for staff."""
    if notice is Notice.SOLUTION:
        return form.solution or form.message
    return form.question if notice is Notice.QUESTION else None
