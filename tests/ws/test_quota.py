"""What one client may write over time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.ws.quota import BURST, PER_SECOND, Quota


def test_what_is_too_much_is_told_when_it_would_not_be() -> None:
    quota = Quota(burst=100, per_second=10)
    assert [quota.take(60, 0), quota.take(60, 0)] == [None, 2.0]
    assert quota.take(40, 0) is None  # what was refused took nothing
    assert quota.take(60, 1) == 5.0
    assert quota.take(60, 6) is None


def test_the_bucket_is_never_more_than_full_and_time_never_runs_back() -> None:
    quota = Quota(burst=100, per_second=10)
    assert quota.take(100, 0) is None
    assert quota.take(100, 1_000) is None
    assert quota.take(10, 999) == 1.0


def test_what_is_longer_than_the_burst_needs_all_of_it() -> None:
    quota = Quota(burst=100, per_second=10)
    assert quota.take(500, 0) is None
    assert quota.take(500, 0) == 10.0
    assert quota.take(500, 10) is None


def test_a_person_who_types_never_notices() -> None:
    quota = Quota()
    assert all(quota.take(400, 10.0 * n) is None for n in range(1_000))


@given(st.lists(st.tuples(st.integers(0, 8_000), st.floats(0, 60)), max_size=60))
def test_nobody_writes_more_than_the_burst_and_what_came_in_since(steps: list[tuple[int, float]]) -> None:
    quota, now, written = Quota(), 0.0, 0
    for chars, pause in steps:
        now += pause
        wait = quota.take(chars, now)
        if wait is not None:
            assert wait > 0
            now += wait + 1e-6
            assert quota.take(chars, now) is None
        written += chars
        assert written <= BURST + PER_SECOND * now + 1


@pytest.mark.parametrize("chars", [0, 1])
def test_little_is_taken_at_once(chars: int) -> None:
    assert Quota().take(chars, 0) is None
