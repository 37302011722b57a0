"""What the pages ask of mail. The two rooms do not see each other: the application hands one to the other."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request

from chatserver.mail_settings import MailSettings
from chatserver.process.incoming import IncomingMail


@dataclass(frozen=True, slots=True)
class Post:
    """`read` a mail's bytes, told our own address. `reach` the servers: the problem of each, or None. `letters` of a
    locale and a signature: what the client gets by each kind of notice, with sample data, as subject and text."""

    read: Callable[[bytes, str], IncomingMail]
    reach: Callable[[MailSettings], Awaitable[Mapping[str, str | None]]]
    letters: Callable[[str, str], Mapping[str, tuple[str, str]]]


def post_of(request: Request) -> Post:
    post: Post = request.app.state.post
    return post
