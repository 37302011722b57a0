"""What `doctor` looks at: each check says in one line what it found, and what to do."""

from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlmodel import col, func, select

from chatserver.cli.findings import Finding
from chatserver.cli.mail_checks import check_mail, count_mail
from chatserver.http.files import FOLDER
from chatserver.migrations.runner import is_current
from chatserver.models import Agent, Portal
from chatserver.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")


async def run_checks(settings: Settings) -> list[Finding]:
    return [
        Finding("ok", f"settings: readable; links begin with {settings.base_url}"),
        check_address(settings),
        *await check_database(settings),
        await check_broker(settings),
        *await check_mail(settings),
        check_files(),
    ]


def check_address(settings: Settings) -> Finding:
    if settings.secure or urlsplit(settings.base_url).hostname in LOOPBACK:
        return Finding("ok", "address: cookies and words travel encrypted, or never leave this machine")
    return Finding("warn", "address: CHATSERVER_BASE_URL is plain http: passwords and chats can be read on the way")


async def check_database(settings: Settings) -> list[Finding]:
    engine = create_async_engine(settings.database_url)
    try:
        async with engine.connect() as connection:
            if not await connection.run_sync(is_current):
                return [
                    Finding("bad", "database: answers, but its tables are not this version's: run `chatserver migrate`")
                ]
            return [
                Finding("ok", "database: answers, and has this version's tables"),
                *await _durability(connection),
                *await _contents(connection),
                *await count_mail(connection),
            ]
    except (SQLAlchemyError, OSError) as error:
        return [Finding("bad", f"database: does not answer: {getattr(error, 'orig', None) or error}")]
    finally:
        await engine.dispose()


async def _durability(connection: AsyncConnection) -> list[Finding]:
    """An acknowledged message must be on disk; PostgreSQL can be told to answer before it is."""
    if connection.dialect.name == "sqlite":
        return []
    unsafe = [
        name for name in ("synchronous_commit", "fsync") if await connection.scalar(text(f"SHOW {name}")) == "off"
    ]
    words = f"durability: {' and '.join(unsafe)} off in PostgreSQL: acknowledged messages can be lost; turn on"
    return [Finding("bad", words) if unsafe else Finding("ok", "durability: PostgreSQL answers after it has written")]


async def _contents(connection: AsyncConnection) -> list[Finding]:
    live = col(Agent.disabled_at).is_(None)
    accounts = await connection.scalar(select(func.count()).select_from(Agent).where(live, ~col(Agent.demo)))
    pretend = await connection.scalar(select(func.count()).select_from(Agent).where(live, col(Agent.demo)))
    portals = await connection.scalar(select(func.count()).select_from(Portal).where(~col(Portal.demo)))
    found = [
        _counted("accounts", accounts, "chatserver user add"),
        _counted("portals", portals, "chatserver portal add"),
    ]
    if pretend:
        found.append(Finding("warn", f"accounts: {pretend} of the demo are in this database; they cannot log in"))
    return found


def _counted(what: str, count: int | None, first: str) -> Finding:
    return Finding("ok", f"{what}: {count}") if count else Finding("warn", f"{what}: none yet: `{first}`")


async def check_broker(settings: Settings) -> Finding:
    if not settings.redis_url:
        return Finding("ok", "broker: none, as one process needs none")
    client = Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2)
    try:
        await client.ping()
    except (RedisError, OSError) as error:
        return Finding("bad", f"broker: Redis does not answer: {error}")
    finally:
        await client.aclose()
    return Finding("ok", "broker: Redis answers")


def check_files() -> Finding:
    if (FOLDER / "widget.js").is_file():
        return Finding("ok", "files: the widget and the pages' scripts are built")
    return Finding("bad", "files: the widget is not built: run `make .venv/.assets`, or install the package")
