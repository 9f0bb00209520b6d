from browser import chromium, crowd
from servers import redis_servers, valkey_url

__all__ = ["chromium", "crowd", "redis_servers", "valkey_url"]
