"""How a page is made: a template, the reader's words, the desk's times, and who is reading."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import jinja2
from babel.numbers import format_decimal
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from chatserver.file_settings import MIB
from chatserver.http import times
from chatserver.http.words import CHOICE, LOCALES, Words, pick_locale

TEMPLATES = Path(__file__).parents[1] / "templates"
ZONE = "America/Monterrey"
"""The help desk's zone, for pages that are about no portal."""


@cache
def environment() -> jinja2.Environment:
    """Everything is escaped, and a name that a template expects and nobody gave is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    zone: str = ZONE,
    known_locale: str | None = None,
    **context: Any,
) -> Response:
    """A page in the reader's language: what they chose, else `known_locale`, else their browser's. Times
    are shown in `zone`."""
    words = Words(pick_locale(request, known_locale))
    body = (
        environment()
        .get_template(template)
        .render(
            t=words,
            actor=getattr(request.state, "actor", None),
            path=request.url.path,
            demo=request.app.state.demo,
            new_id=lambda: str(uuid4()),
            max_file=request.app.state.settings.files.max_bytes,
            file_size=lambda size: file_size(size, words),
            **_clock(request, zone, words),
            **context,
        )
    )
    response = HTMLResponse(body, status, headers)
    response.headers["Content-Language"] = words.locale
    response.headers["Vary"] = "Accept-Language, Cookie"
    if request.query_params.get("lang") in LOCALES:
        response.set_cookie(CHOICE, words.locale, max_age=365 * 24 * 3600, httponly=True, samesite="lax")
    return response


def _clock(request: Request, zone: str, words: Words) -> dict[str, Any]:
    now = now_of(request)
    return {
        "now": now,
        "near": lambda at, there=zone: times.near(at, now, there, words),
        "full": lambda at, there=zone: times.with_day(at, now, there, words),
        "exact": lambda at, there=zone: times.exact(at, there, words),
        "day": lambda date: times.day_of(date, words),
    }


def file_size(size: int, words: Words) -> str:
    """As people say it: `120 KB`, `1.4 MB`."""
    number, unit = (size / 1024, "KB") if size < MIB else (size / MIB, "MB")
    return f"{format_decimal(max(number, 0.1), '#,##0.#', locale=words.locale.replace('-', '_'))} {unit}"


def now_of(request: Request) -> datetime:
    now: datetime = request.app.state.context.clock.now()
    return now
