"""`chatserver visitor …`: what a client may ask for by law."""

from typing import Annotated

import typer

from chatserver.actions.erase import erase_visitor, find_visitors
from chatserver.actions.unit import Unit
from chatserver.cli.run import OPERATOR, act, out
from chatserver.errors import Refused

app = typer.Typer(help="Clients.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Clients."""


@app.command()
def erase(
    id: Annotated[int | None, typer.Option(help="The client's number.")] = None,
    email: Annotated[str | None, typer.Option(help="Their e-mail address; needs --portal.")] = None,
    portal: Annotated[str | None, typer.Option(help="The key of the portal they wrote from.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase who a client was and what they wrote. Folios, times and decisions stay; it cannot be undone."""

    async def find(unit: Unit) -> list[int]:
        return await find_visitors(unit, id, email, portal)

    found = act(find)
    if not found:
        raise Refused("not_found", "There is no such client, or they are erased already.")
    if not yes:
        typer.confirm(f"Erase {len(found)} client record(s) for good?", abort=True)

    async def work(unit: Unit) -> int:
        return sum([await erase_visitor(unit, OPERATOR, each) for each in found])

    out.print(f"Erased: {len(found)} client record(s) with {act(work)} conversation(s).")
