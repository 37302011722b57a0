"""Files for browsers: the bundles of our own pages, and the one script that other people's pages load."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from chatserver.http.page import TEMPLATES

FOLDER = Path(__file__).parents[1] / "static"


class Bundles(StaticFiles):
    """Names carry no hash, so a browser asks each time; the ETag makes the answer short."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


# The folder appears with the first build; until then the rest of the server works without it.
bundles = Bundles(directory=FOLDER, check_dir=False)

static = Mount("/static", bundles, name="static")


async def widget(request: Request) -> Response:
    """The widget's scripts, for any page: they hold nothing that is not public, and know no cookie.

    The panel comes by `import()` from the portal's page, which is why any origin may read it.
    """
    response = await bundles.get_response(request.url.path.removeprefix("/"), request.scope)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


async def icon(_request: Request) -> Response:
    return FileResponse(TEMPLATES / "icon.svg", headers={"Cache-Control": "public, max-age=86400"})
