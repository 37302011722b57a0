"""A private Dovecot: one mailbox on a port of loopback, with a user, a password and mails of its own."""

import grp
import os
import pwd
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from signal import SIGTERM

from imapclient import IMAPClient

from chatserver.mail_settings import MailSettings
from tests.mail.account import account
from tests.processes import free_port
from tests.servers import Server, _program, _running, _temporary_directory

USER, PASSWORD = "ayuda", "right"


class Dovecot(Server):
    stop_signal = SIGTERM

    def __init__(self, directory: Path, *, tls: Path | None = None, starttls: bool = False) -> None:
        """`tls`: certificate and key of one that takes nothing in clear, from the first byte on or after STARTTLS."""
        self.port = free_port()
        self.tls = None if starttls else tls
        config = directory / "dovecot.conf"
        config.write_text(_config(directory, self.port, tls, starttls=starttls))
        (directory / "mail").mkdir()
        owner = pwd.getpwuid(_mail_user())
        if os.geteuid() == 0:
            os.chown(directory / "mail", owner.pw_uid, owner.pw_gid)
            directory.chmod(0o755)
        super().__init__(directory, [_program("dovecot", Path("/usr/sbin")), "-F", "-c", str(config)])

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as client:
                return self.tls is not None or client.recv(4) == b"* OK"
        except OSError:
            return False

    def settings(self, **changes: object) -> MailSettings:
        """The desk's account, which reads here."""
        fields = {
            "smtp_host": None,
            "imap_host": "127.0.0.1",
            "imap_port": self.port,
            "imap_security": "none",
            "imap_user": USER,
            "imap_password": PASSWORD,
            "imap_poll": 1,
            "timeout": 5,
        }
        return account(**fields | changes)

    def deliver(self, raw: bytes, at: datetime | None = None, folder: str = "INBOX", user: str = USER) -> None:
        """Put a mail there, as a delivery does."""
        with self.client(user) as client:
            client.append(folder, raw, msg_time=at)

    def renumber(self) -> None:
        """Lose all numbers, as after a restoration: the mailbox gives new ones, with another UIDVALIDITY."""
        self.stop()
        for name in ("dovecot-uidlist", "dovecot-uidvalidity"):
            for path in (self.directory / "mail").rglob(f"{name}*"):
                path.unlink()
        for path in (self.directory / "mail").rglob("dovecot.index*"):
            path.unlink()
        self.start()

    @contextmanager
    def client(self, user: str = USER) -> Iterator[IMAPClient]:
        """Whatever the name, there is a mailbox of it."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10)
        try:
            client.login(user, PASSWORD)
            yield client
        finally:
            client.shutdown()


def _mail_user() -> int:
    """Mail belongs to nobody who matters; Dovecot takes no root for it."""
    return os.geteuid() or pwd.getpwnam("nobody").pw_uid


def _config(directory: Path, port: int, tls: Path | None, *, starttls: bool) -> str:
    user = pwd.getpwuid(_mail_user())
    as_oneself = ""
    if os.geteuid() != 0:
        as_oneself = f"default_internal_user = {user.pw_name}\ndefault_login_user = {user.pw_name}\n"
    at_once = tls is not None and not starttls
    secured = "ssl = no" if tls is None else f"ssl = required\nssl_cert = <{tls}\nssl_key = <{tls}"
    return f"""
protocols = imap
listen = 127.0.0.1
base_dir = {directory}/run
state_dir = {directory}/state
log_path = /dev/stderr
{as_oneself}default_internal_group = {_group()}
{secured}
disable_plaintext_auth = no
auth_failure_delay = 0
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{directory}/mail/%u
mail_access_groups =
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={user.pw_uid} gid={user.pw_gid} home={directory}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {0 if at_once else port}
  }}
  inet_listener imaps {{
    port = {port if at_once else 0}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def _group() -> str:
    return "dovecot" if os.geteuid() == 0 else grp.getgrgid(os.getegid()).gr_name


@contextmanager
def dovecot(*, tls: Path | None = None, starttls: bool = False) -> Iterator[Dovecot]:
    with _temporary_directory() as directory:
        server = Dovecot(directory, tls=tls, starttls=starttls)
        with _running(server):
            yield server
