"""What notices say by an administrator's decision. Words that nobody can read any more are the program's again."""

from dataclasses import dataclass

import structlog
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.mail_words import words_of
from chatserver.models import LetterVersion
from chatserver.process.letter_words import fitting
from chatserver.queries.administration import Made, author_of

NOBODYS = 0
"""The version of the program's own words."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LetterState:
    """`made`: by whom and when it was decided; None where nobody has. `own`: what is said otherwise. `is_shipped`: it
    is the program's, and meant to be."""

    made: Made | None
    own: dict[str, str]
    is_shipped: bool

    @property
    def version(self) -> int:
        return self.made.version if self.made else NOBODYS


async def get_own_words(session: AsyncSession, kind: str, locale: str) -> dict[str, str]:
    """What is said otherwise than by the program. Whatever is the matter with it, a letter can be written."""
    return _fitting(await get_saved_words(session, kind, locale), kind, locale)


async def latest_version(session: AsyncSession, kind: str, locale: str) -> int:
    newest = select(func.max(LetterVersion.version))
    found = newest.where(LetterVersion.kind == kind, LetterVersion.locale == locale)
    return (await session.exec(found)).one() or NOBODYS


async def get_letter_state(session: AsyncSession, kind: str, locale: str) -> LetterState:
    version = await latest_version(session, kind, locale)
    if version == NOBODYS:
        return LetterState(None, {}, is_shipped=True)
    which = (LetterVersion.kind == kind, LetterVersion.locale == locale, LetterVersion.version == version)
    at = (await session.exec(select(LetterVersion.created_at).where(*which))).one()
    made = Made(version, at, await author_of(session, entity_of(kind, locale, version)), is_default=False)
    saved = await get_saved_words(session, kind, locale)
    return LetterState(made, _fitting(saved, kind, locale), is_shipped=saved == {})


def entity_of(kind: str, locale: str, version: int) -> str:
    """What the audit trail calls it."""
    return f"letter:{kind}:{locale}:{version}"


async def get_saved_words(session: AsyncSession, kind: str, locale: str) -> object:
    """As they stand in the table: a mapping, unless somebody wrote there by hand."""
    query = select(LetterVersion.version, LetterVersion.words)
    query = query.where(LetterVersion.kind == kind, LetterVersion.locale == locale)
    try:
        row = (await session.exec(query.order_by(col(LetterVersion.version).desc()).limit(1))).first()
    except ValueError:
        log.exception("letter.words_unreadable", kind=kind, locale=locale)  # it is not even JSON
        return None
    return {} if row is None else row[1]


def _fitting(saved: object, kind: str, locale: str) -> dict[str, str]:
    own = fitting(saved, words_of(kind, locale))
    if own != saved:
        left_out = sorted(set(saved) - set(own)) if isinstance(saved, dict) else "all"
        log.warning("letter.words_do_not_fit", kind=kind, locale=locale, left_out=left_out)
    return own
