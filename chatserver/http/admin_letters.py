"""What notices say, a kind and a language at a time: seen by supervisors, changed by administrators, and shown as
letters before it is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from chatserver.actions.letter_words import set_letter, ship_letter
from chatserver.errors import Refused, not_found
from chatserver.http.admin_texts import read_number
from chatserver.http.doors import Login
from chatserver.http.login import field
from chatserver.http.page import render
from chatserver.http.post import post_of
from chatserver.http.uploads import context_of
from chatserver.http.words import LOCALES
from chatserver.mail_words import words_of
from chatserver.process.letter_words import KINDS, limit_of, places_of, read_words
from chatserver.queries.letter_words import get_letter_state

HERE = "/admin/letters"

LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox"
)
"""A letter brings its own clothes, as mailboxes want it; nothing else of it may do anything."""


@dataclass(frozen=True, slots=True)
class Place:
    """One of the letters that can be changed."""

    kind: str
    locale: str

    @property
    def path(self) -> str:
        return f"{HERE}/{self.kind}/{self.locale}"

    @property
    def shipped(self) -> dict[str, str]:
        return words_of(self.kind, self.locale)


@dataclass(frozen=True, slots=True)
class Part:
    """A text in the form: `key` among the words, `label` among those of the page; `places`: what
    stands in it, with its braces, in the order of the program's."""

    key: str
    label: str
    text: str
    shipped: str
    places: Sequence[str]
    limit: int


async def show(request: Request, _login: Login) -> Response:
    """What the client gets, in both languages, with sample data."""
    async with context_of(request).db.read() as session:
        states = {kind: {at: await get_letter_state(session, kind, at) for at in LOCALES} for kind in KINDS}
    letters = {
        kind: {at: _letters(request, Place(kind, at), state.own)[0] for at, state in each.items()}
        for kind, each in states.items()
    }
    return render(request, "admin_letters.html", letters=letters, states=states)


async def show_one(request: Request, _login: Login) -> Response:
    return await _page(request, _place(request))


async def do_save(request: Request, login: Login) -> Response:
    """Try out or save what was typed."""
    place, form = _place(request), await request.form()
    told, seen = _told(form, place), read_number(field(form, "seen"))
    try:
        if field(form, "do") == "try":
            return await _page(request, place, told=told, tried=read_words(told, place.shipped))
        await context_of(request).attempt(
            lambda unit: set_letter(unit, login.actor, place.kind, place.locale, told, seen)
        )
    except Refused as refusal:
        return await _page(request, place, told=told, problem=refusal)
    return RedirectResponse(f"{place.path}?saved", 303)


async def do_page(request: Request, _login: Login) -> Response:
    """What was typed, as a mailbox shows it: the letter itself, and nothing of ours around it."""
    place = _place(request)
    told = _told(await request.form(), place)
    try:
        own = read_words(told, place.shipped)
    except Refused as refusal:
        return await _page(request, place, told=told, problem=refusal)
    _subject, _text, page = _letters(request, place, own)[0]
    return HTMLResponse(page, headers={"Content-Security-Policy": LETTER_POLICY})


async def do_ship(request: Request, login: Login) -> Response:
    """Back to the program's own words."""
    place, seen = _place(request), read_number(field(await request.form(), "seen"))
    try:
        await context_of(request).attempt(lambda unit: ship_letter(unit, login.actor, place.kind, place.locale, seen))
    except Refused as refusal:
        return await _page(request, place, problem=refusal)
    return RedirectResponse(f"{place.path}?saved", 303)


def _place(request: Request) -> Place:
    """Raises `Refused` (not_found)."""
    kind, locale = request.path_params["kind"], request.path_params["locale"]
    if kind not in KINDS or locale not in LOCALES:
        raise not_found("letter")
    return Place(kind, locale)


def _told(form: FormData, place: Place) -> dict[str, str]:
    return {key: field(form, key) for key in place.shipped}


def _letters(request: Request, place: Place, own: Mapping[str, str]) -> Sequence[tuple[str, str, str]]:
    signature = context_of(request).settings.mail.name
    return post_of(request).letters(place.kind, place.locale, signature, own)


def _part(place: Place, key: str, shipped: str, text: str) -> Part:
    label = key.replace(f".{place.kind}", "", 1)
    places = sorted((f"{{{name}}}" for name in places_of(shipped)), key=shipped.index)
    return Part(key, label, text, shipped, places, limit_of(key))


async def _page(
    request: Request,
    place: Place,
    *,
    told: Mapping[str, str] | None = None,
    tried: Mapping[str, str] | None = None,
    problem: Refused | None = None,
) -> Response:
    async with context_of(request).db.read() as session:
        state = await get_letter_state(session, place.kind, place.locale)
    shown = place.shipped | state.own | dict(told or {})
    return render(
        request,
        "admin_letter.html",
        status=422 if problem else 200,
        place=place,
        state=state,
        parts=[_part(place, key, shipped, shown[key]) for key, shipped in place.shipped.items()],
        letters=_letters(request, place, state.own if tried is None else tried),
        tried=tried is not None,
        problem=problem,
        saved="saved" in request.query_params,
    )
