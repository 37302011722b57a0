"""The words of a notice that an administrator may say otherwise than the program: what they must hold, and which hold.

A word is known by its key in the locales without `mail.`: `subject`, `told.opened`, `after.validated.one_day`. What is
filled in stands in braces: all that the program's own words fill in and nothing else, so that a letter that can be
written in the one can be written in the other, and no date that is promised gets lost.
"""

import re
from collections.abc import Mapping

from chatserver.errors import Refused
from chatserver.process.fields import clean_line
from chatserver.process.ticket_names import Notice

KINDS = (*Notice, "progress")
"""The last brings what a person wrote, and is no notice of the table of moves."""

LONGEST_SUBJECT = 120
LONGEST = 600

_PLACE = re.compile(r"\{([a-z_]+)\}")


def places_of(text: str) -> frozenset[str]:
    """The names of what is filled into a text."""
    return frozenset(_PLACE.findall(text))


def limit_of(key: str) -> int:
    return LONGEST_SUBJECT if key == "subject" else LONGEST


def read_words(told: Mapping[str, str], shipped: Mapping[str, str]) -> dict[str, str]:
    """Of what was typed, what says it otherwise than `shipped`, each in its one form. Raises `Refused`: stray_brace,
    unknown_place, place_missing, and for what is no line of a fitting length."""
    read = {key: read_word(told.get(key, ""), key, own) for key, own in shipped.items()}
    return {key: text for key, text in read.items() if text != shipped[key]}


def read_word(text: str, key: str, shipped: str) -> str:
    """One of them. Raises `Refused` as `read_words` does."""
    line = clean_line(text, key, limit_of(key))
    if re.search(r"[{}]", _PLACE.sub("", line)):
        raise Refused("stray_brace", "A brace stands only around the name of what is filled in.", field=key)
    told, known = places_of(line), places_of(shipped)
    if unknown := told - known:
        raise Refused("unknown_place", f"Nothing is filled in for {', '.join(sorted(unknown))}.", field=key)
    if missing := known - told:
        raise Refused("place_missing", f"It does not say {', '.join(sorted(missing))}.", field=key)
    return line


def fitting(saved: object, shipped: Mapping[str, str]) -> dict[str, str]:
    """Of words that were saved once, those that a letter can be written in now: the program's may have changed
    since."""
    found: dict[str, str] = {}
    for key, text in saved.items() if isinstance(saved, dict) else ():
        if key in shipped and isinstance(text, str):
            try:
                found[key] = read_word(text, key, shipped[key])
            except Refused:
                continue  # left out: whoever asks sees what is missing, and says so
    return found
