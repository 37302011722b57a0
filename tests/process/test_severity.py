"""Impact x urgency, cell by cell."""

import pytest

from chatserver.process.severity import PROVISIONAL, Impact, Severity, Urgency, suggest_severity


@pytest.mark.parametrize(
    ("impact", "row"),
    [(Impact.MANY, "S1 S2 S3"), (Impact.CORE, "S2 S3 S3"), (Impact.OTHER, "S3 S4 S4")],
)
def test_the_matrix(impact: Impact, row: str) -> None:
    assert [suggest_severity(impact, urgency) for urgency in Urgency] == [Severity(each) for each in row.split()]


def test_an_unclassified_ticket_is_provisionally_medium() -> None:
    assert PROVISIONAL is Severity.S3
