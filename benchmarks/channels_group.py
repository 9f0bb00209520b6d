"""Django Channels with its Redis layer: one group, every message sent to it. What `make bench` compares with."""

import os
import sys

import django
import uvicorn
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

LAYER = "channels_redis.pubsub.RedisPubSubChannelLayer"
GROUP = "room"


class Member(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.channel_layer.group_send(GROUP, {"type": "said", "text": text_data})

    async def said(self, event: dict[str, str]) -> None:
        await self.send(text_data=event["text"])


if __name__ == "__main__":
    hosts = {"hosts": [os.environ["REDIS_URL"]]}
    settings.configure(SECRET_KEY="measured", CHANNEL_LAYERS={"default": {"BACKEND": LAYER, "CONFIG": hosts}})
    django.setup()
    app = ProtocolTypeRouter({"websocket": URLRouter([path("ws", Member.as_asgi())])})
    options = {"log_level": "warning", "ws": "websockets-sansio", "ws_per_message_deflate": False, "lifespan": "off"}
    uvicorn.run(app, port=int(sys.argv[1]), **options)  # type: ignore[arg-type]
