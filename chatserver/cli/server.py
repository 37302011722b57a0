"""Running the server, for real or as a demo; bringing its database up to date; finding out what is wrong with it."""

import asyncio
import os
import secrets
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.table import Table
from rich.text import Text
from sqlmodel import col, select

from chatserver.actions.installation import mark_restored
from chatserver.cli.checks import run_checks
from chatserver.cli.run import OPERATOR, act, context_of, out
from chatserver.demo import CAST, portal_origin, seed
from chatserver.file_settings import FileSettings
from chatserver.mail_settings import MailSettings
from chatserver.migrations.runner import upgrade
from chatserver.models import Agent, Portal
from chatserver.serve import serve as run_server
from chatserver.settings import Settings, load_settings

Port = Annotated[int, typer.Option(min=1, max=65535)]


def serve(
    host: Annotated[str | None, typer.Option(help="Instead of CHATSERVER_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Instead of CHATSERVER_PORT.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Instead of CHATSERVER_WORKERS.")] = None,
) -> None:
    """Serve clients and staff, as the settings in the environment say."""
    for name, value in {"HOST": host, "PORT": port, "WORKERS": workers}.items():
        if value is not None:
            os.environ[f"CHATSERVER_{name}"] = str(value)  # so that workers, which read the environment, see it too
    settings = load_settings()
    if "base_url" not in settings.model_fields_set:
        os.environ["CHATSERVER_BASE_URL"] = f"http://127.0.0.1:{settings.port}"
        settings = load_settings()
    asyncio.run(_first_steps(settings))
    run_server(settings)


async def _first_steps(settings: Settings) -> None:
    """An installation begins with no account and no portal: no password that somebody could know."""
    async with context_of(settings) as context, context.db.read() as session:
        accounts = await session.exec(select(Agent.id).where(col(Agent.demo).is_(False)).limit(1))
        portals = await session.exec(select(Portal.id).where(col(Portal.demo).is_(False)).limit(1))
        without_accounts, without_portals = accounts.first() is None, portals.first() is None
    if without_accounts:
        out.print('There is no account yet. Add one:  chatserver user add LOGIN --name "NAME" --role admin')
    if without_portals:
        out.print('There is no portal yet. Add one:   chatserver portal add "NAME" --origin https://portal.example.com')


def demo(
    port: Port = 8000,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its database.")] = Path(".demo"),
) -> None:
    """A desk with people in it, on this machine only; nothing to set up."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = load_settings(
        database_url=f"sqlite+aiosqlite:///{folder.resolve() / 'chatserver.sqlite3'}",
        redis_url=None,
        base_url=f"http://127.0.0.1:{port}",
        host="127.0.0.1",
        port=port,
        workers=1,
        trusted_proxies=(),
        log_json=False,
        mail=MailSettings(secret=SecretStr(_secret(folder))),
        files=FileSettings(folder=folder.resolve() / "files"),
    )
    asyncio.run(_seed(settings))
    _show_demo(settings)
    run_server(settings, demo=True)


def _secret(folder: Path) -> str:
    """Links to clients' pages of tickets are good after a restart, too."""
    kept = folder / "secret"
    if not kept.exists():
        kept.write_text(secrets.token_hex(32))
    return kept.read_text()


async def _seed(settings: Settings) -> None:
    async with context_of(settings) as context:
        await seed(context)


def _show_demo(settings: Settings) -> None:
    out.print(
        "A demo: its people are invented, its passwords public, and it answers on this machine only.", style="bold"
    )
    out.print(f"  Start here       {settings.base_url}/demo")
    out.print(f"  A client's page  {portal_origin(settings.base_url)}/demo/portal")
    out.print(f"  Staff            {settings.base_url}/login")
    table = Table("Login", "Password", "Name", "Role", box=None, padding=(0, 2))
    for person in CAST:
        table.add_row(person.login, person.password, person.name, person.role)
    out.print(table)


def migrate() -> None:
    """Bring the database to this version's tables."""
    upgrade(load_settings().database_url)
    out.print("The database has this version's tables.")


def restored() -> None:
    """Say that the database was restored from a backup: run it before serving again."""
    act(lambda unit: mark_restored(unit, OPERATOR))
    out.print("A new epoch has begun: clients who had seen more than the backup holds start afresh.")


MARKS = {"ok": ("ok  ", "green"), "warn": ("note", "yellow"), "bad": ("bad ", "red")}


def doctor() -> None:
    """Check the settings, the database, the broker and what is served."""
    settings = load_settings()
    failed = False
    for finding in asyncio.run(run_checks(settings)):
        out.print(Text.assemble(MARKS[finding.state], "  ", finding.text))
        failed = failed or finding.state == "bad"
    if failed:
        raise typer.Exit(1)
