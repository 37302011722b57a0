"""What tickets are called and sorted into from now on. Those that exist keep their folio and their category."""

import re

from chatserver.actions.administration import first_come, must_administer
from chatserver.actions.portals import PortalChange, change_portal
from chatserver.actions.unit import Unit
from chatserver.errors import Refused, not_found
from chatserver.models import Installation, Portal
from chatserver.process.fields import clean_line
from chatserver.types import Actor

PREFIX = re.compile(r"[A-Z]{2,4}")
MOST_CATEGORIES = 40
LONGEST_CATEGORY = 80


async def set_folio_prefix(unit: Unit, actor: Actor, prefix: str, seen: str) -> None:
    """The prefix of new folios; `seen` is the one that was there when it was edited. The configured one becomes a
    decision by being saved as it is. Raises `Refused`: not_admin, bad_prefix, changed_meanwhile."""
    must_administer(actor)
    prefix = read_prefix(prefix)
    await first_come(unit)
    row = await unit.session.get_one(Installation, 1)
    before = row.folio_prefix or unit.settings.folio_prefix
    if before != seen:
        raise Refused("changed_meanwhile", f"The prefix has become {before} meanwhile.")
    if row.folio_prefix == prefix:
        return
    row.folio_prefix = prefix
    word = "confirm_folio_prefix" if before == prefix else "set_folio_prefix"
    unit.audit(actor, word, "installation", before=before, after=prefix)


def read_prefix(text: str) -> str:
    """Two to four capital letters. Raises `Refused` (bad_prefix)."""
    prefix = text.strip().upper()
    if not PREFIX.fullmatch(prefix):
        raise Refused("bad_prefix", "A prefix is two to four letters from A to Z.", field="prefix")
    return prefix


async def set_categories(unit: Unit, actor: Actor, portal_id: int, names: list[str], seen: list[str]) -> list[str]:
    """What tickets of a portal are sorted into, which is also what its clients choose from; `seen` is the list that was
    edited. Raises `Refused`: not_admin, not_found, changed_meanwhile, too_many_categories, double_category."""
    must_administer(actor)
    portal = await unit.session.get(Portal, portal_id, with_for_update=True)
    if portal is None:
        raise not_found("portal")
    if portal.topics != seen:
        raise Refused("changed_meanwhile", "The list was changed meanwhile.")
    names = read_categories(names)
    if names != portal.topics:
        await change_portal(unit, actor, portal.public_key, PortalChange(topics=names))
    return names


def read_categories(names: list[str]) -> list[str]:
    """Each in its one form. Raises `Refused`: too_many_categories, double_category, and for what is no line."""
    if len(names) > MOST_CATEGORIES:
        raise Refused("too_many_categories", f"At most {MOST_CATEGORIES} are kept.", field="categories")
    told = [clean_line(name, "categories", LONGEST_CATEGORY) for name in names]
    if len({name.casefold() for name in told}) < len(told):
        raise Refused("double_category", "One of them is there twice.", field="categories")
    return told
