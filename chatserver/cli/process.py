"""`chatserver policy …`, `chatserver calendar …`: what is promised, and in which hours, as files."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import select

from chatserver.actions.administration import set_calendar, set_policy
from chatserver.actions.unit import Unit
from chatserver.cli.run import OPERATOR, act, out
from chatserver.errors import Refused
from chatserver.models import CalendarRow
from chatserver.process.promises import must_be_keepable, must_make_sense
from chatserver.process.severity import Severity
from chatserver.process.sla import Policy, due_times, policy_from_json, policy_to_json
from chatserver.queries.administration import (
    HELP_DESK,
    CalendarState,
    Made,
    get_calendar_state,
    get_policy_state,
    list_calendar_states,
)
from chatserver.routing.hours import Calendar, calendar_from_json, calendar_to_json

policies = typer.Typer(help="What is promised for each severity.", no_args_is_help=True)
calendars = typer.Typer(help="Hours, holidays and closures.", no_args_is_help=True)

T = TypeVar("T")

complaints = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON, as `show` prints it.")]
Name = Annotated[str, typer.Argument(help="The calendar, as `list` names it.")]
Try = Annotated[bool, typer.Option("--try", help="Only say when a ticket opened now would be due.")]


@policies.command(name="show")
def show_policy() -> None:
    """Print what is promised, in minutes."""

    async def work(unit: Unit) -> tuple[Made, Policy]:
        state = await get_policy_state(unit.session)
        return state.made, state.policy

    made, policy = act(work)
    _print(made, policy_to_json(policy))


@policies.command(name="set")
def change_policy(file: File, only_try: Try = False) -> None:
    """Promise this from now on. Tickets that exist keep their promises; the same again confirms the defaults."""
    policy = _read(file, policy_from_json)

    async def work(unit: Unit) -> int | None:
        must_make_sense(policy)
        if only_try:
            shared = await _find(unit, HELP_DESK)
            must_be_keepable(policy, shared.calendar, unit.now)
            _print_dues(policy, shared.calendar, unit.now)
            return None
        return await set_policy(unit, OPERATOR, policy, (await get_policy_state(unit.session)).made.version)

    _say_version(act(work))


@calendars.command(name="list")
def list_calendars() -> None:
    """All calendars, and which portals they serve."""

    async def work(unit: Unit) -> list[CalendarState]:
        return await list_calendar_states(unit.session)

    table = Table("Name", "Version", "Zone", "Portals", box=None)
    for state in act(work):
        table.add_row(state.name, _version(state.made), state.calendar.zone, ", ".join(state.portals))
    out.print(table)


@calendars.command(name="show")
def show_calendar(name: Name = HELP_DESK) -> None:
    """Print a calendar's hours."""
    state = act(lambda unit: _find(unit, name))
    _print(state.made, calendar_to_json(state.calendar))


@calendars.command(name="set")
def change_calendar(name: Name, file: File, only_try: Try = False) -> None:
    """These hours from now on, for all portals that share them. Tickets that exist keep their promises."""
    calendar = _read(file, calendar_from_json)

    async def work(unit: Unit) -> int | None:
        state = await _find(unit, name)
        if only_try:
            policy = (await get_policy_state(unit.session)).policy
            must_be_keepable(policy, calendar, unit.now)
            _print_dues(policy, calendar, unit.now)
            return None
        return await set_calendar(unit, OPERATOR, state.id, calendar, state.made.version)

    _say_version(act(work))


async def _find(unit: Unit, name: str) -> CalendarState:
    """Raises `Refused` (not_found)."""
    id = (await unit.session.exec(select(CalendarRow.id).where(CalendarRow.name == name))).one_or_none()
    state = await get_calendar_state(unit.session, id) if id is not None else None
    if state is None:
        raise Refused("not_found", f"There is no calendar {name}: see `chatserver calendar list`.", field="name")
    return state


def _read(file: Path, meaning: Callable[[object], T]) -> T:
    """Raises `Refused` (bad_file) that says what is wrong in it."""
    try:
        return meaning(json.loads(file.read_text("utf-8")))
    except ValueError as error:
        raise Refused("bad_file", f"{file}: {error}", field="file") from error


def _print(made: Made, shape: dict[str, object]) -> None:
    """What can be saved as a file stands alone on the standard output."""
    complaints.print(f"Version {_version(made)}, since {made.at:%Y-%m-%d %H:%M} UTC.")
    out.print(json.dumps(shape, indent=2, ensure_ascii=False))


def _print_dues(policy: Policy, calendar: Calendar, now: datetime) -> None:
    table = Table("Severity", "First reply", "Update", "Resolution", box=None)
    for severity in Severity:
        due = due_times(policy, calendar, severity, now)
        local = [at.astimezone(ZoneInfo(calendar.zone)) for at in (due.first_reply, due.update, due.resolution) if at]
        table.add_row(severity, *(f"{at:%a %Y-%m-%d %H:%M}" for at in local))
    out.print(f"A ticket opened now would be due ({calendar.zone}); nothing is saved:")
    out.print(table)


def _say_version(version: int | None) -> None:
    if version is not None:
        out.print(f"Version {version} counts from now on.")


def _version(made: Made) -> str:
    return f"{made.version}" + (" (default, to be confirmed by the owner)" if made.is_default else "")
