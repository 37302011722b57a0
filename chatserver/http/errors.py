"""What a reader sees when something did not work: what happened, what was kept, what to do next; never a trace."""

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import Request
from starlette.responses import Response

from chatserver.errors import Refused
from chatserver.http.page import render
from chatserver.http.words import LOCALES, texts

log = structlog.get_logger()

STATUS = {
    "not_found": 404,
    "link_gone": 404,
    "not_allowed": 403,
    "foreign_form": 403,
    "too_big": 413,
    "too_slow": 408,
    "too_often": 429,
}
"""What a refusal is over HTTP; any other is a 422."""

HALF_READ = ("foreign_form", "too_big", "too_slow")
"""Answers given before the whole request came: nobody waits for the rest of it."""


def answer_error(request: Request, error: Exception) -> Response:
    """The page for an error. What is ours to mend is logged; a refusal is an ordinary answer."""
    if isinstance(error, Refused):
        headers = {"Connection": "close"} if error.code in HALF_READ else {}
        if error.retry_after:
            headers["Retry-After"] = f"{error.retry_after:.0f}"
        return error_page(request, STATUS.get(error.code, 422), error.code, headers)
    log.error("http.failed", path=place_of(request), exc_info=error)
    if isinstance(error, DBAPIError | PoolTimeoutError | OSError):
        return error_page(request, 503, "unavailable", {"Retry-After": "5"})
    return error_page(request, 500, "failed")


def place_of(request: Request) -> str:
    """The path, without what opens a client's page: a log never holds that."""
    link = request.path_params.get("link")
    return request.url.path.replace(link, "{link}") if link else request.url.path


def error_page(request: Request, status: int, code: str, headers: dict[str, str] | None = None) -> Response:
    """A refusal that has no page of its own gets the one for any."""
    known = code if f"error.{code}.title" in texts(LOCALES[0]) else "refused"
    return render(request, "error.html", status=status, headers=headers, code=known)
