"""Letters to staff: one that somebody asks for to see that mail works, and the call to who is on duty."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from chatserver.process.severity import Severity
from chatserver.process.sla import Policy
from chatserver.routing.hours import Calendar, is_open


class StaffLetter(StrEnum):
    TEST = "test"
    ON_CALL = "on_call"


class StaffFacts(BaseModel):
    """What such a letter says, as it was when it was queued: of a test who asked for it, of a call nothing that the
    client said or is called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone: str
    by: str | None = None
    folio: str | None = None
    portal: str | None = None
    first_reply_due: datetime | None = None
    resolution_due: datetime | None = None


def calls_for_duty(
    policy: Policy, calendar: Calendar, severity: Severity, before: Severity | None, now: datetime
) -> bool:
    """Whether who is on call is told of a ticket: it has just become the worst there is, and nobody is at the desk.
    `before` is the severity that it had, None for one that is opened or reopened."""
    return policy.on_call is not None and severity is Severity.S1 is not before and not is_open(calendar, now)
