"""Logs: one line an event, JSON for machines or plain for people, never the text of a message nor a token."""

import logging
import re
import sys
from typing import Any

import structlog

DETAIL = re.compile(r"^DETAIL: .*\n?", re.MULTILINE)
"""The line in which PostgreSQL quotes the row that it did not take."""


def configure_logs(*, json: bool) -> None:
    """Send our own and the libraries' records the same way."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,  # never with the values of variables, as rich tracebacks are
        keep_to_oneself,
    ]
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer() if json else plain,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def keep_to_oneself(_logger: object, _name: str, event: Any) -> Any:
    """No rows in tracebacks, and nothing from outside that a terminal would obey: no new line, no colour, no title."""
    if isinstance(trace := event.get("exception"), str):
        event["exception"] = DETAIL.sub("", trace)
    return {key: _inert(value, lines=key == "exception") for key, value in event.items()}


def _inert(value: object, *, lines: bool) -> object:
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(char if char.isprintable() or (lines and char == "\n") else ascii(char)[1:-1] for char in value)
