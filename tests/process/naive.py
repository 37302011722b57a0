"""The naive reference for a ticket's clocks: it looks at every minute, and knows nothing of budgets added to times."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chatserver.process.severity import Severity
from chatserver.process.sla import Policy
from chatserver.process.ticket_names import Effect

MINUTE = timedelta(minutes=1)


@dataclass
class Naive:
    """Minutes are counted from `start`. `is_open[n]`: whether minute n, [n, n+1), is business time."""

    policy: Policy
    start: datetime
    is_open: Sequence[bool]
    severity: Severity
    now: int = 0
    standstill: set[int] = field(default_factory=set)
    still: bool = False
    resolved: bool = False
    update_from: int = 0
    replied: bool = False
    late: set[tuple[str, int]] = field(default_factory=set)

    def due(self, clock: str) -> int | None:
        """The minute at whose beginning a budget is used up, as far as is known at `now`; None: it stands still."""
        budget = self.policy.budgets[self.severity]
        if clock == "first_reply":
            return self._used_up(0, budget.first_reply, lambda minute: True)
        if clock == "update":
            return None if self.still else self._used_up(self.update_from, budget.update, lambda minute: True)
        due = self._used_up(0, budget.resolution, lambda minute: minute not in self.standstill)
        return None if self.still and (due is None or due > self.now) else due

    def _used_up(self, since: int, budget: timedelta, runs: Callable[[int], bool]) -> int | None:
        left = budget // MINUTE
        counted = self.severity in self.policy.round_the_clock
        for minute in range(since, len(self.is_open)):
            left -= (counted or self.is_open[minute]) and runs(minute)
            if not left:
                return minute + 1
        return None

    def running(self) -> list[str]:
        if self.resolved:
            return []
        return ["update", "resolution"] if self.replied else ["first_reply", "update", "resolution"]

    def pass_time(self, minutes: int) -> None:
        for _ in range(minutes):
            if self.still or self.resolved:
                self.standstill.add(self.now)
            self.now += 1
            self.judge(self.running())

    def judge(self, clocks: list[str]) -> None:
        for clock in clocks:
            due = self.due(clock)
            if due is not None and self.now > due:
                self.late.add((clock, due))

    def turn(self, effects: set[Effect], severity: Severity | None) -> None:
        self.severity = severity or self.severity
        if Effect.RESUME in effects or Effect.REOPEN in effects:
            self.still = self.resolved = False
            self.update_from = self.now
        if Effect.SAID in effects:
            if not self.replied:
                self.judge(["first_reply"])
            self.replied, self.update_from = True, self.now
        if Effect.PAUSE in effects:
            self.still = True
        if Effect.STOP in effects or Effect.DROP in effects:
            self.still, self.resolved = False, True
        self.judge(self.running())
