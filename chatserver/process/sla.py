"""What was promised and until when: budgets in business time, pauses that push a due time, and breaches.

The numbers are configuration; these defaults stand in for the owner's lost SLA table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, ConfigDict, PlainSerializer, TypeAdapter, ValidationError
from pydantic_core import to_json

from chatserver.process.severity import Severity
from chatserver.routing.calendar import explain
from chatserver.routing.hours import ALWAYS, Calendar, add_business, business_between

MINUTE = timedelta(minutes=1)
ZERO = timedelta()
LONGEST = timedelta(hours=10_000)


def _from_minutes(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if type(value) is not int or not 0 < value <= LONGEST // MINUTE:
        raise ValueError("A budget is a whole number of minutes, at least 1.")
    return value * MINUTE


Minutes = Annotated[
    timedelta, BeforeValidator(_from_minutes), PlainSerializer(lambda budget: budget // MINUTE, return_type=int)
]


@dataclass(frozen=True, slots=True)
class Budget:
    """Business time until the first human reply, between two updates, and until the resolution; whole minutes."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    first_reply: Minutes
    update: Minutes
    resolution: Minutes

    def __post_init__(self) -> None:
        for budget in (self.first_reply, self.update, self.resolution):
            if budget <= ZERO or budget % MINUTE or budget > LONGEST:
                raise ValueError(f"A budget is a whole number of minutes, at least 1, not {budget}.")


@dataclass(frozen=True, slots=True)
class Policy:
    """A budget for every severity. Those in `round_the_clock` are counted 24x7, and need somebody on call."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    budgets: Mapping[Severity, Budget] = field(hash=False)
    round_the_clock: Annotated[frozenset[Severity], PlainSerializer(sorted, return_type=list[Severity])] = frozenset()
    on_call: str | None = None

    def __post_init__(self) -> None:
        if missing := set(Severity) - set(self.budgets):
            raise ValueError(f"Every severity needs its budgets; missing: {', '.join(sorted(missing))}.")
        if self.round_the_clock and not self.on_call:
            raise ValueError("A severity can be counted round the clock only with an on-call address.")


def _budget(first_reply: float, update: float, resolution: float) -> Budget:
    return Budget(timedelta(hours=first_reply), timedelta(hours=update), timedelta(hours=resolution))


DEFAULT_POLICY = Policy(
    {
        Severity.S1: _budget(0.5, 1, 4),
        Severity.S2: _budget(1, 4, 8),
        Severity.S3: _budget(2, 11, 33),
        Severity.S4: _budget(4, 22, 55),
    }
)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clocks stood still: the client was waited for, or the ticket was resolved and reopened later.

    `end` is None while it lasts.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"A pause ends after it starts, not {self.end} before {self.start}.")


@dataclass(frozen=True, slots=True)
class DueTimes:
    """The last instants at which each promise is kept. None: the clock stands still, nothing is due."""

    first_reply: datetime
    update: datetime | None
    resolution: datetime | None


def due_times(
    policy: Policy,
    calendar: Calendar,
    severity: Severity,
    sla_start: datetime,
    last_public_human_at: datetime | None = None,
    pauses: Iterable[Pause] = (),
    *,
    percent: int = 100,
) -> DueTimes:
    """When each promise falls due; with `percent` (75, say) when that share of each budget is used up, for warnings.

    First reply and resolution count from `sla_start`; the update from the last public human message or the end of
    the last pause, whichever is later. Pauses stop update and resolution. A pause that begins once the resolution
    was due pushes nothing: what is breached stays breached.
    """
    budget, running = policy.budgets[severity], clock(policy, calendar, severity)
    ledger = _in_order(pauses)
    paused = any(pause.end is None for pause in ledger)
    update_from = max(filter(None, (sla_start, last_public_human_at, *(pause.end for pause in ledger))))
    return DueTimes(
        first_reply=add_business(running, sla_start, budget.first_reply * percent // 100),
        update=None if paused else add_business(running, update_from, budget.update * percent // 100),
        resolution=_resolution(running, sla_start, budget.resolution * percent // 100, ledger),
    )


def clock(policy: Policy, calendar: Calendar, severity: Severity) -> Calendar:
    """The calendar in which a severity's budgets are counted."""
    return ALWAYS if severity in policy.round_the_clock else calendar


def spent(calendar: Calendar, start: datetime, until: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
    """Business time in [start, until) outside the pauses. Pass `clock(...)` as the calendar."""
    total, counted = business_between(calendar, start, until), start
    for pause in _in_order(pauses):
        resumed = min(pause.end or until, until)
        total -= business_between(calendar, max(pause.start, counted), resumed)
        counted = max(counted, resumed)
    return total


def is_breached(due: datetime | None, at: datetime) -> bool:
    """Only later than due is too late; what is not due cannot be breached."""
    return due is not None and at > due


def _resolution(calendar: Calendar, start: datetime, budget: timedelta, ledger: list[Pause]) -> datetime | None:
    due, counted = add_business(calendar, start, budget), start
    for pause in ledger:
        if pause.start >= due:
            break
        if pause.end is None:
            return None
        due = add_business(calendar, due, business_between(calendar, max(pause.start, counted), pause.end))
        counted = max(counted, pause.end)
    return due


def _in_order(pauses: Iterable[Pause]) -> list[Pause]:
    return sorted(pauses, key=lambda pause: pause.start)


_JSON: TypeAdapter[Policy] = TypeAdapter(Policy)


def policy_from_json(data: object) -> Policy:
    """Reads what `policy_to_json` gives. ValueError, in words for the admin, for anything missing or unknown."""
    try:
        return _JSON.validate_json(to_json(data))
    except ValidationError as error:
        raise ValueError(explain(error)) from error


def policy_to_json(policy: Policy) -> dict[str, object]:
    """`{"budgets": {"S1": {"first_reply": 30, "update": 60, "resolution": 240}, ...}, "round_the_clock": ["S1"],
    "on_call": ...}`; budgets in minutes."""
    shape: dict[str, object] = _JSON.dump_python(policy, mode="json")
    return shape
