"""A client's name for a file, fit to be shown: it is never a path, never hides what it is, never decides anything."""

import re
import unicodedata

from chatserver.files.kinds import KEY_ENDINGS, Kind, key_material

LONGEST = 100

_RESERVED = re.compile(r'[<>:"|?*]')


def display_name(raw: str, kind: Kind) -> str:
    """The last part of the name, without what cannot be seen or turns text about, ending as its kind does.

    `../../factura.exe` of a PDF is `factura.exe.pdf`. Raises `Refused` for what is named as a key.
    """
    seen = "".join(char for char in unicodedata.normalize("NFC", raw) if unicodedata.category(char)[0] != "C")
    name = re.split(r"[/\\]", seen)[-1]
    name = " ".join(_RESERVED.sub("_", name).split()).strip(". ")
    if name.lower().endswith(KEY_ENDINGS):
        raise key_material()
    stem, dot, ending = name.rpartition(".")
    if dot and stem and f".{ending.lower()}" in kind.endings:
        return _cut(stem) + dot + ending
    return _cut(name or "file") + kind.endings[0]


def _cut(stem: str) -> str:
    return stem[:LONGEST].rstrip(". ") or "file"
