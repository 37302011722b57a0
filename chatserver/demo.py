"""The demo: a desk with people in it, made once; and a pretend portal that is open, and one that is closed."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlmodel import select

from chatserver.actions.portals import PortalChange, add_portal, change_portal, set_hours
from chatserver.actions.staff import Account, add_staff
from chatserver.actions.unit import Context, Unit
from chatserver.models import Agent
from chatserver.passwords import hash_password
from chatserver.routing.hours import CLOSED, WHOLE_DAY, Calendar, Interval
from chatserver.types import Role, SystemActor

OPEN_KEY = "demo-open"
CLOSED_KEY = "demo-closed"
ZONE = "America/Monterrey"

SEED = SystemActor("demo")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo. The password is no secret: demo accounts are refused everywhere but in the demo."""

    login: str
    name: str
    role: Role
    password: str
    level: int = 1


CAST = (
    Person("ana", "Ana Demo", Role.AGENT, "demo-ana"),
    Person("ben", "Ben Demo", Role.AGENT, "demo-ben"),
    Person("olga", "Olga Demo", Role.AGENT, "demo-olga", level=2),
    Person("teo", "Teo Demo", Role.AGENT, "demo-teo", level=3),
    Person("sue", "Sue Demo", Role.SUPERVISOR, "demo-sue"),
    Person("ada", "Ada Demo", Role.ADMIN, "demo-ada", level=2),
)


def portal_origin(base_url: str) -> str:
    """Where the pretend portal lives: the same server by another name, which to a browser is another site."""
    return f"http://localhost:{urlsplit(base_url).port}"


async def seed(context: Context) -> None:
    """Make the cast and the portals unless they are there, and fit the portals to this start's port and date."""
    hashes = {person.login: await hash_password(person.password) for person in CAST}
    origin = portal_origin(context.settings.base_url)
    async with context.unit() as unit:
        if (await unit.session.exec(select(Agent.id).limit(1))).first() is None:
            for person in CAST:
                await _add_person(unit, person, hashes[person.login])
            await _add_portals(unit)
        told = PortalChange(origins=[origin], privacy_url=f"{origin}/demo/portal/aviso")
        for key in (OPEN_KEY, CLOSED_KEY):
            await change_portal(unit, SEED, key, told)
        await set_hours(unit, SEED, CLOSED_KEY, closed_now(unit.now))


async def _add_person(unit: Unit, person: Person, password_hash: str) -> None:
    account = Account(name=person.name, role=person.role, level=person.level, languages=["es", "en"])
    await add_staff(unit, SEED, person.login, password_hash, account, demo=True)


async def _add_portals(unit: Unit) -> None:
    topics = ["No puedo timbrar", "Una factura salió mal", "Mi cuenta", "Otra cosa"]
    for key, name, hours in (
        (OPEN_KEY, "Portal de facturación (demostración)", Calendar(ZONE, (WHOLE_DAY,) * 7)),
        (CLOSED_KEY, "Portal de facturación (demostración, cerrado)", closed_now(unit.now)),
    ):
        await add_portal(unit, SEED, key, PortalChange(name=name, topics=topics), hours, demo=True)


def closed_now(now: datetime) -> Calendar:
    """The help desk's hours, closed today and for two days more: closed whenever one looks, and with due times that
    a real desk could have."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    day = (Interval(time(8), time(19)),)
    return Calendar(ZONE, (day,) * 5 + (CLOSED,) * 2, closures=frozenset(today + timedelta(days=n) for n in range(3)))
