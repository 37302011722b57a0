"""Questions that are answered together: none is lost, none is answered twice, and none pays for another."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chatserver.ws.gather import MOST, Gather

pytestmark = pytest.mark.asyncio


class Doubling:
    """Answers with twice the number; -1 is a question that cannot be answered."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.away = False

    async def answer(self, questions: Sequence[int]) -> list[int]:
        self.rounds.append(list(questions))
        await asyncio.sleep(0)
        if self.away:
            raise PoolTimeout("nobody has a connection to spare")
        if -1 in questions:
            raise ValueError("not a number to double")
        return [2 * question for question in questions]


async def test_what_comes_while_a_round_is_under_way_is_the_next_round() -> None:
    doubling = Doubling()
    gather = Gather(doubling.answer)
    first = asyncio.create_task(gather.ask(1))
    while not doubling.rounds:
        await asyncio.sleep(0)
    others = [asyncio.create_task(gather.ask(number)) for number in (2, 3, 4)]
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert doubling.rounds == [[1], [2, 3, 4]]
    assert await gather.ask(5) == 10


async def test_a_crowd_is_answered_in_the_order_of_coming_so_many_at_a_time() -> None:
    doubling = Doubling()
    gather = Gather(doubling.answer)
    numbers = list(range(2 * MOST + 1))
    assert await asyncio.gather(*map(gather.ask, numbers)) == [2 * number for number in numbers]
    assert [len(some) for some in doubling.rounds] == [MOST, MOST, 1]
    assert [number for some in doubling.rounds for number in some] == numbers


async def test_a_question_that_cannot_be_answered_hurts_only_who_asked_it() -> None:
    gather = Gather(Doubling().answer)
    one, bad, two = await asyncio.gather(gather.ask(1), gather.ask(-1), gather.ask(2), return_exceptions=True)
    assert (one, two) == (2, 4)
    assert isinstance(bad, ValueError)


async def test_a_database_that_is_away_is_asked_once_for_all() -> None:
    doubling = Doubling()
    doubling.away = True
    gather = Gather(doubling.answer)
    told = await asyncio.gather(*map(gather.ask, (1, 2, 3)), return_exceptions=True)
    assert [type(each) for each in told] == [PoolTimeout] * 3
    assert doubling.rounds == [[1, 2, 3]]
    doubling.away = False
    assert await gather.ask(4) == 8


async def test_who_hangs_up_is_not_asked_for_and_takes_nothing_from_the_others() -> None:
    doubling = Doubling()
    gather = Gather(doubling.answer)
    gone, stays = (asyncio.create_task(gather.ask(number)) for number in (1, 2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == 4
    assert 1 not in doubling.rounds[0]
