"""Whether this process works (`/healthz`), and whether it should get work (`/readyz`)."""

import asyncio

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

log = structlog.get_logger()

PATIENCE = 2.0
"""Seconds within which the database must answer a trivial query."""


async def healthz(request: Request) -> Response:
    database = await _database_answers(request)
    return JSONResponse({"database": _word(database)}, 200 if database else 503)


async def readyz(request: Request) -> Response:
    """A bus that is away makes it degraded, not unready: messages are stored, and delivered a little later."""
    service = request.app.state.service
    database = await _database_answers(request)
    said = {
        "database": _word(database),
        "bus": "ok" if service.bus.healthy else "degraded",
        "draining": service.draining,
    }
    return JSONResponse(said, 200 if database and not service.draining else 503)


async def _database_answers(request: Request) -> bool:
    try:
        async with asyncio.timeout(PATIENCE), request.app.state.context.db.read() as session:
            await (await session.connection()).execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("health.database_away", error=str(error)[:200])
        return False
    return True


def _word(answers: bool) -> str:
    return "ok" if answers else "away"
