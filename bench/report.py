"""Puts the latest figures into docs/performance.md, between its marks: `python -m bench.report`."""

import json
from pathlib import Path
from typing import Any

from bench.install import ROOT
from bench.rows import LATEST

DOC = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
REACHED = {True: "reached", False: "**not reached**", None: ""}


def table(rows: list[dict[str, Any]]) -> str:
    """A table for people, and under which load of the machine each figure was measured."""
    lines = [
        "| figure | chatserver (lowest-highest) | yardstick | theirs | ratio | target | |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_line(row) for row in rows]
    loads = sorted({row["load_before"] for row in rows})
    days = sorted({row["at"][:10] for row in rows})
    shown = ", ".join(f"{load:.1f}" for load in loads)
    return "\n".join([*lines, "", f"Measured {', '.join(days)}; load of the machine before a run began: {shown}."])


def costs(rows: list[dict[str, Any]]) -> str:
    """What the cores did at the last knee: once for each figure and yardstick."""
    notes = dict.fromkeys(f"- {row['name']}: {part}" for row in rows for part in _parts(row))
    return "\n".join(notes)


def _line(row: dict[str, Any]) -> str:
    theirs = f"{row['yardstick_figure']:,g} ({row['yardstick_spread']})" if row["yardstick"] else ""
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
    ours = f"{row['figure']:,g} {row['unit']} ({row['spread']})"
    cells = [row["name"], ours, row["yardstick"] or "", theirs, ratio, row["target"] or "", REACHED[row["met"]]]
    return f"| {' | '.join(cells)} |"


def _parts(row: dict[str, Any]) -> list[str]:
    """A note is our own and then the yardstick's, which begins with its name."""
    ours, mark, theirs = row["note"].partition(f"; {row['yardstick']}: ")
    parts = [f"chatserver: {ours}"] if ours else []
    return [*parts, f"{row['yardstick']}: {theirs}"] if mark else parts


def write(doc: Path = DOC, figures: Path = LATEST) -> None:
    rows = json.loads(figures.read_text())
    before, _, rest = doc.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    doc.write_text(f"{before}{BEGIN}\n\n{table(rows)}\n\n{costs(rows)}\n\n{END}{after}")


if __name__ == "__main__":
    write()
