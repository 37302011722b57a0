"""Who comes to the desk's doors: staff with a console and its pages, a client in the widget, a client with a link."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2

from tests.acceptance.times import business_minutes, told
from tests.wire import Client, Live
from tests.world import fresh


@dataclass(frozen=True)
class Case:
    """A ticket as a console gets it."""

    row: dict[str, Any]
    history: list[dict[str, Any]]

    @property
    def state(self) -> str:
        return str(self.row["state"])

    def due(self, clock: str) -> str | None:
        return told(self._clock(clock)["due"])

    def standing(self, clock: str) -> str:
        return str(self._clock(clock)["standing"])

    @property
    def breaches(self) -> list[tuple[str, str | None]]:
        return [(each["clock"], told(each["due"])) for each in self.row["breaches"]]

    @property
    def moves(self) -> list[tuple[str, str | None]]:
        return [(each["move"], told(each["at"])) for each in self.history if each["kind"] == "move"]

    @property
    def warnings(self) -> list[tuple[str, int, str, str | None]]:
        """Which clock, how much of it, who is told, when."""
        given = [each for each in self.history if each["kind"] == "warned"]
        return [(w["details"]["clock"], w["details"]["percent"], w["details"]["told"], told(w["at"])) for w in given]

    @property
    def minutes(self) -> int:
        """From contact to solution in business minutes, without those in which the client was waited for."""
        total = business_minutes(_time(self.row["sla_start"]), _time(self.row["resolved_at"]))
        return total - sum(business_minutes(_time(each["start"]), _time(each["end"])) for each in self.row["pauses"])

    def _clock(self, name: str) -> dict[str, Any]:
        (found,) = [each for each in self.row["clocks"] if each["clock"] == name]
        return dict(found)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


@dataclass
class Staff:
    """Somebody at work."""

    name: str
    live: Live
    socket: Client
    welcome: dict[str, Any]
    cookie: str

    @property
    def id(self) -> int:
        return int(self.welcome["agent"]["id"])

    async def follow_boards(self) -> None:
        for topic in (f"agent:{self.id}", *self.welcome["boards"]):
            await self.socket.follow(topic)

    async def leave(self) -> None:
        await self.socket.leave()
        await self.live.noticed(self.socket)

    async def reply(self, conversation: int, body: str) -> None:
        answer = await self.socket.ask("send_message", conversation=conversation, client_message_id=fresh(), body=body)
        assert answer["type"] == "message_stored", answer

    async def escalate(self, conversation: int, **said: Any) -> int:
        """A chat becomes a ticket of theirs. Returns it, as it comes to their board."""
        answer = await self.socket.ask("escalate", conversation=conversation, **ESCALATION | said)
        assert answer["type"] == "ticket_opened", answer
        return int((await self.socket.event("board_changed", row__conversation=conversation))["row"]["id"])

    async def move(self, ticket: int, how: str, **form: Any) -> None:
        answer = await self.socket.ask("move_ticket", ticket=ticket, move=how, form=form)
        assert answer["type"] == "ticket_moved", answer

    async def refused(self, ticket: int, how: str, **form: Any) -> str:
        answer = await self.socket.ask("move_ticket", ticket=ticket, move=how, form=form)
        assert answer["type"] == "refused", answer
        return str(answer["code"])

    async def say(self, ticket: int, body: str, *, note: bool = False) -> None:
        answer = await self.socket.ask("say_on_ticket", ticket=ticket, client_message_id=fresh(), body=body, note=note)
        assert answer["type"] == "message_stored", answer

    async def see(self, ticket: int) -> Case:
        snapshot = (await self.socket.follow(f"ticket:{ticket}"))["snapshot"]
        return Case(snapshot["ticket"], snapshot["history"])

    async def on_board(self, ticket: int, **wanted: Any) -> dict[str, Any]:
        """The row of a ticket on one of their boards, as soon as it is as wanted."""
        row = {f"row__{name}": value for name, value in wanted.items()}
        return dict((await self.socket.event("board_changed", row__id=ticket, **row))["row"])

    async def page(self, path: str) -> httpx2.Response:
        async with self._browser() as browser:
            return await browser.get(path)

    async def submit(self, path: str, **form: str) -> httpx2.Response:
        async with self._browser() as browser:
            return await browser.post(path, data=form, headers=ours(self.live))

    async def move_by_page(self, ticket: int, how: str, **form: str) -> httpx2.Response:
        """The same move, filled in on the ticket's page of moves."""
        folio = (await self.see(ticket)).row["folio"]
        return await self.submit(f"/tickets/{folio}/move", ref=fresh(), move=how, **form)

    def _browser(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(base_url=base_of(self.live), headers={"Cookie": self.cookie})


ESCALATION = {
    "impact": "core",
    "urgency": "low",
    "category": "Timbrado",
    "summary": "No timbra",
    "rfc": "none",
    "evidence": "none",
}


@dataclass
class InWidget:
    """A client in the widget."""

    live: Live
    socket: Client
    token: str
    conversation: int

    async def say(self, body: str) -> None:
        await self.socket.ask("send_message", conversation=self.conversation, client_message_id=fresh(), body=body)

    async def hears(self, body: str) -> None:
        await self.socket.event("message_sent", entry__body=body)

    async def leave(self) -> None:
        """The socket ends, and the server has noticed."""
        await self.socket.leave()
        await self.live.noticed(self.socket)


@dataclass
class ClientPage:
    """A client with a link, in a browser that keeps nothing."""

    live: Live
    link: str

    async def look(self) -> str:
        async with httpx2.AsyncClient() as browser:
            answer = await browser.get(self.link)
        assert answer.status_code == 200
        return answer.text

    async def state(self) -> str:
        found = re.search(r'data-state="(\w+)"', await self.look())
        assert found
        return found[1]

    async def times(self) -> list[str | None]:
        """The times of what is promised, or waited for, and of the beginning."""
        status = (await self.look()).partition('class="card status"')[2].partition("</section>")[0]
        return [told(each) for each in re.findall(r'<time datetime="([^"]+)"', status)]

    async def press(self, action: str, **form: str) -> str:
        """Returns what the page says of it."""
        async with httpx2.AsyncClient() as browser:
            files = {"file": ("", b"")} if action == "message" else None
            answer = await browser.post(f"{self.link}/{action}", data=form, files=files, headers=ours(self.live))
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"]).partition("said=")[2].partition("#")[0]


def base_of(live: Live) -> str:
    return f"http://127.0.0.1:{live.port}"


def ours(live: Live) -> dict[str, str]:
    """What browsers send with a form of our own page."""
    return {"Origin": base_of(live), "Sec-Fetch-Site": "same-origin"}
