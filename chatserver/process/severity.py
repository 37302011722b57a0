"""Severity, and how level 1 is helped to set it: impact x urgency."""

from enum import StrEnum


class Severity(StrEnum):
    """What a ticket means to the client, worst first; the promises that follow from it are in `sla.py`."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


class Impact(StrEnum):
    """Many clients, a core function of one client, or anything else."""

    MANY = "many"
    CORE = "core"
    OTHER = "other"


class Urgency(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_MATRIX = {
    Impact.MANY: {Urgency.HIGH: Severity.S1, Urgency.MEDIUM: Severity.S2, Urgency.LOW: Severity.S3},
    Impact.CORE: {Urgency.HIGH: Severity.S2, Urgency.MEDIUM: Severity.S3, Urgency.LOW: Severity.S3},
    Impact.OTHER: {Urgency.HIGH: Severity.S3, Urgency.MEDIUM: Severity.S4, Urgency.LOW: Severity.S4},
}

PROVISIONAL = Severity.S3
"""What a ticket has until level 1 has classified it."""


def suggest_severity(impact: Impact, urgency: Urgency) -> Severity:
    return _MATRIX[impact][urgency]
