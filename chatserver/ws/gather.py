"""Questions that come at the same time are answered together: while one round is under way the next ones gather, and
nobody waits when there is nobody to share with."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

log = structlog.get_logger()

Question = TypeVar("Question")
Answer = TypeVar("Answer")

MOST = 128
"""Questions in a round. A crowd is answered in the order of coming, and takes one connection to the database."""

EVERYBODYS = (OperationalError, InterfaceError, PoolTimeout, OSError)
"""Failures that have nothing to do with who asks: the database is away."""


@dataclass(eq=False, slots=True)
class _Asked(Generic[Question, Answer]):
    """A question, and the future that whoever asked it waits for; who gave up has cancelled theirs."""

    question: Question
    answer: "asyncio.Future[Answer]"


class Gather(Generic[Question, Answer]):
    """`answer` is given the questions of a round and returns their answers in the same order."""

    def __init__(self, answer: Callable[[Sequence[Question]], Awaitable[Sequence[Answer]]]) -> None:
        self._answer = answer
        self._waiting: list[_Asked[Question, Answer]] = []
        self._rounds: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer:
        """The answer to one question. Raises what answering it raises."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append(_Asked(question, answer))
        if self._rounds is None:
            self._rounds = loop.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                if wanted := [asked for asked in taken if not asked.answer.done()]:
                    await self._round(wanted)
        finally:
            self._rounds = None

    async def _round(self, taken: Sequence[_Asked[Question, Answer]]) -> None:
        """What fails for all is told to all. Any other failure may be one question's: each is then asked alone, and
        hurts only who asked it."""
        try:
            answers = await self._answer([asked.question for asked in taken])
        except Exception as error:
            if len(taken) == 1 or isinstance(error, EVERYBODYS):
                for asked in taken:
                    if not asked.answer.done():
                        asked.answer.set_exception(error)
                return
            log.warning("gather.one_by_one", questions=len(taken), exc_info=True)
            for asked in taken:
                await self._round([asked])
            return
        for asked, answer in zip(taken, answers, strict=True):
            if not asked.answer.done():
                asked.answer.set_result(answer)
