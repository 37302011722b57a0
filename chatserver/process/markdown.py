"""docs/process.md, made from the table of moves, the default policy and the default waits, in both languages."""

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from chatserver.process.clocks import Clock
from chatserver.process.describe import DescribedRow, Words, describe_rows, describe_waits, shown, state_name
from chatserver.process.severity import Severity
from chatserver.process.sla import DEFAULT_POLICY
from chatserver.process.ticket_moves import ROWS, Row, Source, Target
from chatserver.process.ticket_names import Move
from chatserver.process.ticket_states import ASKING, OPEN
from chatserver.process.ticket_waits import TicketWaits
from chatserver.types import TicketState as State

LOCALES = Path(__file__).parents[1] / "locales"
LANGUAGES = {"es-MX": "Español", "en": "English"}

INTRO = """# The support process

*Made from `chatserver/process` by `python -m chatserver.process.generate`; do not edit.*

The life of a ticket (*folio*): each state, each move, who may make it, what it needs, what the client is told, and what
the clocks do. The code decides by this very table. [En español](#español), [in English](#english).
"""

DIAGRAM_NOTE = """The numbers are rows of the table. Not drawn: what leaves the state as it is (19, 23, 25, 26), and
that any open ticket can be cancelled (24).
"""


def markdown() -> str:
    """The whole document."""
    parts = [INTRO, _diagram(), DIAGRAM_NOTE]
    for locale, language in LANGUAGES.items():
        words = read_words(locale)
        parts += [f"## {language}\n", _moves(words), _clocks(words), _waits(words)]
    return "\n".join(parts)


def read_words(locale: str) -> Words:
    merged: dict[str, str] = {}
    for namespace in ("shared", "process"):
        merged |= json.loads((LOCALES / locale / f"{namespace}.json").read_text("utf-8"))
    return merged


def _diagram() -> str:
    words = read_words("en")
    names = [f'    state "{state_name(words, state)}" as {state}' for state in State]
    arrows = [arrow for row in ROWS for arrow in _arrows(row)]
    return "\n".join(["```mermaid", "stateDiagram-v2", *names, *arrows, "    closed --> [*]", "```", ""])


def _arrows(row: Row) -> Iterable[str]:
    if row.to is Target.SAME or row.sources == OPEN:
        return
    for source in row.sources:
        for target in ASKING if row.to is Target.RETURN else (row.to,):
            yield f"    {_drawn(source)} --> {target}: {row.number} {row.move}"


def _drawn(source: Source) -> str:
    return source or "[*]"


def _moves(words: Words) -> str:
    columns = ("row", "move", "from", "to", "who", "needs", "told", "clocks")
    rows = zip(ROWS, describe_rows(words, TicketWaits()), strict=True)
    return _section(words, "moves", _table(words, columns, (_cells(row.move, said) for row, said in rows)))


def _cells(move: Move, said: DescribedRow) -> tuple[str, ...]:
    name = f"{said.move} `{move}`"
    return (said.number, name, said.sources, said.to, said.who, said.needs, said.told, said.clocks)


def _clocks(words: Words) -> str:
    head = [words["process.heading.severity"], *(words[f"process.clock.{clock}"] for clock in Clock)]
    rows = []
    for severity in Severity:
        budget = DEFAULT_POLICY.budgets[severity]
        spans = (_span(each) for each in (budget.first_reply, budget.update, budget.resolution))
        rows.append((f"{severity} {words[f'severity.{severity}']}", *spans))
    warned = words["process.text.warnings"].format(**shown(TicketWaits()))
    return _section(words, "clocks", f"{words['process.text.business']} {warned}\n\n{_rows(head, rows)}")


def _waits(words: Words) -> str:
    rows = [(each.state, f"{each.hours} h", each.move) for each in describe_waits(words, TicketWaits())]
    return _section(words, "waits", _table(words, ("from", "when", "what"), rows))


def _section(words: Words, name: str, body: str) -> str:
    return f"### {words[f'process.title.{name}']}\n\n{words[f'process.text.{name}']}\n\n{body}"


def _table(words: Words, columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    return _rows([words[f"process.heading.{column}"] for column in columns], rows)


def _rows(head: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _span(budget: timedelta) -> str:
    hours = budget / timedelta(hours=1)
    return f"{hours:g} h" if hours >= 1 else f"{budget // timedelta(minutes=1)} min"
