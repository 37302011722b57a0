"""`chatserver portal …`: the pages that carry the widget."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from sqlmodel import col, select

from chatserver.actions import portals
from chatserver.actions.portals import PortalChange
from chatserver.actions.unit import Unit
from chatserver.cli.run import OPERATOR, act, out
from chatserver.errors import Refused
from chatserver.http.staff import embed_of
from chatserver.http.words import LOCALES
from chatserver.models import Portal
from chatserver.routing.hours import Calendar, calendar_from_json
from chatserver.settings import load_settings

app = typer.Typer(help="Portals: the pages that carry the widget.", no_args_is_help=True)

Key = Annotated[str, typer.Argument(help="The portal's public key.")]
Origins = Annotated[list[str] | None, typer.Option("--origin", help="An exact origin that may embed the widget.")]
LocaleOf = Annotated[str | None, typer.Option(help=f"The widget's language: {' or '.join(LOCALES)}.")]
Accent = Annotated[str | None, typer.Option(help="The portal's colour, such as #1d5fb8.")]
Topics = Annotated[list[str] | None, typer.Option("--topic", help="A subject that clients can choose.")]
Team = Annotated[str | None, typer.Option(help="The only team that serves it.")]
Hours = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="Opening hours of its own, as JSON; see the README.")
]
PrivacyVersion = Annotated[str | None, typer.Option(help="Version of the privacy notice; a new one is accepted anew.")]
PrivacyUrl = Annotated[str | None, typer.Option(help="Where the privacy notice is.")]


@app.command()
def add(  # noqa: PLR0913, PLR0917 -- one parameter a flag
    name: Annotated[str, typer.Argument(help="What staff and clients see.")],
    key: Annotated[str | None, typer.Option(help="Its public key; one is made otherwise.")] = None,
    origin: Origins = None,
    locale: LocaleOf = None,
    accent: Accent = None,
    topic: Topics = None,
    team: Team = None,
    hours: Hours = None,
    privacy_version: PrivacyVersion = None,
    privacy_url: PrivacyUrl = None,
) -> None:
    """Make a portal and say how to embed it. Without hours of its own it has the help desk's."""
    told = PortalChange(name, origin, _locale(locale), accent, topic, team, privacy_version, privacy_url)
    calendar = _read(hours)
    portal = act(lambda unit: portals.add_portal(unit, OPERATOR, key, told, calendar))
    embed = embed_of(portal, load_settings())
    out.print(f"{portal.name} is made. In its pages:\n\n  {embed.snippet}\n")
    out.print(f"In their Content-Security-Policy: script-src {embed.script_src}; connect-src {embed.connect_src}")
    if not portal.origins:
        out.print("No origin is allowed yet, so the chat will not open: `chatserver portal set KEY --origin …`")


@app.command(name="set")
def change(  # noqa: PLR0913, PLR0917 -- one parameter a flag
    key: Key,
    name: Annotated[str | None, typer.Option(help="What staff and clients see.")] = None,
    origin: Origins = None,
    locale: LocaleOf = None,
    accent: Accent = None,
    topic: Topics = None,
    team: Team = None,
    hours: Hours = None,
    privacy_version: PrivacyVersion = None,
    privacy_url: PrivacyUrl = None,
) -> None:
    """Change a portal; what is not given stays as it is. New hours count from now on, promises made keep theirs."""
    told = PortalChange(name, origin, _locale(locale), accent, topic, team, privacy_version, privacy_url)
    calendar = _read(hours)

    async def work(unit: Unit) -> Portal:
        if calendar is not None:
            await portals.set_hours(unit, OPERATOR, key, calendar)
        return await portals.change_portal(unit, OPERATOR, key, told)

    out.print(f"{act(work).name} is changed.")


@app.command(name="list")
def show() -> None:
    """All portals."""

    async def work(unit: Unit) -> list[Portal]:
        return list(await unit.session.exec(select(Portal).order_by(col(Portal.id))))

    table = Table("Key", "Name", "Origins", "Language", "Team", box=None)
    for portal in act(work):
        table.add_row(portal.public_key, portal.name, ", ".join(portal.origins), portal.locale, portal.team or "")
    out.print(table)


def _read(path: Path | None) -> Calendar | None:
    """Raises `Refused` (bad_hours) that says what is wrong in the file."""
    if path is None:
        return None
    try:
        return calendar_from_json(json.loads(path.read_text("utf-8")))
    except ValueError as error:
        raise Refused("bad_hours", f"{path}: {error}", field="hours") from error


def _locale(given: str | None) -> str | None:
    if given is not None and given not in LOCALES:
        raise Refused("bad_locale", f"{given!r} is not one of {', '.join(LOCALES)}.", field="locale")
    return given
