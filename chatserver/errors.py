"""How the server says no: a refusal answers one command, a close code ends one socket."""

from enum import IntEnum


class Refused(Exception):
    """A command that is not carried out, and leaves nothing behind.

    `code` is stable and machine-readable; `message` is English for developers and logs, the faces translate the code.
    `retry_after` is in seconds and given only when the same command may succeed later.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.retry_after = retry_after


def not_found(what: str) -> Refused:
    """The one answer to "does not exist" and to "not yours"."""
    return Refused("not_found", f"There is no such {what}, or it is not yours.")


class ConfigurationError(Exception):
    """The server cannot start as configured; the text says what to change."""


class CloseCode(IntEnum):
    """Why the server ends a socket. `advice` tells the client what to do."""

    GOING_AWAY = 1001
    TOO_BIG = 1009
    SERVER_ERROR = 1011
    RESTARTING = 1012
    BAD_FRAME = 4000
    HELLO_FIRST = 4001
    HELLO_TIMEOUT = 4002
    VERSION_NOT_SPOKEN = 4003
    TOO_SLOW = 4008
    TOO_FAST = 4009
    LOGIN_AGAIN = 4010
    ACCESS_LOST = 4011

    @property
    def advice(self) -> str:
        """`reconnect` (with back-off, then resume), `login` (the session is over) or `stop` (it would only happen
        again)."""
        return CLOSE_ADVICE[self]


CLOSE_ADVICE: dict[CloseCode, str] = {
    CloseCode.GOING_AWAY: "reconnect",
    CloseCode.TOO_BIG: "stop",
    CloseCode.SERVER_ERROR: "reconnect",
    CloseCode.RESTARTING: "reconnect",
    CloseCode.BAD_FRAME: "stop",
    CloseCode.HELLO_FIRST: "stop",
    CloseCode.HELLO_TIMEOUT: "reconnect",
    CloseCode.VERSION_NOT_SPOKEN: "stop",
    CloseCode.TOO_SLOW: "reconnect",
    CloseCode.TOO_FAST: "reconnect",
    CloseCode.LOGIN_AGAIN: "login",
    CloseCode.ACCESS_LOST: "stop",
}
