"""The desk's account in the tests of mail."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from chatserver.mail_settings import MailSettings

SECRET = SecretStr("0123456789abcdef0123456789abcdef")
ADDRESS = "ayuda@desk.example"
NOW = datetime(2026, 11, 17, 15, 40, tzinfo=UTC)


def account(**changes: object) -> MailSettings:
    fields: dict[str, object] = {"address": ADDRESS, "secret": SECRET, "smtp_host": "127.0.0.1", **changes}
    return MailSettings.model_validate(fields)


def environment(settings: MailSettings, folder: Path) -> dict[str, str]:
    """The same account, as an operator sets it."""
    given = {name: value for name, value in settings.model_dump().items() if name in settings.model_fields_set}
    plain = {
        name: value.get_secret_value() if hasattr(value, "get_secret_value") else value for name, value in given.items()
    }
    told = {f"CHATSERVER_MAIL__{name.upper()}": str(value) for name, value in plain.items() if value is not None}
    return told | {"CHATSERVER_FILES__FOLDER": str(folder)}
