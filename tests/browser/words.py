"""The faces' own words, so that a test asks for the button by its meaning and not by this week's wording."""

import json
from functools import cache

from chatserver.http.words import FOLDER


@cache
def words(namespace: str, locale: str = "es-MX") -> dict[str, str]:
    texts: dict[str, str] = json.loads((FOLDER / locale / f"{namespace}.json").read_text("utf-8"))
    return texts
