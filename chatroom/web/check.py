"""`chatroom check`: what is wrong on this machine, in sentences."""

import asyncio
import os
from datetime import date
from urllib.parse import urlsplit

from chatroom.hooks.post import NotAnswered, Poster
from chatroom.hooks.registry import installed
from chatroom.log.redis_check import redis_advice
from chatroom.log.redis_commands import Commands
from chatroom.web.helplines import old_lines, read_help_lines
from chatroom.web.kinds import is_loopback
from chatroom.web.listening import allow_files, files_needed
from chatroom.web.policies import chosen_policies, read_words
from chatroom.web.rooms_file import kept_files, rooms_path
from chatroom.web.settings import Settings

WEBHOOK_PROBLEMS = {
    "private_address": "WEBHOOK_URL leads to an address that is not public: nothing is sent there.",
    "no_address": "WEBHOOK_URL leads nowhere: its name is not known.",
}


def problems(settings: Settings) -> list[str]:
    """One sentence for everything that is wrong; empty when all is well.

    Raises SettingsError and HookNotLoaded for what stops the start.
    """
    chosen_policies(settings)
    read_words(settings.words_file)
    installed()
    found = asyncio.run(_redis_problems(settings.redis_url)) if settings.redis_url else []
    if settings.webhook_url:
        found += asyncio.run(_webhook_problems(settings.webhook_url))
    if settings.words_file and "words" not in {name.partition(":")[0] for name in settings.policies}:
        found.append("WORDS_FILE is set, but POLICIES does not name words: nothing looks for what stands in it.")
    if not _rooms_can_wait(settings):
        found.append("The rooms cannot wait for a restart in ROOMS_FILE: give it a path that this user may write, or none.")
    if (path := rooms_path(settings)) and kept_files(path):
        found.append("Rooms that were not taken are kept beside ROOMS_FILE: docs/operations.md says how to bring them back.")
    needed = files_needed(settings.max_connections)
    if not allow_files(needed):
        found.append(
            f"This user may not open {needed} files, which MAX_CONNECTIONS needs: raise the limit (ulimit -Hn) or lower it."
        )
    if settings.base_url.startswith("https:") and not settings.trusted_proxies:
        found.append(
            "BASE_URL is https, but TRUSTED_PROXIES is empty: behind the proxy everyone would count as one network address."
        )
    if not settings.opening and is_loopback(settings.host) and _is_for_others(settings):
        found.append(
            "OPENING is empty: rooms are opened from this machine alone, and nobody who comes through a proxy can open one. "
            "Set it to anyone, nobody or a hash made by `chatroom hash-passphrase`."
        )
    return found


def _is_for_others(settings: Settings) -> bool:
    """Whether the settings tell of a proxy, or of names under which others know this server."""
    names = (urlsplit(origin).hostname or "" for origin in settings.origins)
    return bool(settings.trusted_proxies) or not all(map(is_loopback, names))


def reminders(settings: Settings, today: date) -> list[str]:
    """What is not wrong and still wants doing, a sentence each. Raises SettingsError for a wrong HELPLINES_FILE."""
    old = old_lines(read_help_lines(settings.helplines_file), today)
    if not old:
        return []
    names = ", ".join(f"{name} ({country})" if country else name for country, name in old)
    return [f"Nobody has checked these help lines within a year: {names}."]


def _rooms_can_wait(settings: Settings) -> bool:
    path = rooms_path(settings)
    if path is None:
        return bool(settings.redis_url) or settings.rooms_file == "none"
    there = next(folder for folder in path.parents if folder.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK) and not path.is_dir()


async def _webhook_problems(url: str) -> list[str]:
    try:
        await Poster(url).addresses()
    except NotAnswered as failure:
        return [WEBHOOK_PROBLEMS[str(failure)]]
    return []


async def _redis_problems(url: str) -> list[str]:
    commands = Commands(url)
    try:
        return await redis_advice(commands)
    finally:
        await commands.close()
