"""The mail of a desk in a browser's test: a Dovecot that clients' mail comes to, and a server that takes ours. That one
runs in a thread beside: a browser's test has no loop to share."""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from uuid import uuid4

from tests.mail.account import environment
from tests.mail.corpus import mail
from tests.mail.dovecot import Dovecot, dovecot
from tests.mail.sink import Sink, open_sink

PATIENCE = 30.0
PORTAL = "demo-open"


@dataclass
class Post:
    box: Dovecot
    sink: Sink

    def environment(self, folder: Path) -> dict[str, str]:
        """The desk's account, as an operator sets it."""
        account = self.box.settings(
            smtp_host="127.0.0.1", smtp_port=self.sink.port, smtp_security="none", portal=PORTAL
        )
        return environment(account, folder)

    def deliver(self, sender: str, subject: str, text: str) -> None:
        self.box.deliver(mail(text, subject=subject, From=sender, Message_ID=f"<{uuid4().hex}@client.example>"))

    def letter(self, to: str, kind: str) -> EmailMessage:
        """The mail of this kind that they got; as soon as it is there."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = [each for each in self.letters(to) if self.kind(each) == kind]
            if found:
                (letter,) = found
                return letter
            time.sleep(0.05)
        raise AssertionError(f"no {kind} to {to}, but {[self.kind(each) for each in self.letters(to)]}")

    def letters(self, to: str) -> list[EmailMessage]:
        return [each for each in self.sink.mails if to in str(each["To"])]

    @staticmethod
    def kind(letter: EmailMessage) -> str:
        """What it tells: its id begins with that."""
        found = re.match(r"<([a-z0-9-]+)-[0-9a-f]{16}\.", str(letter["Message-ID"]))
        assert found
        return found[1].replace("-", "_")


@contextmanager
def post() -> Iterator[Post]:
    with dovecot() as box, _sink() as sink:
        yield Post(box, sink)


@contextmanager
def _sink() -> Iterator[Sink]:
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="sink")
    thread.start()
    opened = open_sink()
    try:
        yield asyncio.run_coroutine_threadsafe(opened.__aenter__(), loop).result(PATIENCE)
    finally:
        asyncio.run_coroutine_threadsafe(opened.__aexit__(None, None, None), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
