"""The words of the pages, in the reader's language: one locale a page, nothing mixed."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request

FOLDER = Path(__file__).parents[1] / "locales"
NAMESPACES = ("shared", "process", "pages", "admin")
LOCALES = ("es-MX", "en")

CHOICE = "chatserver_lang"
"""The cookie that keeps a choice made with `?lang=`."""


@dataclass(frozen=True, slots=True)
class Words:
    """In templates: `t("nav.tickets")`, with what to fill in by name. A key that is not there is a bug, and raises."""

    locale: str

    def __call__(self, key: str, **params: object) -> str:
        return texts(self.locale)[key].format(**params)

    def refusal(self, code: str) -> str:
        """Why a command was not carried out; codes without words of their own get a general one."""
        known = texts(self.locale)
        return known.get(f"refused.{code}", known["refused.unknown"])

    def maybe(self, key: str, **params: object) -> str:
        """For keys out of the database: a key that this version does not know is shown as nothing."""
        return self(key, **params) if key in texts(self.locale) else ""


@cache
def texts(locale: str) -> dict[str, str]:
    """All texts of a locale by their key."""
    merged: dict[str, str] = {}
    for namespace in NAMESPACES:
        merged |= json.loads((FOLDER / locale / f"{namespace}.json").read_text("utf-8"))
    return merged


def pick_locale(request: Request, known: str | None = None) -> str:
    """`?lang=`, else the choice made before, else the `known` one of a client, else the first of the
    browser's that we speak, else Spanish."""
    accepted = (part.partition(";")[0].strip() for part in request.headers.get("accept-language", "").split(","))
    for tag in (request.query_params.get("lang", ""), request.cookies.get(CHOICE, ""), known or "", *accepted):
        language = tag.partition("-")[0].lower()
        if found := next((locale for locale in LOCALES if locale.partition("-")[0] == language), None):
            return found
    return LOCALES[0]
