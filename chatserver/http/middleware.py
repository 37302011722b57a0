"""What holds for every page: headers that browsers obey, forms of our own pages only, bounded bodies, kind errors."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from secure import Secure
from secure.headers import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    StrictTransportSecurity,
    XContentTypeOptions,
)
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatserver.errors import Refused
from chatserver.http.errors import answer_error
from chatserver.settings import Settings

MAX_BODY = 64 * 1024
"""Bytes of a form, at most: the longest text, every character escaped, and the rest of its form."""

BODY_WITHIN = 20.0
"""Seconds from a request's head to the end of its body, at most."""

UPLOAD_WITHIN = 300.0
"""The same, when a file comes with it."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

FOR_PORTALS = "/w/"
"""Doors that portals' pages knock at; each asks for itself whether the page is on its portal's list."""


def middleware(settings: Settings) -> list[Middleware]:
    """Outermost first."""
    return [
        Middleware(SafeHeaders, settings=settings),
        Middleware(FriendlyErrors),
        Middleware(BoundedBody),
        Middleware(OwnForms, origin=settings.base_url),
    ]


def safe_headers(settings: Settings) -> dict[str, str]:
    """What a response says unless it says otherwise itself: nothing inline, nothing from elsewhere, nothing kept."""
    parts = urlsplit(settings.base_url)
    socket = f"{'wss' if settings.secure else 'ws'}://{parts.netloc}"
    policy = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'")
        .connect_src("'self'", socket)
        .form_action("'self'")
        .frame_ancestors("'none'")
        .base_uri("'none'")
        .custom_directive("require-trusted-types-for", "'script'")
    )
    headers = Secure(
        csp=policy,
        xcto=XContentTypeOptions(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        hsts=StrictTransportSecurity().max_age(31_536_000) if settings.secure else None,
        referrer=ReferrerPolicy().same_origin(),
        permissions=PermissionsPolicy().camera().microphone().geolocation(),
    ).headers
    return {**headers, "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin"}


class SafeHeaders:
    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._headers = safe_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_safely if scope["type"] == "http" else send)


class FriendlyErrors:
    """Answers what nobody else did, with a page and never with a trace; a response under way cannot be mended."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_noticed(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_noticed)
        except Exception as error:
            if started:
                raise
            response = answer_error(Request(scope), error)
            await response(scope, receive, send)


@dataclass(slots=True)
class Bound:
    """What a request may still send. `until` is a time of the loop's clock."""

    bytes: int
    until: float


def expect_upload(request: Request, max_bytes: int) -> None:
    """A door that knows who is asking may let a file come with the form. Twice its size is read and let go by, so that
    who sends too much is told so instead of being cut off."""
    bound: Bound = request.scope["chatserver.bound"]
    bound.bytes += 2 * max_bytes
    bound.until += UPLOAD_WITHIN - BODY_WITHIN


class BoundedBody:
    """A form has a size and a time to arrive in; both count over all its pieces."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken, more = 0, True
        bound = Bound(MAX_BODY, asyncio.get_running_loop().time() + BODY_WITHIN)

        async def receive_bounded() -> Message:
            nonlocal taken, more
            try:
                async with asyncio.timeout_at(bound.until if more else None):
                    message = await receive()
            except TimeoutError:
                raise Refused("too_slow", "A form arrives within its time.") from None
            taken, more = taken + len(message.get("body", b"")), message.get("more_body", False)
            if taken > bound.bytes:
                raise Refused("too_big", f"A form has at most {bound.bytes} bytes.")
            return message

        if scope["type"] == "http":
            scope["chatserver.bound"] = bound
        await self.app(scope, receive_bounded if scope["type"] == "http" else receive, send)


class OwnForms:
    """Whatever may change something must come from a page of ours: what the browser says of its origin decides.
    SameSite cookies alone would let in a portal on a sibling domain."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self.app = app
        self._origin = origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        forms = scope["type"] == "http" and scope["method"] not in SAFE_METHODS
        if forms and not scope["path"].startswith(FOR_PORTALS) and not self._is_ours(Headers(scope=scope)):
            raise Refused("foreign_form", "This was not sent by a page of this server.")
        await self.app(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        """Over plain http, and from older browsers, there is only the origin; who says nothing at all is refused."""
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is None and origin is None:
            return False
        return site in (None, "same-origin") and origin in (None, self._origin)
