"""The demo as a desk with a mail account and people of every level: `python -m tests.browser.desk_server --port 8000
--folder …`. The account is the environment's, as an operator sets it; the demo itself writes to nobody."""

import argparse
import asyncio
from pathlib import Path

from chatserver.actions.staff import Account, add_staff
from chatserver.cli.run import context_of
from chatserver.demo import SEED, seed
from chatserver.passwords import hash_password
from chatserver.serve import prepare
from chatserver.serve import serve as run_server
from chatserver.settings import Settings, load_settings

LEVELS = {"tere": 3}
"""Besides the demo's people, and logging in as they do: whoever makes a solution does not validate it."""


def settings_of(port: int, folder: Path) -> Settings:
    return load_settings(
        database_url=f"sqlite+aiosqlite:///{folder.resolve() / 'chatserver.sqlite3'}",
        base_url=f"http://127.0.0.1:{port}",
        host="127.0.0.1",
        port=port,
        log_json=False,
    )


async def furnish(settings: Settings) -> None:
    await prepare(settings)
    hashes = {login: await hash_password(f"demo-{login}") for login in LEVELS}
    async with context_of(settings) as context:
        await seed(context)
        async with context.unit() as unit:
            for login, level in LEVELS.items():
                account = Account(name=f"{login.title()} Demo", level=level, languages=["es"])
                await add_staff(unit, SEED, login, hashes[login], account, demo=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    told = parser.parse_args()
    settings = settings_of(told.port, told.folder)
    asyncio.run(furnish(settings))
    run_server(settings, demo=True)


if __name__ == "__main__":
    main()
