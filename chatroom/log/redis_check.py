"""What the configuration of a Redis server sets against the promises: nothing on disk, nothing evicted, nothing in a log."""

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from chatroom.log.redis_commands import answering

ADVICE = {
    "save": ("", 'Redis writes snapshots to disk; set: save "".'),
    "appendonly": ("no", "Redis writes every command to disk; set: appendonly no."),
    "maxmemory-policy": ("noeviction", "Redis may throw rooms away when memory is short; set: maxmemory-policy noeviction."),
    "slowlog-max-len": ("0", "Redis keeps slow commands with their arguments; set: slowlog-max-len 0."),
}
"""By setting: the value wanted, and what to say of any other."""

FORBIDDEN = "Redis does not let its configuration be read; look yourself at: " + ", ".join(ADVICE) + "."


async def redis_advice(client: Redis) -> list[str]:
    """One sentence for each setting of the server that works against the promises. Raises LogUnavailable."""
    with answering():
        try:
            found = await client.config_get(*ADVICE)
        except ResponseError:
            return [FORBIDDEN]
    values = {str(name): str(value) for name, value in found.items()}
    return [sentence for name, (wanted, sentence) in ADVICE.items() if values.get(name, wanted) != wanted]
