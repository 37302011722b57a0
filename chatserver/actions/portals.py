"""Portals and their calendars. A calendar is never changed: its next version is, and promises made keep theirs."""

import re
import secrets
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from sqlmodel import select

from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.models import CalendarRow, CalendarVersion, Portal
from chatserver.process.fields import clean_line
from chatserver.queries.administration import HELP_DESK, latest_hours
from chatserver.routing.hours import Calendar, calendar_to_json
from chatserver.types import Actor


@dataclass(frozen=True, slots=True)
class PortalChange:
    """What is said of a portal; None leaves it as it is."""

    name: str | None = None
    origins: list[str] | None = None
    locale: str | None = None
    accent: str | None = None
    topics: list[str] | None = None
    team: str | None = None
    privacy_version: str | None = None
    privacy_url: str | None = None


ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
PLACE = re.compile(r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]")
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


async def add_portal(
    unit: Unit, actor: Actor, key: str | None, change: PortalChange, hours: Calendar | None, *, demo: bool = False
) -> Portal:
    """A new portal. Without a key one is made: it names the portal and opens nothing."""
    change = _checked(change)
    public_key = key or secrets.token_urlsafe(12)
    if not KEY.fullmatch(public_key):
        raise Refused("bad_key", f"{public_key!r} is not a key: letters, digits, - and _, at most 64.", field="key")
    if await _find(unit, public_key):
        raise Refused("key_taken", f"There is a portal with the key {public_key} already.", field="key")
    name = change.name or public_key
    portal = Portal(
        public_key=public_key,
        name=name,
        origins=change.origins or [],
        locale=change.locale or "es-MX",
        accent=change.accent or "#1d5fb8",
        topics=change.topics or [],
        team=change.team,
        calendar_id=await _calendar_of(unit, public_key, hours),
        privacy_version=change.privacy_version or "1",
        privacy_url=change.privacy_url,
        created_at=unit.now,
        demo=demo,
    )
    unit.session.add(portal)
    await unit.flush()
    unit.audit(actor, "add_portal", f"portal:{portal.id}", key=public_key)
    return portal


async def change_portal(unit: Unit, actor: Actor, key: str, change: PortalChange) -> Portal:
    change = _checked(change)
    portal = await get_portal(unit, key)
    told = {name: value for name in PortalChange.__slots__ if (value := getattr(change, name)) is not None}
    before = {name: getattr(portal, name) for name in told}
    for name, value in told.items():
        setattr(portal, name, value)
    unit.audit(actor, "change_portal", f"portal:{portal.id}", before=before, after=told)
    return portal


async def set_hours(unit: Unit, actor: Actor, key: str, hours: Calendar) -> None:
    """Hours of this portal alone from now on: its calendar's next version, or a calendar of its own. Nothing happens
    when they are the same as before."""
    portal = await get_portal(unit, key)
    calendar = await unit.session.get_one(CalendarRow, portal.calendar_id, with_for_update=True)
    latest = await latest_hours(unit.session, calendar.id)
    if latest.definition == calendar_to_json(hours):
        return
    if calendar.name == HELP_DESK:
        portal.calendar_id = await _calendar_of(unit, portal.public_key, hours)
    else:
        _add_version(unit, calendar.id, latest.version + 1, hours)
    unit.audit(actor, "set_hours", f"portal:{portal.id}", before=latest.definition)


async def get_portal(unit: Unit, key: str) -> Portal:
    """Raises `Refused` (not_found)."""
    portal = await _find(unit, key)
    if portal is None:
        raise Refused("not_found", f"There is no portal with the key {key}.", field="key")
    return portal


def exact_origin(text: str) -> str:
    """An origin as browsers send it, without the usual port. Raises `Refused` (bad_origin)."""
    parts = urlsplit(text.strip())
    try:
        host, port = parts.hostname or "", parts.port
        place = f"[{host}]" if ":" in host else host.encode("idna").decode()
    except ValueError:
        place, port = "", None
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username or not text.isprintable()
    if parts.scheme not in ("http", "https") or not PLACE.fullmatch(place) or extra:
        raise Refused("bad_origin", f"{text!r} is not an origin such as https://portal.example.com.", field="origin")
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{place}" + (f":{port}" if port not in (None, usual) else "")


async def _find(unit: Unit, key: str) -> Portal | None:
    return (await unit.session.exec(select(Portal).where(Portal.public_key == key))).one_or_none()


async def _calendar_of(unit: Unit, key: str, hours: Calendar | None) -> int:
    """The shared calendar, or a new one for a portal's own hours."""
    if hours is None:
        return (await unit.session.exec(select(CalendarRow.id).where(CalendarRow.name == HELP_DESK))).one()
    row = CalendarRow(name=f"portal {key}"[:80])
    unit.session.add(row)
    await unit.flush()
    _add_version(unit, row.id, 1, hours)
    return row.id


def _add_version(unit: Unit, calendar_id: int, version: int, hours: Calendar) -> None:
    definition = calendar_to_json(hours)
    unit.session.add(
        CalendarVersion(calendar_id=calendar_id, version=version, definition=definition, created_at=unit.now)
    )


def _checked(change: PortalChange) -> PortalChange:
    """What is said of a portal, each thing in its one form. Raises `Refused` for what it cannot be."""
    if change.accent is not None and not ACCENT.fullmatch(change.accent):
        raise Refused("bad_accent", f"{change.accent!r} is not a colour such as #1d5fb8.", field="accent")
    if change.privacy_url and not _is_web_page(change.privacy_url):
        raise Refused("bad_privacy_url", f"{change.privacy_url!r} is not a web address.", field="privacy_url")
    return replace(
        change,
        name=_line(change.name, "name", 120),
        origins=None if change.origins is None else [exact_origin(origin) for origin in change.origins],
        topics=None if change.topics is None else [clean_line(topic, "topic") for topic in change.topics],
        team=_line(change.team, "team", 40),
        privacy_version=_line(change.privacy_version, "privacy_version", 40),
    )


def _line(text: str | None, field: str, limit: int) -> str | None:
    return None if text is None else clean_line(text, field, limit)


def _is_web_page(address: str) -> bool:
    """A link in the widget: of other kinds, one can be a script."""
    return len(address) <= 500 and address.isprintable() and address.startswith(("https://", "http://"))
