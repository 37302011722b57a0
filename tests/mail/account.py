"""The desk's account in the tests of mail."""

from datetime import UTC, datetime

from pydantic import SecretStr

from chatserver.mail_settings import MailSettings

SECRET = SecretStr("0123456789abcdef0123456789abcdef")
ADDRESS = "ayuda@desk.example"
NOW = datetime(2026, 11, 17, 15, 40, tzinfo=UTC)


def account(**changes: object) -> MailSettings:
    fields: dict[str, object] = {"address": ADDRESS, "secret": SECRET, "smtp_host": "127.0.0.1", **changes}
    return MailSettings.model_validate(fields)
