"""What the configuration of a Redis server sets against the promises: nothing on disk, nothing evicted, nothing in a log."""

from chatroom.log.redis_commands import Commands, Declined

ADVICE = {
    "save": ("", 'Redis writes snapshots to disk; set: save "".'),
    "appendonly": ("no", "Redis writes every command to disk; set: appendonly no."),
    "maxmemory-policy": ("noeviction", "Redis may throw rooms away when memory is short; set: maxmemory-policy noeviction."),
    "slowlog-max-len": ("0", "Redis keeps slow commands with their arguments; set: slowlog-max-len 0."),
}
"""By setting: the value wanted, and what to say of any other."""

FORBIDDEN = "Redis does not let its configuration be read; look yourself at: " + ", ".join(ADVICE) + "."


async def redis_advice(commands: Commands) -> list[str]:
    """One sentence for each setting of the server that works against the promises. Raises LogUnavailable."""
    try:
        found = [word.decode() for word in await commands.ask("CONFIG", "GET", *ADVICE)]
    except Declined:
        return [FORBIDDEN]
    values = dict(zip(found[::2], found[1::2], strict=True))
    return [sentence for name, (wanted, sentence) in ADVICE.items() if values.get(name, wanted) != wanted]
