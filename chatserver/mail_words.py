"""The words of mails, in the client's language."""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "locales"


@cache
def texts(locale: str) -> dict[str, str]:
    """All texts of a locale that mails use, by their key."""
    merged: dict[str, str] = {}
    for namespace in ("shared", "process", "mail"):
        merged |= json.loads((FOLDER / locale / f"{namespace}.json").read_text("utf-8"))
    return merged


def words_of(kind: str, locale: str) -> dict[str, str]:
    """What the program itself says in a kind of notice, by key without `mail.`: its subject, what is told, and what
    comes after."""
    known = {key.removeprefix("mail."): text for key, text in texts(locale).items() if key.startswith("mail.")}
    own = tuple(f"{part}.{kind}" for part in ("told", "after"))
    begins = tuple(f"{part}." for part in own)
    return {key: text for key, text in known.items() if key in ("subject", *own) or key.startswith(begins)}
