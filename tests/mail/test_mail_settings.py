"""An account that cannot work is refused at the start, by name, and without showing its secrets."""

import pytest

from chatserver.errors import ConfigurationError
from chatserver.settings import load_settings

SECRET = "s" * 32
OUT = {"ADDRESS": "ayuda@desk.example", "SECRET": SECRET, "SMTP_HOST": "smtp.desk.example"}
IN = {"ADDRESS": "ayuda@desk.example", "SECRET": SECRET, "IMAP_HOST": "imap.desk.example"}
READER = {"IMAP_USER": "ayuda", "IMAP_PASSWORD": "hidden"}


def test_nothing_set_means_no_mail() -> None:
    mail = load_settings().mail
    assert (mail.sends, mail.receives) == (False, False)


def test_an_account_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    set_mail(monkeypatch, {**OUT, **IN, **READER, "ADDRESS": "Ayuda@Desk.example"})
    mail = load_settings().mail
    assert (mail.sends, mail.receives) == (True, True)
    assert (mail.own_address, mail.own_domain) == ("ayuda@desk.example", "desk.example")


REFUSALS = [
    ({"SMTP_HOST": "smtp.desk.example"}, "CHATSERVER_MAIL__ADDRESS"),
    ({"SMTP_HOST": "smtp.desk.example", "ADDRESS": "a@desk.example"}, "CHATSERVER_MAIL__SECRET"),
    ({**OUT, "ADDRESS": "nobody"}, "must be an e-mail address"),
    ({**OUT, "ADDRESS": "a+b@desk.example"}, "no + among them"),
    ({**OUT, "ADDRESS": f"{'a' * 24}@desk.example"}, "at most 23 characters"),
    ({**OUT, "SECRET": "hidden"}, "CHATSERVER_MAIL__SECRET"),
    ({**OUT, "SMTP_HOST": "a b"}, "CHATSERVER_MAIL__SMTP_HOST"),
    ({**OUT, "SMTP_PORT": "0"}, "CHATSERVER_MAIL__SMTP_PORT"),
    ({**OUT, "SMTP_PASSWORD": "hidden"}, "go together"),
    ({**OUT, "SMTP_USER": "a", "SMTP_PASSWORD": "hidden", "SMTP_SECURITY": "none"}, "in clear"),
    ({**IN, "IMAP_USER": "a"}, "CHATSERVER_MAIL__IMAP_PASSWORD"),
    ({**IN, **READER, "IMAP_SECURITY": "none"}, "in clear"),
    ({**OUT, "CA_FILE": "/nowhere/ca.pem"}, "in PEM"),
    ({**OUT, "SMTP_HOTS": "x"}, "did you mean CHATSERVER_MAIL__SMTP_HOST?"),
]


@pytest.mark.parametrize(("variables", "said"), REFUSALS)
def test_what_cannot_work_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    set_mail(monkeypatch, variables)
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert said in str(refused.value)
    assert SECRET not in str(refused.value)
    assert "hidden" not in str(refused.value)


def set_mail(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"CHATSERVER_MAIL__{name}", value)
