"""One connection as a protocol, without I/O: text and time in, a command or a verdict out."""

import json
from dataclasses import dataclass, field
from typing import Any

from chatserver.errors import CloseCode
from chatserver.protocol.codec import MAX_FRAME, BadFrame, StaffHello, VisitorHello, parse_command
from chatserver.protocol.replies import CommandRefused
from chatserver.ws.quota import Quota

HELLOS = (VisitorHello, StaffHello)

MAX_BAD_FRAMES = 5

MAX_REASON = 123
"""Bytes that fit into a close frame beside the code; the parser's message names what was sent, however long."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: so many frames at once, so many a second after that."""

    burst: float
    per_second: float


VISITOR_RATE = Rate(burst=60, per_second=5)
STAFF_RATE = Rate(burst=300, per_second=50)


@dataclass(frozen=True, slots=True)
class Command:
    """A frame of the vocabulary, to be carried out."""

    frame: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A frame that is answered here and now: it was not of the vocabulary."""

    frame: CommandRefused


@dataclass(frozen=True, slots=True)
class Close:
    """The connection ends."""

    code: CloseCode
    reason: str


@dataclass(slots=True)
class Session:
    """Size, rate, hello first, vocabulary. `now` is a monotonic time in seconds."""

    staff: bool
    greeted: bool = False
    bad_frames: int = 0
    quota: Quota = field(default_factory=Quota)
    _tokens: float = field(default=0, init=False)
    _at: float | None = field(default=None, init=False)

    def receive(self, text: str | None, now: float) -> Command | Answer | Close:
        """Judge one message; `text` is None when it was binary."""
        if text is None:
            return Close(CloseCode.BAD_FRAME, "frames are text")
        if len(text) > MAX_FRAME or (not text.isascii() and len(text.encode(errors="surrogatepass")) > MAX_FRAME):
            return Close(CloseCode.TOO_BIG, f"a frame has at most {MAX_FRAME} bytes")
        if not self._allowed(now):
            return Close(CloseCode.TOO_FAST, "too many frames")
        try:
            frame = parse_command(text, staff=self.staff)
        except BadFrame as bad:
            return self._bad(text, bad)
        return self._too_much(frame, now) or self._greet(frame)

    def _too_much(self, frame: Any, now: float) -> Answer | None:
        """A client who writes more than anybody can is told when to say the same again; staff paste what they like."""
        body = None if self.staff or not self.greeted else getattr(frame, "body", None)
        wait = self.quota.take(len(body), now) if body else None
        if wait is None:
            return None
        message = "So much cannot be written so quickly; say the same again later."
        return Answer(CommandRefused(ref=frame.ref, code="busy", message=message, retry_after=wait))

    def _greet(self, frame: Any) -> Command | Close:
        is_hello = type(frame) in HELLOS
        if is_hello == self.greeted:
            code = CloseCode.BAD_FRAME if self.greeted else CloseCode.HELLO_FIRST
            return Close(code, "hello comes first, and once")
        self.greeted = True
        return Command(frame)

    def _bad(self, text: str, bad: BadFrame) -> Answer | Close:
        """One bad command is refused by its ref; what has no ref, or keeps coming, ends the connection."""
        self.bad_frames += 1
        ref = _ref_of(text)
        if ref is None or not self.greeted or self.bad_frames > MAX_BAD_FRAMES:
            return Close(CloseCode.BAD_FRAME, bad.message.encode()[:MAX_REASON].decode(errors="ignore"))
        return Answer(CommandRefused(ref=ref, code="bad_frame", message=bad.message, field=bad.field))

    def _allowed(self, now: float) -> bool:
        rate = STAFF_RATE if self.staff else VISITOR_RATE
        waited = 0.0 if self._at is None else now - self._at
        self._tokens = min(rate.burst, self._tokens + waited * rate.per_second) if self._at is not None else rate.burst
        self._at = now
        self._tokens -= 1
        return self._tokens >= 0


def _ref_of(text: str) -> str | None:
    """A ref that can be said back: a lone surrogate, for one, could not even be written."""
    try:
        ref = json.loads(text).get("ref")
    except (ValueError, AttributeError, RecursionError):
        return None
    return ref if isinstance(ref, str) and 0 < len(ref) <= 64 and ref.isprintable() else None
