"""The command line as a person uses it: what it does, what it says, what it exits with."""

import asyncio
import io
import json
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from chatserver.cli import main
from chatserver.cli.run import context_of
from chatserver.demo import CAST
from chatserver.models import Agent, AuditEntry, CalendarVersion, LoginSession, Portal
from chatserver.passwords import verify_password
from chatserver.settings import load_settings
from tests.servers import RedisServer

PASSWORD = "correct horse battery"

T = TypeVar("T")
Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command on a fresh database. Returns exit code, output and complaints."""
    monkeypatch.setenv("CHATSERVER_DATABASE_URL", database_url)
    return runner(monkeypatch, capsys)


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run


def read(query: Any) -> list[Any]:
    async def work(session: AsyncSession) -> list[Any]:
        return list(await session.exec(query))

    return in_database(work)


def in_database(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    async def run() -> T:
        async with context_of(load_settings()) as context, context.db.transaction() as transaction:
            return await work(transaction.session)

    return asyncio.run(run())


def add_user(cli: Cli, login: str = "ana@example.com", *more: str) -> None:
    code, _, complaints = cli("user", "add", login, *more, "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (code, complaints) == (0, "")


def test_an_account_is_made_with_all_that_is_said_of_it(cli: Cli) -> None:
    add_user(
        cli, "Ana@Example.com", "--name", "Ana", "--role", "supervisor", "--level", "2", "--team", "pac",
        "--language", "es", "--language", "en", "--capacity", "5",
    )  # fmt: skip
    (agent,) = read(select(Agent))
    assert (agent.login, agent.name, agent.role, agent.level) == ("ana@example.com", "Ana", "supervisor", 2)
    assert (agent.teams, agent.languages, agent.capacity) == (["pac"], ["es", "en"], 5)
    assert asyncio.run(verify_password(agent.password_hash, PASSWORD))
    (entry,) = read(select(AuditEntry))
    assert (entry.actor, entry.action) == ("system:command-line", "add_staff")
    assert PASSWORD not in json.dumps(entry.details)


def test_the_password_is_asked_for_and_not_shown(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_, **options: PASSWORD if options["hide_input"] else None)
    code, output, _ = cli("user", "add", "ana")
    assert code == 0
    assert PASSWORD not in output
    assert "ana (ana) can log in as agent." in output


@pytest.mark.parametrize("password", ["short", "ana@example.com", "aaaaaaaaaaaaaaa"])
def test_a_weak_password_makes_no_account(cli: Cli, password: str) -> None:
    code, _, complaints = cli("user", "add", "ana@example.com", "--password-stdin", stdin=password)
    assert code == 1
    assert "password" in complaints
    assert read(select(Agent)) == []


def test_a_login_is_given_once(cli: Cli) -> None:
    add_user(cli)
    code, _, complaints = cli("user", "add", "ANA@example.com", "--password-stdin", stdin=PASSWORD)
    assert code == 1
    assert "already" in complaints


def test_an_account_is_changed_only_where_something_is_said(cli: Cli) -> None:
    add_user(cli, "ana@example.com", "--name", "Ana", "--level", "2")
    assert cli("user", "set", "ana@example.com", "--role", "admin", "--capacity", "0")[0] == 0
    (agent,) = read(select(Agent))
    assert (agent.name, agent.level, agent.role, agent.capacity) == ("Ana", 2, "admin", 0)


def test_a_new_password_ends_all_sessions(cli: Cli) -> None:
    add_user(cli)
    (agent,) = read(select(Agent))

    async def log_in(session: AsyncSession) -> None:
        began = {"created_at": agent.created_at, "used_at": agent.created_at}
        session.add(LoginSession(agent_id=agent.id, token_hash="x", **began))

    in_database(log_in)
    assert cli("user", "password", "ana@example.com", "--password-stdin", stdin="quite another phrase")[0] == 0
    (login,) = read(select(LoginSession))
    assert login.revoked_at is not None


def test_a_disabled_account_can_be_opened_again(cli: Cli) -> None:
    add_user(cli)
    assert cli("user", "disable", "ana@example.com")[0] == 0
    assert read(select(Agent))[0].disabled_at is not None
    assert "disabled" in cli("user", "list")[1]
    assert cli("user", "set", "ana@example.com", "--enable")[0] == 0
    assert read(select(Agent))[0].disabled_at is None


@pytest.mark.parametrize("command", ["disable", "set"])
def test_an_unknown_account_is_named(cli: Cli, command: str) -> None:
    code, _, complaints = cli("user", command, "nobody")
    assert code == 1
    assert "nobody" in complaints


def test_a_portal_is_made_and_the_snippet_printed(cli: Cli) -> None:
    code, output, _ = cli("portal", "add", "Facturas", "--origin", "https://Portal.Example.com:443/")
    assert code == 0
    (portal,) = read(select(Portal))
    assert portal.origins == ["https://portal.example.com"]
    assert f'<script async src="http://127.0.0.1:8000/widget.js" data-key="{portal.public_key}"' in output
    assert "connect-src http://127.0.0.1:8000 ws://127.0.0.1:8000" in output
    assert re.fullmatch(r"[\w-]{16,}", portal.public_key)


@pytest.mark.parametrize(
    "origin",
    [
        "portal.example.com",
        "https://*.example.com",
        "https://a.example/b",
        "https://u@a.example",
        "ftp://a",
        "null",
        "",
    ],
)
def test_what_is_not_an_exact_origin_is_refused(cli: Cli, origin: str) -> None:
    code, _, complaints = cli("portal", "add", "Facturas", "--origin", origin)
    assert code == 1
    assert "is not an origin" in complaints
    assert read(select(Portal)) == []


@pytest.mark.parametrize("option", [("--accent", "blue"), ("--locale", "fr")])
def test_what_the_widget_could_not_show_is_refused(cli: Cli, option: tuple[str, str]) -> None:
    assert cli("portal", "add", "Facturas", *option)[0] == 1


def test_a_portal_is_changed_only_where_something_is_said(cli: Cli) -> None:
    cli("portal", "add", "Facturas", "--key", "facturas", "--origin", "https://a.example", "--topic", "Timbrado")
    code, _, _ = cli("portal", "set", "facturas", "--origin", "https://b.example", "--privacy-version", "2026-11")
    assert code == 0
    (portal,) = read(select(Portal))
    assert (portal.name, portal.topics) == ("Facturas", ["Timbrado"])
    assert (portal.origins, portal.privacy_version) == (["https://b.example"], "2026-11")
    assert "https://b.example" in cli("portal", "list")[1]
    assert cli("portal", "set", "nothing")[0] == 1


HOURS = {"zone": "America/Tijuana", "weekly": [[{"start": "09:00", "end": "17:00"}]] * 5 + [[], []], "country": "MX"}


def test_hours_of_its_own_leave_the_help_desks_alone(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "hours.json"
    file.write_text(json.dumps(HOURS))
    cli("portal", "add", "Uno", "--key", "uno")
    cli("portal", "add", "Dos", "--key", "dos")
    assert cli("portal", "set", "uno", "--hours", str(file))[0] == 0
    assert cli("portal", "set", "uno", "--hours", str(file))[0] == 0
    file.write_text(json.dumps(HOURS | {"zone": "America/Cancun"}))
    assert cli("portal", "set", "uno", "--hours", str(file))[0] == 0
    portals = {portal.public_key: portal.calendar_id for portal in read(select(Portal))}
    assert portals["uno"] != portals["dos"]
    versions = [(row.calendar_id, row.version) for row in read(select(CalendarVersion))]
    assert sorted(versions) == [(portals["dos"], 1), (portals["uno"], 1), (portals["uno"], 2)]


NEVER_OPEN = json.dumps({"zone": "UTC", "weekly": [[]] * 7})


@pytest.mark.parametrize("text", ["{", '{"zone": "Mars/Olympus", "weekly": []}', NEVER_OPEN])
def test_hours_that_make_no_sense_are_refused_with_the_reason(cli: Cli, tmp_path: Path, text: str) -> None:
    file = tmp_path / "hours.json"
    file.write_text(text)
    code, _, complaints = cli("portal", "add", "Facturas", "--hours", str(file))
    assert code == 1
    assert "hours.json" in complaints


def found_by_doctor() -> int:
    """The tests' PostgreSQL answers before it has written, for speed: what doctor must not let pass."""
    return 1 if os.environ["CHATSERVER_DATABASE_URL"].startswith("postgresql") else 0


def test_doctor_says_that_postgresql_may_lose_what_it_acknowledged(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, postgresql_url: str
) -> None:
    monkeypatch.setenv("CHATSERVER_DATABASE_URL", postgresql_url)
    code, output, _ = cli("doctor")
    assert code == 1
    assert "synchronous_commit and fsync off in PostgreSQL" in output


def test_doctor_tells_what_is_there_and_what_is_not(cli: Cli) -> None:
    code, output, _ = cli("doctor")
    assert code == found_by_doctor()
    assert "has this version's tables" in output
    assert "accounts: none yet" in output
    add_user(cli)
    assert "accounts: 1" in cli("doctor")[1]


def test_doctor_finds_an_unmigrated_database(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHATSERVER_DATABASE_URL", empty_database_url)
    cli = runner(monkeypatch, capsys)
    code, output, _ = cli("doctor")
    assert code == 1
    assert "chatserver migrate" in output
    assert cli("migrate")[0] == 0
    assert cli("doctor")[0] == found_by_doctor()


def test_doctor_asks_the_broker(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, redis_server: RedisServer, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHATSERVER_REDIS_URL", redis_server.url)
    assert "Redis answers" in cli("doctor")[1]
    monkeypatch.setenv("CHATSERVER_REDIS_URL", f"unix://{tmp_path}/nothing.sock")
    code, output, _ = cli("doctor")
    assert code == 1
    assert "Redis does not answer" in output


def test_wrong_settings_are_listed_and_exit_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHATSERVER_PORT", "x")
    code, _, complaints = runner(monkeypatch, capsys)("doctor")
    assert code == 2
    assert "CHATSERVER_PORT" in complaints
    assert "Traceback" not in complaints


@pytest.mark.parametrize(
    ("variables", "said"),
    [({}, "PostgreSQL"), ({"CHATSERVER_DATABASE_URL": "postgresql+asyncpg://localhost/x"}, "Redis")],
)
def test_several_workers_want_what_they_share(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variables: dict[str, str], said: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CHATSERVER_WORKERS", "1")
    code, _, complaints = runner(monkeypatch, capsys)("serve", "--workers", "2")
    assert code == 2
    assert said in complaints


def test_a_database_that_is_away_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("CHATSERVER_DATABASE_URL", f"postgresql+asyncpg:///x?host={tmp_path}&port=1")
    code, _, complaints = runner(monkeypatch, capsys)("user", "list")
    assert code == 1
    assert "The database cannot be used" in complaints


def test_serve_says_how_to_begin_and_takes_its_flags(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    monkeypatch.setattr("chatserver.cli.server.run_server", served.append)
    for name in ("PORT", "HOST", "BASE_URL"):
        monkeypatch.setenv(f"CHATSERVER_{name}", "")  # so that what the command sets is undone
        monkeypatch.delenv(f"CHATSERVER_{name}")
    code, output, _ = cli("serve", "--port", "8765", "--host", "127.0.0.1")
    assert code == 0
    assert "chatserver user add" in output
    assert "chatserver portal add" in output
    assert (served[0].port, served[0].base_url) == (8765, "http://127.0.0.1:8765")


def test_the_demo_is_on_this_machine_only_and_tells_the_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    served: list[Any] = []
    monkeypatch.setattr("chatserver.cli.server.run_server", lambda settings, demo: served.append((settings, demo)))
    monkeypatch.setenv("CHATSERVER_HOST", "0.0.0.0")
    monkeypatch.setenv("CHATSERVER_REDIS_URL", "redis://elsewhere")
    cli = runner(monkeypatch, capsys)
    command = ("demo", "--port", "8766", "--folder", str(tmp_path / "demo"))
    assert cli(*command)[0] == 0
    code, output, _ = cli(*command)
    assert code == 0
    (settings, demo), _ = served
    assert (settings.host, settings.redis_url, demo) == ("127.0.0.1", None, True)
    assert "http://127.0.0.1:8766/demo" in output
    assert "http://localhost:8766/demo/portal" in output
    assert all(person.password in output for person in CAST)
