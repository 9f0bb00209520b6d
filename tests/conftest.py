from browser import chromium, crowd
from hypothesis import settings
from servers import redis_servers, valkey_url

__all__ = ["chromium", "crowd", "redis_servers", "valkey_url"]

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
