"""How a client catches up: the tail it misses when that is possible, otherwise a fresh start."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.ws.resume import LONGEST_TAIL, Fresh, Tail, decide_resume


@pytest.mark.parametrize(
    ("since", "epoch", "head", "decision"),
    [
        (None, None, 7, Fresh()),
        (None, "now", 7, Fresh()),
        (3, None, 7, Fresh()),
        (3, "before", 7, Fresh()),  # the database was restored since
        (8, "now", 7, Fresh()),  # ahead of the database: it was restored, whatever the epoch says
        (3, "now", 7, Tail(3)),
        (7, "now", 7, Tail(7)),
        (0, "now", 0, Tail(0)),
        (0, "now", LONGEST_TAIL, Tail(0)),
        (0, "now", LONGEST_TAIL + 1, Fresh()),
    ],
)
def test_how_a_client_catches_up(since: int | None, epoch: str | None, head: int, decision: Tail | Fresh) -> None:
    assert decide_resume(since, epoch, "now", head) == decision


@given(
    since=st.none() | st.integers(0, 2**31),
    epoch=st.none() | st.sampled_from(["now", "before", ""]),
    head=st.integers(0, 2**31),
)
def test_a_tail_is_short_and_of_this_epoch(since: int | None, epoch: str | None, head: int) -> None:
    match decide_resume(since, epoch, "now", head):
        case Tail(start):
            assert (start, epoch) == (since, "now")
            assert 0 <= head - start <= LONGEST_TAIL
        case Fresh():
            assert since is None or epoch != "now" or not 0 <= head - since <= LONGEST_TAIL
