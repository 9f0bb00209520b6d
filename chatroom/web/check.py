"""`chatroom check`: what is wrong on this machine, in sentences."""

import asyncio
import os

from chatroom.log.base import LogUnavailable
from chatroom.log.redis_check import redis_advice
from chatroom.log.redis_commands import connect
from chatroom.web.listening import allow_files, files_needed
from chatroom.web.rooms_file import rooms_path
from chatroom.web.settings import Settings


def problems(settings: Settings) -> list[str]:
    """One sentence for everything that is wrong; empty when all is well."""
    found = asyncio.run(_redis_problems(settings.redis_url)) if settings.redis_url else []
    if not _rooms_can_wait(settings):
        found.append("The rooms cannot wait for a restart in ROOMS_FILE: give it a path that this user may write, or none.")
    needed = files_needed(settings.max_connections)
    if not allow_files(needed):
        found.append(
            f"This user may not open {needed} files, which MAX_CONNECTIONS needs: raise the limit (ulimit -Hn) or lower it."
        )
    if settings.base_url.startswith("https:") and not settings.trusted_proxies:
        found.append(
            "BASE_URL is https, but TRUSTED_PROXIES is empty: behind the proxy everyone would count as one network address."
        )
    return found


def _rooms_can_wait(settings: Settings) -> bool:
    path = rooms_path(settings)
    if path is None:
        return bool(settings.redis_url) or settings.rooms_file == "none"
    there = next(folder for folder in path.parents if folder.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK) and not path.is_dir()


async def _redis_problems(url: str) -> list[str]:
    client = connect(url)
    try:
        return await redis_advice(client)
    except LogUnavailable:
        return ["Redis does not answer at REDIS_URL."]
    finally:
        await client.aclose()
