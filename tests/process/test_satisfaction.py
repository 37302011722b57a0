"""Until when the one question may be answered."""

from datetime import UTC, datetime, timedelta

import pytest

from chatserver.errors import Refused
from chatserver.process.satisfaction import check_score, may_rate, must_be_ratable

NOW = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("over", "rated_ago", "code"),
    [
        (False, None, "not_over"),
        (True, None, None),
        (True, timedelta(), None),
        (True, timedelta(hours=23, minutes=59, seconds=59), None),
        (True, timedelta(days=1), "rated"),
        (False, timedelta(minutes=1), "not_over"),
    ],
)
def test_it_is_answered_when_it_is_over_and_changed_for_a_day(
    over: bool, rated_ago: timedelta | None, code: str | None
) -> None:
    rated_at = NOW - rated_ago if rated_ago is not None else None
    assert may_rate(over=over, rated_at=rated_at, now=NOW) is (code is None)
    if code is None:
        must_be_ratable(over=over, rated_at=rated_at, now=NOW)
    else:
        with pytest.raises(Refused) as refused:
            must_be_ratable(over=over, rated_at=rated_at, now=NOW)
        assert refused.value.code == code


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_is_from_one_to_five(score: int) -> None:
    assert [check_score(number) for number in (1, 2, 3, 4, 5)] == [1, 2, 3, 4, 5]
    with pytest.raises(Refused):
        check_score(score)
