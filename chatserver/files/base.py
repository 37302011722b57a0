"""What a store of files can do, whichever it is. It knows keys and bytes: whose a file is, the tables know."""

import re
import secrets
from collections.abc import AsyncIterator
from typing import Protocol

CHUNK = 64 * 1024
"""Bytes that are in memory at a time."""

_KEY = re.compile(r"[0-9a-f]{32}")


class FileMissing(Exception):
    """The store does not have what the tables say it has."""


class Store(Protocol):
    """Keys are made by `new_key`; a client's name for a file never reaches a store."""

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """Keep all of it, durably, or nothing: when `chunks` raises, nothing can be opened under `key`."""
        ...

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """What was put, piece by piece. Raises `FileMissing` before the first piece."""
        ...

    async def remove(self, key: str) -> None:
        """Forget it, and what an interrupted `put` left of it. Nothing happens when it is not there."""
        ...


def new_key() -> str:
    """128 bits that nobody guesses."""
    return secrets.token_hex(16)


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None
