"""What Prometheus is told, and who is not."""

import httpx2
import pytest

from tests.wire import Live, live_server
from tests.world import TUESDAY

pytestmark = pytest.mark.asyncio

TOKEN = "a-token-that-is-long-enough"


async def scrape(live: Live, token: str | None) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx2.AsyncClient() as client:
        return await client.get(f"http://127.0.0.1:{live.port}/metrics", headers=headers)


async def test_queue_connections_and_messages_are_told(database_url: str) -> None:
    async with live_server(database_url, TUESDAY, metrics_token=TOKEN) as live:
        vic, _ = await live.visitor()
        conversation = await live.start(vic)
        live.clock.advance(seconds=30)
        await vic.ask("send_message", conversation=conversation, client_message_id="a-message", body="Hola")
        told = (await scrape(live, TOKEN)).text
    assert 'chatserver_connections{side="visitor"} 1.0' in told
    assert 'chatserver_queue_waiting{portal="portal-key"} 1.0' in told
    assert 'chatserver_queue_oldest_seconds{portal="portal-key"} 30.0' in told
    assert "chatserver_messages_stored_total" in told


@pytest.mark.parametrize("token", [None, "", "a-token-that-is-wrong"])
async def test_without_the_token_there_is_nothing(sqlite_url: str, token: str | None) -> None:
    async with live_server(sqlite_url, TUESDAY, metrics_token=TOKEN) as live:
        assert (await scrape(live, token)).status_code == 404


async def test_without_a_token_in_the_settings_there_is_nothing_for_anybody(sqlite_url: str) -> None:
    async with live_server(sqlite_url, TUESDAY) as live:
        assert (await scrape(live, TOKEN)).status_code == 404
