from servers import redis_servers, valkey_url

__all__ = ["redis_servers", "valkey_url"]
