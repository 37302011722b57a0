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
