"""The one question after a ticket or a chat: from 1 to 5, and until when an answer may be changed."""

from datetime import datetime, timedelta

from chatserver.errors import Refused

SCORES = (1, 2, 3, 4, 5)
"""Very bad to very good."""

MAX_COMMENT = 1000

CHANGE_WITHIN = timedelta(days=1)
"""From the first answer: long enough to mend a slip, short enough that what was counted stays counted."""


def may_rate(*, over: bool, rated_at: datetime | None, now: datetime) -> bool:
    """`rated_at`: when it was first answered, if it was."""
    return over and (rated_at is None or now < rated_at + CHANGE_WITHIN)


def must_be_ratable(*, over: bool, rated_at: datetime | None, now: datetime) -> None:
    """Raises `Refused`: `not_over` before there is anything to judge, `rated` when the answer stands."""
    if not over:
        raise Refused("not_over", "It is judged when it is over.")
    if not may_rate(over=over, rated_at=rated_at, now=now):
        raise Refused("rated", "The answer was given more than a day ago, and stands.")


def check_score(score: int) -> int:
    if score not in SCORES:
        raise Refused("score_invalid", f"A score is from {SCORES[0]} to {SCORES[-1]}.", field="score")
    return score
