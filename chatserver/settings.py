"""Every setting, read once from the environment (`CHATSERVER_…`), validated, frozen."""

import os
from difflib import get_close_matches
from ipaddress import ip_network
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chatserver.errors import ConfigurationError
from chatserver.file_settings import FileSettings
from chatserver.mail_settings import MailSettings
from chatserver.process.rules import Timers
from chatserver.process.ticket_waits import TicketWaits

PREFIX = "CHATSERVER_"

GROUPS = {
    "timers": Timers.model_fields,
    "tickets": TicketWaits.model_fields,
    "mail": MailSettings.model_fields,
    "files": FileSettings.model_fields,
}

PRIVATE = ("URL", "TOKEN", "SECRET", "PASSWORD")
"""What stands in the name of a setting whose value is nobody's business, not even when it is wrong."""


class Settings(BaseSettings):
    """`CHATSERVER_DATABASE_URL=…`, `CHATSERVER_TIMERS__AGENT_GONE=30` and so on."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="ignore", validate_default=True
    )

    database_url: str = "sqlite+aiosqlite:///chatserver.db"
    redis_url: str | None = None
    redis_prefix: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,32}$")] = "chatserver"
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    trusted_proxies: tuple[str, ...] = ()
    login_idle_hours: Annotated[float, Field(gt=0, le=24 * 30)] = 12
    visitor_idle_hours: Annotated[float, Field(gt=0, le=24 * 365)] = 12
    sockets_per_address: Annotated[int, Field(ge=1)] = 200
    forms_per_address: Annotated[int, Field(ge=1)] = 60
    folio_prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,4}$")] = "PG"
    log_json: bool = True
    metrics_token: Annotated[SecretStr, Field(min_length=16)] | None = None
    timers: Timers = Timers()
    tickets: TicketWaits = TicketWaits()
    mail: MailSettings = MailSettings()
    files: FileSettings = FileSettings()

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("must start with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        return value

    @field_validator("redis_url")
    @classmethod
    def _known_broker(cls, value: str | None) -> str | None:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must start with redis://, rediss:// or unix://")
        return value or None

    @field_validator("base_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("must be an address without a path, such as https://chat.example.com")
        return value.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            ip_network(entry)
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> "Settings":
        if self.workers > 1 and self.sqlite:
            raise ValueError("CHATSERVER_WORKERS above 1 needs PostgreSQL: set CHATSERVER_DATABASE_URL")
        if self.workers > 1 and not self.redis_url:
            raise ValueError(
                "CHATSERVER_WORKERS above 1 needs Redis to carry events between them: set CHATSERVER_REDIS_URL"
            )
        return self

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https, so that cookies may say so."""
        return self.base_url.startswith("https://")


def load_settings(**overrides: Any) -> Settings:
    """The settings of this process. Raises `ConfigurationError` that names each wrong variable and what it may be."""
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and not _is_known(name))
    if unknown:
        raise ConfigurationError("\n".join(_guess(name) for name in unknown))
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = [_explain(item["loc"], item["msg"], item.get("input")) for item in error.errors(include_url=False)]
        raise ConfigurationError("\n".join(lines)) from None


def _is_known(name: str) -> bool:
    field, _, rest = name.removeprefix(PREFIX).lower().partition("__")
    return field in Settings.model_fields and (not rest or rest in GROUPS.get(field, {}))


def _guess(name: str) -> str:
    """A mistyped variable would otherwise be obeyed by nobody, and noticed by nobody."""
    names = [f"{PREFIX}{field}".upper() for field in Settings.model_fields]
    names += [f"{PREFIX}{group}__{field}".upper() for group, fields in GROUPS.items() for field in fields]
    near = get_close_matches(name, names, 1)
    return f"{name}: there is no such setting" + (f"; did you mean {near[0]}?" if near else "")


def _explain(loc: tuple[int | str, ...], message: str, value: object) -> str:
    if not loc:
        return message.removeprefix("Value error, ")
    name = PREFIX + "__".join(str(part) for part in loc).upper()
    shown = "" if isinstance(value, dict) or any(word in name for word in PRIVATE) else f" (it is {value!r})"
    return f"{name}: {message.removeprefix('Value error, ')}{shown}"
