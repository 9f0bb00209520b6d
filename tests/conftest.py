from browser import chromium, crowd
from companies import bystanders, server, three, two_hosts
from hypothesis import settings
from servers import redis_servers, valkey_url

__all__ = ["bystanders", "chromium", "crowd", "redis_servers", "server", "three", "two_hosts", "valkey_url"]

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
