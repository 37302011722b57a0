"""Passwords of staff: argon2 in threads, a few at a time: a guesser takes neither the loop nor the memory."""

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
"""Characters. Longer ones are refused unhashed."""

_hasher = PasswordHasher()
_at_once = CapacityLimiter(4)

UNKNOWN = _hasher.hash("nobody has this password")
"""What an unknown login is compared with, so that it takes as long as a known one."""


async def hash_password(password: str) -> str:
    return await to_thread.run_sync(_hasher.hash, password, limiter=_at_once)


async def verify_password(stored: str, password: str) -> bool:
    if len(password) > LONGEST:
        return False
    return await to_thread.run_sync(_matches, stored, password, limiter=_at_once)


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def weakness(password: str, login: str) -> str | None:
    """What is wrong with a new password, as a key of the locales, or None. Length is what counts (NIST SP 800-63B)."""
    if len(password) < SHORTEST:
        return "password.short"
    if len(password) > LONGEST:
        return "password.long"
    if password.casefold() == login.casefold() or len(set(password)) < 4:
        return "password.plain"
    return None
