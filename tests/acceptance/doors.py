"""Every door to a ticket, for whoever tries it: what may come of it, refusals included, is decided by the product."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from chatserver.actions.mailbox import Found, begin_mailbox, hold_mailbox, store_mail
from chatserver.errors import Refused
from chatserver.files import FolderStore
from chatserver.mail.inbox import deal_with_new
from chatserver.process.severity import Severity
from chatserver.process.ticket import CODES
from chatserver.process.ticket_names import Move
from chatserver.queries.access import staff_actor
from chatserver.queries.client_page import make_link
from chatserver.queries.ticket_facts import list_moves
from chatserver.tokens import Purpose, make_token, tagged_address
from chatserver.types import TicketId
from tests.http.conftest import Browser, Site, open_site
from tests.http.filed import OURS
from tests.mail.account import ADDRESS, SECRET
from tests.mail.corpus import mail
from tests.tickets import get, staffed
from tests.world import MONTERREY, fresh

STAFF = ("ana", "ben", "olly", "sue")
STAFF_MOVES = [move for move in Move if not move.startswith("open") and move is not Move.FOLLOW_UP]
WORDS = {
    "category": "Timbrado",
    "summary": "No timbra",
    "rfc": "none",
    "evidence": "none",
    "solution": "Ya timbra.",
    "message": "Ya quedó.",
    "question": "¿Desde cuándo?",
    "sizing": "2 h",
    "reason": "Así conviene.",
    "diagnosis": "El sello.",
    "test_evidence": "Pruebas 1 a 9.",
    "version": "4.2",
}
BOX = "ayuda@imap.desk.example/INBOX"
BESIDE = {"ticket_over", "owner_taken", "not_level_1", "not_owner", "not_over", "text_empty"}


@dataclass
class Doors:
    """All of them open for one ticket at a time."""

    site: Site
    store: FolderStore
    browsers: dict[str, Browser]
    ticket: int = 0
    address: str = ""
    client: Browser | None = None
    mails: int = 0

    def begin(self, ticket: int, address: str) -> None:
        """A ticket whose client writes from this address; their browser is one that was never here."""
        self.ticket, self.address = ticket, address
        self.client = self.site.browser(f"198.51.{ticket // 250 % 250}.{ticket % 250 + 1}")

    async def go(self, who: str, door: str, pick: int) -> None:
        """Who has no such door stays outside."""
        if who in STAFF and door in FOR_STAFF:
            await FOR_STAFF[door](self, who, pick)
        elif who == "client" and door in FOR_CLIENTS:
            await FOR_CLIENTS[door](self, pick)

    def name_of(self, actor: str) -> str:
        kind, _, key = actor.partition(":")
        ids = {str(agent.id): name for name, agent in self.site.agents.items()}
        return ids[key] if kind == "agent" else "client" if kind == "visitor" else "system"

    # Staff.

    async def offered(self, who: str, pick: int) -> None:
        """One of the moves that their console offers them."""
        world = self.site.world
        actor, now = staff_actor(await world.agent(who)), world.clock.now()
        async with world.context.db.read() as session:
            _, moves = await list_moves(session, actor, TicketId(self.ticket), world.context.settings.tickets, now)
        if moves:
            await self._command(who, "move_ticket", move=moves[pick % len(moves)].move, form=self._form(pick))

    async def by_console(self, who: str, pick: int) -> None:
        move = STAFF_MOVES[pick % len(STAFF_MOVES)]
        await self._command(who, "move_ticket", move=move, form=self._form(pick))

    async def by_page(self, who: str, pick: int) -> None:
        move = STAFF_MOVES[pick % len(STAFF_MOVES)]
        form = {"ref": fresh(), "move": move, **self._form(pick, wall=True)}
        answer = await self.browsers[who].submit(f"/tickets/{await self._folio()}/move", **form)
        assert answer.status_code in (303, 422)

    async def by_words(self, who: str, pick: int) -> None:
        id = {"client_message_id": fresh()}
        await self._command(who, "say_on_ticket", body="Seguimos", note=pick % 2 == 0, **id)

    async def by_the_tickets_page(self, who: str, pick: int) -> None:
        where = "answer" if pick % 2 else "note"
        form = {"client_message_id": fresh(), "body": "Seguimos"}
        answer = await self.browsers[who].submit(f"/tickets/{await self._folio()}/{where}", **form)
        assert answer.status_code in (303, 422)

    async def by_claim(self, who: str, _pick: int) -> None:
        await self._command(who, "claim_ticket")

    async def by_tag(self, who: str, pick: int) -> None:
        await self._command(who, "tag_ticket", external_cause=pick % 2 == 0)

    async def by_telephone(self, who: str, pick: int) -> None:
        form = {"direction": "out" if pick % 2 else "in", "name": "Vic", "number": "8181234567", "said": "Dice que sí"}
        form |= {"becomes": "joins", "folio": await self._folio(), "answered": "yes" if pick % 3 else ""}
        answer = await self.browsers[who].submit("/calls", form_id=fresh(), **form)
        assert answer.status_code in (303, 422)

    async def _command(self, who: str, kind: str, **fields: Any) -> None:
        code = None
        try:
            await self.site.world.staff(who, kind, ticket=self.ticket, **fields)
        except Refused as refused:
            code = refused.code
        assert code is None or code in CODES | BESIDE

    def _form(self, pick: int, *, wall: bool = False) -> dict[str, Any]:
        """Everything that any move may ask for. A page takes wall times, to the minute."""
        now = self.site.clock.now().astimezone(MONTERREY)
        later = now + timedelta(hours=1)
        at = {"release_from": now, "release_until": later, "released_at": now, "new_date": later}
        owner = self.site.agents[STAFF[pick % 3]].id
        chosen = {"severity": list(Severity)[pick % 4], "cause": ("withdrawn", "spam")[pick % 2]}
        if wall:
            times = {name: f"{each:%Y-%m-%dT%H:%M}" for name, each in at.items()}
            return WORDS | times | chosen | {"owner": str(owner)}
        return WORDS | {name: each.isoformat() for name, each in at.items()} | chosen | {"owner": owner}

    async def _folio(self) -> str:
        return (await get(self.site.world, self.ticket)).folio

    # The client.

    async def by_the_clients_page(self, pick: int) -> None:
        world, settings = self.site.world, self.site.context.settings
        async with world.context.db.read() as session:
            ticket = await get(world, self.ticket)
            link = await make_link(session, settings.mail.secret, settings.base_url, ticket, world.clock.now())
        action = ("message", "reopen", "confirm", "rating")[pick % 4]
        form = {"client_message_id": fresh(), "body": "Sigue igual", "score": "4", "comment": ""}
        assert self.client is not None
        if action == "message":
            answer = await self.client.post(f"{link}/{action}", data=form, files={"file": ("", b"")}, headers=OURS)
        else:
            answer = await self.client.submit(f"{link}/{action}", **form)
        assert answer.status_code in (303, 422), answer.text

    async def by_mail(self, pick: int) -> None:
        """An answer, thanks, or what a machine answers; to the ticket's own address or to the desk's."""
        now = self.site.clock.now()
        to = tagged_address(ADDRESS, make_token(SECRET, Purpose.REPLY, TicketId(self.ticket), now))
        text = ("Sigue igual.", "Gracias", "Vuelvo el lunes.")[pick % 3]
        automatic = {"Auto_Submitted": "auto-replied"} if pick % 3 == 2 else {}
        id = f"<{fresh()}@client.example>"
        raw = mail(text, to=to if pick % 5 else ADDRESS, From=f"Vic <{self.address}>", Message_ID=id, **automatic)
        self.mails += 1
        await store_mail(self.site.context, BOX, 1, Found(self.mails, now, raw))
        await deal_with_new(self.site.context, self.store)


FOR_STAFF: dict[str, Callable[[Doors, str, int], Awaitable[None]]] = {
    "offered": Doors.offered,
    "console": Doors.by_console,
    "page": Doors.by_page,
    "words": Doors.by_words,
    "ticket": Doors.by_the_tickets_page,
    "claim": Doors.by_claim,
    "tag": Doors.by_tag,
    "telephone": Doors.by_telephone,
}
FOR_CLIENTS: dict[str, Callable[[Doors, int], Awaitable[None]]] = {
    "offered": Doors.by_the_clients_page,
    "page": Doors.by_the_clients_page,
    "mail": Doors.by_mail,
}
DOORS = sorted({*FOR_STAFF, *FOR_CLIENTS})


@asynccontextmanager
async def open_doors(url: str, folder: Path) -> AsyncIterator[Doors]:
    box = {"imap_host": "127.0.0.1", "imap_user": "ayuda", "imap_password": "right", "imap_security": "none"}
    account = {"address": ADDRESS, "secret": SECRET.get_secret_value(), "smtp_host": "127.0.0.1", **box}
    async with open_site(url, mail=account, files={"folder": folder / "files"}, login_idle_hours=720) as site:
        for loop in site.app.state.service.loops:  # what they do a walk does, when it is time
            await loop.stop()
        await staffed(site.world)
        await hold_mailbox(site.context, BOX, "one", timedelta(minutes=1))
        await begin_mailbox(site.context, BOX, 1, 0)
        yield Doors(site, FolderStore(folder / "files"), {name: await site.staff(name) for name in STAFF})
