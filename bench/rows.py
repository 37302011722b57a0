"""What a run says: one row a figure and yardstick, with its target; a table for people, JSON for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Literal

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"
LATEST, QUICK = RESULTS / "latest.json", RESULTS / "quick.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """Several runs of one thing: their median counts, their lowest and highest are shown."""

    runs: tuple[float, ...]
    note: str = ""

    @property
    def value(self) -> float:
        return median(self.runs)

    def spread(self, digits: int) -> str:
        return f"{min(self.runs):,.{digits}f}-{max(self.runs):,.{digits}f}"


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of a ratio, or of the figure itself: at least, or at most, so much."""

    sign: Literal[">=", "<="]
    bound: float

    def met_by(self, value: float) -> bool:
        return value >= self.bound if self.sign == ">=" else value <= self.bound


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio` is figure / yardstick. Without a yardstick the target, if any, is the figure's own."""

    name: str
    figure: float
    unit: str
    spread: str
    yardstick: str | None = None
    yardstick_figure: float | None = None
    yardstick_spread: str | None = None
    ratio: float | None = None
    target: str | None = None
    met: bool | None = None
    note: str = ""


def compare(name: str, unit: str, figure: Figure, yardstick: str, other: Figure, target: Target) -> Row:
    """A figure beside the same figure of somebody else, measured in the same run."""
    digits = 0 if min(figure.value, other.value) >= 100 else 2
    ratio = figure.value / other.value
    return Row(
        name,
        round(figure.value, digits),
        unit,
        figure.spread(digits),
        yardstick,
        round(other.value, digits),
        other.spread(digits),
        round(ratio, 3),
        f"{target.sign} {target.bound:g} x",
        target.met_by(ratio),
        "; ".join(filter(None, (figure.note, other.note and f"{yardstick}: {other.note}"))),
    )


def state(name: str, unit: str, figure: Figure, target: Target | None = None) -> Row:
    """A figure by itself."""
    digits = 0 if figure.value >= 100 else 2
    asked = f"{target.sign} {target.bound:g} {unit}" if target else None
    met = target.met_by(figure.value) if target else None
    spread = figure.spread(digits)
    return Row(name, round(figure.value, digits), unit, spread, target=asked, met=met, note=figure.note)


def save(rows: Sequence[Row], place: Path, load: float) -> None:
    """Take the place of earlier rows of the same names; others stay. `load` is the machine's before it began."""
    place.parent.mkdir(exist_ok=True)
    earlier = json.loads(place.read_text()) if place.is_file() else []
    names = {row.name for row in rows}
    kept = [row for row in earlier if row["name"] not in names]
    about = {"load_before": round(load, 2), "at": datetime.now(UTC).isoformat(timespec="seconds")}
    place.write_text(json.dumps([*kept, *(asdict(row) | about for row in rows)], indent=1) + "\n")


def show(rows: Sequence[Row]) -> None:
    table = Table("figure", "chatserver", "yardstick", "ratio", "target", "met", header_style="bold")
    for row in rows:
        theirs = f"{row.yardstick}\n{row.yardstick_figure:,g} ({row.yardstick_spread})" if row.yardstick else ""
        mark = {True: "[green]yes", False: "[red]no", None: ""}[row.met]
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        ours = f"{row.figure:,g} {row.unit}\n({row.spread})"
        table.add_row(row.name, ours, theirs, ratio, row.target or "", mark)
    Console(width=120).print(table)
