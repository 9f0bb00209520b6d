"""What the configuration of a Redis server sets against the promises: nothing on disk, nothing evicted, nothing in a log."""

from redis.exceptions import AuthenticationError, RedisError, ResponseError

from chatroom.log.base import LogUnavailable
from chatroom.log.redis_commands import Commands, Declined

ADVICE = {
    "save": ("", 'Redis writes snapshots to disk; set: save "".'),
    "appendonly": ("no", "Redis writes every command to disk; set: appendonly no."),
    "maxmemory-policy": ("noeviction", "Redis may throw rooms away when memory is short; set: maxmemory-policy noeviction."),
    "slowlog-max-len": ("0", "Redis keeps slow commands with their arguments; set: slowlog-max-len 0."),
}
"""By setting: the value wanted, and what to say of any other."""

FORBIDDEN = "Redis does not let its configuration be read; look yourself at: " + ", ".join(ADVICE) + "."
REFUSED = "Redis answers, but refuses the user, the password or the number of the database in REDIS_URL."
NO_ANSWER = "Redis does not answer at REDIS_URL."


async def redis_advice(commands: Commands) -> list[str]:
    """One sentence for each setting of the server that works against the promises, or why nothing is known of them."""
    try:
        found = [word.decode() for word in await commands.ask("CONFIG", "GET", *ADVICE)]
    except Declined as refusal:
        return [REFUSED if str(refusal) == "NOAUTH" else FORBIDDEN]
    except LogUnavailable:
        return [await _why_not(commands)]
    values = dict(zip(found[::2], found[1::2], strict=True))
    return [sentence for name, (wanted, sentence) in ADVICE.items() if values.get(name, wanted) != wanted]


async def _why_not(commands: Commands) -> str:
    try:
        (await commands.line(lambda answer: None)).close()
    except (AuthenticationError, ResponseError):
        return REFUSED
    except RedisError:
        pass
    return NO_ANSWER
