"""What an operator may paste into the command line: refused in one line or taken as it is, never half, never obeyed."""

import pytest
from sqlmodel import select

from chatserver.models import Agent, Portal
from tests.test_cli import Cli, read, runner

PASSWORD = "correct horse battery"

ODD = (
    "[/x]",
    "[bold]Ana",
    "x\0y",
    "x" * 5000,
    "\x1b[31mAna",
    "\u202eanA",
    "\u200b",
    "' OR 1=1 --",
    "<b>",
    "{name}",
    "%s",
)


@pytest.fixture
def cli(postgresql_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    monkeypatch.setenv("CHATSERVER_DATABASE_URL", postgresql_url)
    return runner(monkeypatch, capsys)


def test_odd_names_of_staff(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    async def quickly(_password: str) -> str:
        return "-"

    monkeypatch.setattr("chatserver.cli.users.hash_password", quickly)
    for number, odd in enumerate(ODD):
        account = ("--role", "agent", "--name", odd, "--team", odd, "--language", "es")
        done, _, said = cli("user", "add", f"ana{number}", *account, "--password-stdin", stdin=PASSWORD)
        assert done in (0, 1), said
        assert "Traceback" not in said
        assert "database" not in said, odd
        done, _, said = cli("user", "add", odd, "--password-stdin", stdin=PASSWORD)
        assert done in (0, 1), said
        assert "database" not in said, odd
    done, listed, _ = cli("user", "list")
    assert done == 0
    assert "[/x]" in listed
    assert "\x1b[31m" not in listed
    for agent in read(select(Agent)):
        assert agent.name.isprintable()
        assert agent.login.isprintable()
        assert 0 < len(agent.name) <= 80


def test_odd_portals(cli: Cli) -> None:
    for number, odd in enumerate(ODD[:6]):
        for option in ("--team", "--topic", "--privacy-version", "--key"):
            done, _, said = cli("portal", "add", f"portal {number}", option, odd)
            assert done in (0, 1), said
            assert "database" not in said, (option, odd)
        done, _, said = cli("portal", "add", odd)
        assert "database" not in said, odd
    assert cli("portal", "list")[0] == 0
    for portal in read(select(Portal)):
        assert all(text.isprintable() for text in (portal.name, portal.public_key, portal.privacy_version))


NO_ORIGINS = (
    "*",
    "https://*.example.com",
    "https://portal.example.com/path",
    "https://user@portal.example.com",
    "https://portal.example.com?x",
    "https://portal.example.com#x",
    "javascript:alert(1)",
    "null",
    "portal.example.com",
    "https://portal.example.com:99999",
    "https://",
    "https://a b",
    "https://a..b",
    "https://" + "a" * 70 + ".example",
    "https://a;b",
    "https://a\tb",
    "file:///etc",
)


def test_only_exact_origins_are_let_in(cli: Cli) -> None:
    for origin in NO_ORIGINS:
        done, _, said = cli("portal", "add", "Portal", "--origin", origin)
        assert done == 1, (origin, said)
    assert read(select(Portal)) == []


def test_the_privacy_notice_is_a_web_page(cli: Cli) -> None:
    assert cli("portal", "add", "Portal", "--key", "key")[0] == 0
    for url in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "https://x\ny", "x"):
        assert cli("portal", "add", "Portal", "--privacy-url", url)[0] == 1, url
        assert cli("portal", "set", "key", "--privacy-url", url)[0] == 1, url


def test_a_password_is_no_argument_and_not_said_back(cli: Cli) -> None:
    done, out, said = cli("user", "add", "ana", "--password-stdin", stdin=PASSWORD)
    assert done == 0
    assert PASSWORD not in out + said
    assert cli("user", "add", "ben", "--password", PASSWORD)[0] == 2
    for weak in ("", "short", "aaaaaaaaaaaaaaaa", "x" * 300):
        assert cli("user", "password", "ana", "--password-stdin", stdin=weak)[0] == 1
