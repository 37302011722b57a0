"""Who is on call is told of the worst there is, when it begins and nobody is at the desk, and of nothing else."""

from dataclasses import replace
from datetime import datetime

import pytest

from chatserver.process.duty import calls_for_duty
from chatserver.process.severity import Severity
from chatserver.process.sla import DEFAULT_POLICY
from chatserver.routing.hours import ALWAYS
from tests.process.cast import DESK, at

S1, S2 = Severity.S1, Severity.S2
ON_CALL = replace(DEFAULT_POLICY, on_call="guardia@example.com")
NIGHT, DAY = at("10 20:00"), at("10 10:00")


@pytest.mark.parametrize(
    ("severity", "before", "when", "called"),
    [
        (S1, None, NIGHT, True),
        (S1, S2, NIGHT, True),
        (S1, S1, NIGHT, False),
        (S2, None, NIGHT, False),
        (S2, S1, NIGHT, False),
        (S1, None, DAY, False),
        (S1, S2, DAY, False),
    ],
)
def test_who_is_on_call_is_told(severity: Severity, before: Severity | None, when: datetime, called: bool) -> None:
    assert calls_for_duty(ON_CALL, DESK, severity, before, when) is called
    assert not calls_for_duty(DEFAULT_POLICY, DESK, severity, before, when)
    assert not calls_for_duty(ON_CALL, ALWAYS, severity, before, when)
