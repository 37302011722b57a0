"""What every figure is given: the stores, and how thorough to be."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rich.console import Console

from bench.rows import Row
from bench.stores import Stores

console = Console(width=120, highlight=False)


@dataclass(frozen=True, slots=True)
class Scene:
    """`runs` of each figure, `seconds` a step of a load; a quick scene shows that it works and proves nothing."""

    stores: Stores
    runs: int
    seconds: float
    crowd: float = 1.0

    def some(self, number: int, least: int = 1) -> int:
        """That many, or a quick scene's share of it."""
        return max(least, round(number * self.crowd))


Measure = Callable[[Scene], Awaitable[Sequence[Row]]]


def say(text: str) -> None:
    """Progress, for whoever waits."""
    console.print(text)
