"""Django Channels as its own tutorial has it: a consumer, a group a conversation, channels_redis, the ORM.

One file instead of a project; the rest is Django's: the pub/sub channel layer, persistent connections, no middleware.
"""

# Django and Channels are installed only for the bench, in an environment of its own.
# mypy: ignore-errors

import asyncio
import os
from typing import Any

import django
from django.conf import settings

HOST, _, DATABASE = os.environ["BENCH_DATABASE"].rpartition("/")

settings.configure(
    INSTALLED_APPS=["channels"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": DATABASE,
            "USER": "chatserver",
            "HOST": HOST,
            "CONN_MAX_AGE": None,
        }
    },
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [os.environ["BENCH_REDIS"]]},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402 -- Django wants its settings first
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.urls import path  # noqa: E402


class Message(models.Model):
    """A message of a conversation."""

    conversation = models.IntegerField()
    side = models.CharField(max_length=10)
    client_id = models.CharField(max_length=64)
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "channels"


class Room(AsyncJsonWebsocketConsumer):
    """One side of a conversation."""

    async def connect(self) -> None:
        where = self.scope["url_route"]["kwargs"]
        self.conversation, self.side = where["conversation"], where["side"]
        self.group = f"conversation-{self.conversation}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: dict[str, Any], **_more: Any) -> None:
        if content["type"] == "hello":
            await self.send_json({"type": "welcome"})
            return
        row = await Message.objects.acreate(
            conversation=self.conversation, side=self.side, client_id=content["id"], body=content["body"]
        )
        await self.send_json({"type": "ack", "id": content["id"], "seq": row.id})
        said = {"id": content["id"], "body": content["body"], "seq": row.id}
        await self.channel_layer.group_send(
            self.group, {"type": "chat.message", "sender": self.channel_name, "said": said}
        )

    async def chat_message(self, event: dict[str, Any]) -> None:
        if event["sender"] != self.channel_name:
            await self.send_json({"type": "message", **event["said"]})


def create_table() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Message)
    connection.close()


asyncio.run(asyncio.to_thread(create_table))
rooms = URLRouter([path("ws/<int:conversation>/<str:side>", Room.as_asgi())])
app = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": rooms})
