"""What notices say from now on, also those that wait in the outbox: each decision is a new version of one kind in one
language, and the program's own words are never lost."""

from collections.abc import Mapping

from chatserver.actions.administration import first_come, must_administer, must_be_latest
from chatserver.actions.unit import Unit
from chatserver.mail_words import words_of
from chatserver.models import LetterVersion
from chatserver.process.letter_words import fitting, read_words
from chatserver.queries.letter_words import entity_of, get_saved_words, latest_version
from chatserver.types import Actor


async def set_letter(unit: Unit, actor: Actor, kind: str, locale: str, told: Mapping[str, str], seen: int) -> int:
    """Say it as `told`, a text for each of the program's words; returns the version. `seen` is the one that was edited.
    What is said as the program says it follows the program. The same again is nothing new. Raises `Refused`: not_admin,
    changed_meanwhile, and as `read_words` does."""
    must_administer(actor)
    own = read_words(told, words_of(kind, locale))
    return await _save(unit, actor, "set_letter", kind, locale, own, seen)


async def ship_letter(unit: Unit, actor: Actor, kind: str, locale: str, seen: int) -> int:
    """Say it as the program does, again. Raises `Refused`: not_admin, changed_meanwhile."""
    must_administer(actor)
    return await _save(unit, actor, "ship_letter", kind, locale, {}, seen)


async def _save(unit: Unit, actor: Actor, word: str, kind: str, locale: str, own: dict[str, str], seen: int) -> int:
    await first_come(unit)
    latest = await latest_version(unit.session, kind, locale)
    must_be_latest(latest, seen)
    saved, shipped = await get_saved_words(unit.session, kind, locale), words_of(kind, locale)
    if own == saved:
        return latest
    version = latest + 1
    made = LetterVersion(kind=kind, locale=locale, version=version, words=own, created_at=unit.now)
    unit.session.add(made)
    unit.audit(
        actor, word, entity_of(kind, locale, version), before=shipped | fitting(saved, shipped), after=shipped | own
    )
    return version
