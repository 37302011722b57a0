"""What the pages ask of mail. The two rooms do not see each other: the application hands one to the other."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from chatserver.mail_settings import MailSettings
from chatserver.process.incoming import IncomingMail


@dataclass(frozen=True, slots=True)
class Post:
    """`read` a mail's bytes, told our own address. `reach` the servers: the problem of each, or None. `letters` of a
    kind of notice, a locale, a signature and the desk's own words: what the client gets, with sample data, as subject,
    text and page."""

    read: Callable[[bytes, str], IncomingMail]
    reach: Callable[[MailSettings], Awaitable[Mapping[str, str | None]]]
    letters: Callable[[str, str, str, Mapping[str, str]], Sequence[tuple[str, str, str]]]


def post_of(request: Request) -> Post:
    post: Post = request.app.state.post
    return post
