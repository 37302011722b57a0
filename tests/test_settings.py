"""Settings: each mistake is refused at the start, with the variable's name and what it may be."""

import os
from pathlib import Path

import pytest

from chatserver.errors import ConfigurationError
from chatserver.settings import Settings, load_settings

POSTGRES = "postgresql+asyncpg://localhost/chatserver"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own."""
    for name in list(os.environ):
        if name.startswith("CHATSERVER_"):
            monkeypatch.delenv(name)


def test_the_defaults_are_one_process_on_sqlite() -> None:
    settings = load_settings()
    assert settings.sqlite
    assert (settings.workers, settings.redis_url, settings.secure) == (1, None, False)


def test_variables_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATSERVER_BASE_URL", "https://chat.example.com/")
    monkeypatch.setenv("CHATSERVER_TIMERS__AGENT_GONE", "40")
    settings = load_settings()
    assert (settings.base_url, settings.secure) == ("https://chat.example.com", True)
    assert settings.timers.agent_gone.total_seconds() == 40


REFUSALS = [
    ({"WORKERS": "2"}, "needs PostgreSQL: set CHATSERVER_DATABASE_URL"),
    ({"WORKERS": "2", "DATABASE_URL": POSTGRES}, "needs Redis"),
    ({"WORKERS": "0"}, "CHATSERVER_WORKERS"),
    ({"DATABASE_URL": "mysql://localhost/x"}, "sqlite+aiosqlite:/// or postgresql+asyncpg://"),
    ({"REDIS_URL": "localhost:6379"}, "redis://, rediss:// or unix://"),
    ({"BASE_URL": "chat.example.com"}, "such as https://chat.example.com"),
    ({"BASE_URL": "https://chat.example.com/sub"}, "without a path"),
    ({"PORT": "70000"}, "CHATSERVER_PORT"),
    ({"PORT": "eight"}, "CHATSERVER_PORT"),
    ({"TRUSTED_PROXIES": '["10.0.0.0/33"]'}, "CHATSERVER_TRUSTED_PROXIES"),
    ({"FOLIO_PREFIX": "folio"}, "CHATSERVER_FOLIO_PREFIX"),
    ({"LOGIN_IDLE_HOURS": "0"}, "CHATSERVER_LOGIN_IDLE_HOURS"),
    ({"TIMERS__WRAP_UP": "-1"}, "must be a number of seconds"),
    ({"TIMERS__OFFER_NUDGE": "500"}, "offer_nudge <= offer_alert <= offer_missed must hold"),
]


@pytest.mark.parametrize(("variables", "said"), REFUSALS)
def test_what_cannot_work_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"CHATSERVER_{name}", value)
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert said in str(refused.value)


def test_a_mistaken_address_is_named_and_its_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATSERVER_DATABASE_URL", "mysql://somebody:secret@localhost/x")
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert "CHATSERVER_DATABASE_URL" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_every_mistake_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATSERVER_PORT", "-1")
    monkeypatch.setenv("CHATSERVER_FOLIO_PREFIX", "x")
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert len(str(refused.value).splitlines()) == 2


def test_every_setting_stands_in_the_readme() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    names = {f"CHATSERVER_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in names if name not in readme} == set()
