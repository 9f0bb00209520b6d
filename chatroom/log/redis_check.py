"""What the configuration of a Redis server sets against the promises: nothing on disk, nothing evicted, nothing in a log."""

from redis.exceptions import AuthenticationError, RedisError, ResponseError

from chatroom.core.formats import FORMAT
from chatroom.log.base import LogUnavailable
from chatroom.log.redis import RedisLogs
from chatroom.log.redis_commands import Commands, Declined, ServerFull
from chatroom.log.redis_wire import token
from chatroom.log.rehearsal import rehearse

ADVICE = {
    "save": ("", 'Redis writes snapshots to disk; set: save "".'),
    "appendonly": ("no", "Redis writes every command to disk; set: appendonly no."),
    "maxmemory-policy": ("noeviction", "Redis may throw rooms away when memory is short; set: maxmemory-policy noeviction."),
    "slowlog-max-len": ("0", "Redis keeps slow commands with their arguments; set: slowlog-max-len 0."),
}
"""By setting: the value wanted, and what to say of any other."""

FORBIDDEN = "Redis does not let its configuration be read; look yourself at: " + ", ".join(ADVICE) + "."
REFUSED = "Redis answers, but refuses the user, the password or the number of the database in REDIS_URL."
FULL = "Redis has no memory left for a room: raise maxmemory."
NOT_ALLOWED = "Redis does not let this user do all that a room needs: docs/operations.md lists the keys, channels and commands."
NOT_HEARD = "Redis does not let this user hear the channels chatroom:*, or is too slow: docs/operations.md lists what it needs."
NO_ANSWER = "Redis does not answer at REDIS_URL."


async def redis_advice(commands: Commands) -> list[str]:
    """One sentence for each setting of the server that works against the promises, and for what it does not let us do."""
    try:
        found = [word.decode() for word in await commands.ask("CONFIG", "GET", *ADVICE)]
        values = dict(zip(found[::2], found[1::2], strict=True))
        advice = [sentence for name, (wanted, sentence) in ADVICE.items() if values.get(name, wanted) != wanted]
    except Declined as refusal:
        if str(refusal) == "NOAUTH":
            return [REFUSED]
        advice = [FORBIDDEN]
    except LogUnavailable:
        return [await _why_not(commands)]
    return [*advice, *await _room_advice(RedisLogs(commands))]


async def _room_advice(logs: RedisLogs) -> list[str]:
    """What keeps a room from being held here, by holding one."""
    try:
        await logs.renew(token().decode(), FORMAT)
        await logs.check()
        await rehearse(logs)
    except ServerFull:
        return [FULL]
    except Declined:
        return [NOT_ALLOWED]
    except LogUnavailable:
        return [NOT_HEARD]
    finally:
        await logs.close()
    return []


async def _why_not(commands: Commands) -> str:
    try:
        (await commands.line(lambda answer: None)).close()
    except (AuthenticationError, ResponseError):
        return REFUSED
    except RedisError:
        pass
    return NO_ANSWER
