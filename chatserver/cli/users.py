"""`chatserver user …`: accounts of staff."""

import asyncio
import sys
from typing import Annotated

import typer
from rich.table import Table
from sqlmodel import col, select

from chatserver.actions import staff
from chatserver.actions.staff import Account
from chatserver.actions.unit import Unit
from chatserver.cli.run import OPERATOR, act, out
from chatserver.errors import Refused
from chatserver.http.words import texts
from chatserver.models import Agent
from chatserver.passwords import hash_password, weakness
from chatserver.types import Role

app = typer.Typer(help="Accounts of staff.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="What they log in with: a name, or an e-mail address.")]
Name = Annotated[str | None, typer.Option(help="What clients and colleagues see.")]
RoleOf = Annotated[Role | None, typer.Option(help="What they may do.")]
Level = Annotated[int | None, typer.Option(min=1, max=3, help="Support level.")]
Teams = Annotated[list[str] | None, typer.Option("--team", help="A team; may be given several times.")]
Languages = Annotated[list[str] | None, typer.Option("--language", help="A language they answer in: es, en.")]
Capacity = Annotated[int | None, typer.Option(min=0, max=50, help="Conversations at a time.")]
Stdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the first line of the input.")]


@app.command()
def add(  # noqa: PLR0913, PLR0917 -- one parameter a flag
    login: Login,
    name: Name = None,
    role: RoleOf = None,
    level: Level = None,
    team: Teams = None,
    language: Languages = None,
    capacity: Capacity = None,
    password_stdin: Stdin = False,
) -> None:
    """Make an account; the password is asked for."""
    hashed = asyncio.run(hash_password(_ask_password(login, password_stdin)))
    account = Account(name, role, level, team, language, capacity)
    agent = act(lambda unit: staff.add_staff(unit, OPERATOR, login, hashed, account))
    out.print(f"{agent.login} ({agent.name}) can log in as {agent.role}.")


@app.command(name="set")
def change(  # noqa: PLR0913, PLR0917 -- one parameter a flag
    login: Login,
    name: Name = None,
    role: RoleOf = None,
    level: Level = None,
    team: Teams = None,
    language: Languages = None,
    capacity: Capacity = None,
    enable: Annotated[bool, typer.Option("--enable", help="Open a disabled account again.")] = False,
) -> None:
    """Change what is said of an account; what is not given stays as it is."""
    account = Account(name, role, level, team, language, capacity)

    async def work(unit: Unit) -> Agent:
        if enable:
            await staff.enable_staff(unit, OPERATOR, login)
        return await staff.change_staff(unit, OPERATOR, login, account)

    agent = act(work)
    out.print(f"{agent.login} is changed.")


@app.command()
def password(login: Login, password_stdin: Stdin = False) -> None:
    """Give an account a new password and end all its sessions."""
    hashed = asyncio.run(hash_password(_ask_password(login, password_stdin)))
    agent = act(lambda unit: staff.set_password(unit, OPERATOR, login, hashed))
    out.print(f"{agent.login} has a new password, and is logged out everywhere.")


@app.command()
def disable(login: Login) -> None:
    """Close an account at once; its conversations go back to the queue."""
    agent = act(lambda unit: staff.disable_staff(unit, OPERATOR, login))
    out.print(f"{agent.login} cannot log in any more.")


@app.command(name="list")
def show() -> None:
    """All accounts."""

    async def work(unit: Unit) -> list[Agent]:
        return list(await unit.session.exec(select(Agent).order_by(col(Agent.login))))

    table = Table("Login", "Name", "Role", "Level", "Teams", "Languages", "Capacity", "Account", box=None)
    for agent in act(work):
        account = "disabled" if agent.disabled_at else "demo" if agent.demo else "open"
        teams, languages = ", ".join(agent.teams), ", ".join(agent.languages)
        table.add_row(
            agent.login, agent.name, agent.role, str(agent.level), teams, languages, str(agent.capacity), account
        )
    out.print(table)


def _ask_password(login: str, from_stdin: bool) -> str:
    """Never as an argument: arguments are seen by everybody on the machine."""
    given = (
        sys.stdin.readline().rstrip("\r\n")
        if from_stdin
        else str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    )
    if problem := weakness(given, login):
        raise Refused(problem, texts("en")[problem], field="password")
    return given
