"""The table of moves in words: for the document, and for the page that explains the process to those who work by it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chatserver.process.severity import PROVISIONAL
from chatserver.process.ticket_moves import ROWS, Row, Source, Target
from chatserver.process.ticket_names import Effect
from chatserver.process.ticket_states import OPEN
from chatserver.process.ticket_waits import TicketWaits, stages_of
from chatserver.routing.hours import ALWAYS
from chatserver.types import TicketState as State

Words = Mapping[str, str]
"""The texts of one locale by their keys: those of `process.json` and `shared.json`."""


@dataclass(frozen=True, slots=True)
class DescribedRow:
    """A row of the table as people read it."""

    number: str
    move: str
    sources: str
    to: str
    who: str
    needs: str
    told: str
    clocks: str


def describe_rows(words: Words, waits: TicketWaits) -> tuple[DescribedRow, ...]:
    numbers = {**shown(waits), "provisional": words[f"severity.{PROVISIONAL}"]}
    return tuple(_describe(row, words, numbers) for row in ROWS)


def shown(waits: TicketWaits) -> dict[str, str]:
    """The settings as they are filled into texts: hours without a unit."""
    return {name: _number(getattr(waits, name)) for name in TicketWaits.model_fields}


BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""Any time would do: round the clock a wait is as long as it is said to be."""


@dataclass(frozen=True, slots=True)
class DescribedWait:
    state: str
    hours: str
    move: str


def describe_waits(words: Words, waits: TicketWaits) -> tuple[DescribedWait, ...]:
    """What the system does by itself, and after how many hours."""
    return tuple(
        DescribedWait(state_name(words, state), _number(at - BEGINNING), words[f"process.move.{move}"])
        for state in State
        for at, move in stages_of(state, BEGINNING, ALWAYS, waits)
    )


def state_name(words: Words, state: State) -> str:
    return words[f"ticket_state.{state}"]


def _describe(row: Row, words: Words, numbers: Mapping[str, str]) -> DescribedRow:
    told = _list(words, "notice", [row.notice] if row.notice else [])
    task = _list(words, "task", [row.task] if row.task else [])
    return DescribedRow(
        number=row.number,
        move=words[f"process.move.{row.move}"],
        sources=_sources(row, words),
        to=words[f"process.target.{row.to}"] if isinstance(row.to, Target) else state_name(words, row.to),
        who=_list(words, "who", row.who.names),
        needs=_list(words, "guard", [guard.code for guard in row.guards]).format(**numbers),
        told=" ".join(filter(None, (told, f"({task})" if task else ""))),
        clocks=_list(words, "effect", _effects(row)),
    )


def _effects(row: Row) -> tuple[str, ...]:
    """With the message that a notice is when a person causes it: always, or only if it was one of ours."""
    names = {str(effect) for effect in row.effects}
    if row.notice and row.who.staff:
        names.add("said_by_ours" if row.who.client or row.who.system else Effect.SAID)
    order = [*Effect, "said_by_ours"]
    return tuple(sorted(names, key=order.index))


def _sources(row: Row, words: Words) -> str:
    if row.sources == OPEN:
        return words["process.source.open"]
    return ", ".join(_source(source, words) for source in row.sources)


def _source(source: Source, words: Words) -> str:
    return state_name(words, source) if source else words["process.source.none"]


def _list(words: Words, group: str, names: Iterable[str]) -> str:
    return "; ".join(words[f"process.{group}.{name}"] for name in names)


def _number(value: timedelta | int) -> str:
    return f"{value / timedelta(hours=1):g}" if isinstance(value, timedelta) else str(value)
