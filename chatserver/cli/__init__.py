"""The command line: serve, look after accounts and portals, answer what a client may ask for, see what is wrong."""

import sys

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from chatserver.cli import portals, process, server, users, visitors
from chatserver.errors import ConfigurationError, Refused

app = typer.Typer(
    help="Live-chat support: a widget for your portal, a console for your agents, and no message lost between them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(server.serve)
app.command()(server.demo)
app.command()(server.migrate)
app.command()(server.restored)
app.command()(server.doctor)
app.add_typer(users.app, name="user")
app.add_typer(portals.app, name="portal")
app.add_typer(visitors.app, name="visitor")
app.add_typer(process.policies, name="policy")
app.add_typer(process.calendars, name="calendar")


def main(arguments: list[str] | None = None) -> None:
    """Exit codes: 0 done, 1 refused or not possible now, 2 wrong settings or arguments."""
    try:
        app(arguments)
    except ConfigurationError as error:
        _say("Not configured as it should be:", str(error).splitlines())
        sys.exit(2)
    except Refused as refusal:
        _say("Not done:", [refusal.message])
        sys.exit(1)
    except (DBAPIError, OSError) as error:
        _say("The database cannot be used:", [str(getattr(error, "orig", None) or error)])
        sys.exit(1)


def _say(head: str, lines: list[str]) -> None:
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    console.print(head, style="bold red")
    for line in lines:
        console.print(f"  - {line}")
