"""`/metrics` for Prometheus: for who has the token of the settings, and without one for nobody."""

import secrets
from datetime import datetime, timedelta

from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from chatserver import metrics
from chatserver.errors import not_found
from chatserver.queries.watch import list_queues, oldest_due

NOTHING = timedelta()


async def show_metrics(request: Request) -> Response:
    """The same answer to a wrong token as to an address that does not exist."""
    token = request.app.state.settings.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token is None or not secrets.compare_digest(given.encode(), token.get_secret_value().encode()):
        raise not_found("page")
    await _read(request)
    return Response(generate_latest(metrics.REGISTRY), media_type=CONTENT_TYPE_LATEST)


async def _read(request: Request) -> None:
    """What is a state and not a count is looked up now."""
    service, context = request.app.state.service, request.app.state.context
    staff = sum(connection.staff for connection in service.hub.connections)
    metrics.CONNECTIONS.labels("staff").set(staff)
    metrics.CONNECTIONS.labels("visitor").set(len(service.hub.connections) - staff)
    metrics.BUS_HEALTHY.set(service.bus.healthy)
    for fate in ("published", "dropped", "errors"):
        metrics.BUS_HINTS.labels(fate).set(getattr(service.bus.counters, fate))
    now = context.clock.now()
    async with context.db.read() as session:
        for queue in await list_queues(session):
            metrics.WAITING.labels(queue.portal).set(queue.waiting)
            metrics.OLDEST.labels(queue.portal).set(_age(queue.oldest, now))
        metrics.TIMER_LAG.set(_age(await oldest_due(session, now), now))


def _age(since: datetime | None, now: datetime) -> float:
    return max(now - since, NOTHING).total_seconds() if since else 0.0
