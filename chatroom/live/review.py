"""What people say in one room, shown to the policies before it is decided.

One thing at a time for each author, in the author's order. Nobody else waits, and nothing waits where every policy is inline.
"""

import asyncio
import unicodedata
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from chatroom.core import commands as c
from chatroom.core import door_commands as dc
from chatroom.core import floor_commands as fc
from chatroom.core import safety_commands as sc
from chatroom.core import support_commands as s
from chatroom.core.commands import AnyCommand, NoteConcern, Reviewed
from chatroom.core.direct_commands import SayDirect
from chatroom.core.limits import READING_CODE_POINTS
from chatroom.core.nicknames import without_mentions
from chatroom.core.refusals import Refused
from chatroom.core.room import Room
from chatroom.core.rules import decide
from chatroom.core.rules.permissions import leads
from chatroom.core.rules.retries import stands_at
from chatroom.core.safety_events import Danger, Word
from chatroom.core.same_person import limit_keys
from chatroom.live.eager import Spawn
from chatroom.live.panel import PASSED, Judgement, Panel
from chatroom.live.writer import Job, Reply, Writer
from chatroom.moderation.patterns import WordList
from chatroom.moderation.policy import Decision, Kind, Recent, Said

WAITING_AT_MOST = 32
"""Commands of one author behind one that is being reviewed."""
RECENT_TEXTS = 6
RECENT_MS = 120_000
TOLD_SECONDS = 60

_WORDS: dict[type[c.Command], tuple[Kind, Callable[[Any], str]]] = {
    c.Post: (Kind.MESSAGE, lambda command: command.text),
    s.TakeChip: (Kind.MESSAGE, lambda command: command.words),
    SayDirect: (Kind.DIRECT, lambda command: command.text),
    fc.SetTopic: (Kind.TITLE, lambda command: command.topic),
    s.OpenPoll: (Kind.TITLE, lambda command: "\n".join((command.question, *command.options))),
    **dict.fromkeys(
        (c.Mute, c.Redact, c.Remove, dc.SendBack, sc.RejectHeld, sc.RedactAll), (Kind.REASON, lambda command: command.reason)
    ),
}
"""The commands that others see words of, and where those are."""

_REASONS = frozenset(command for command, (kind, _) in _WORDS.items() if kind is Kind.REASON)
_HELP = frozenset({c.Leave, c.Report, s.AskSupport, s.SayPrivately, sc.Worry, fc.SayTyping})
_STOPS_HARM = frozenset({dc.Calm, dc.StopPosting, dc.Veil, dc.SetDoor}) | _REASONS
OVERTAKES = _HELP | _STOPS_HARM
"""Commands that do not wait behind the same person's words: help, and what stops harm."""


class _Concerned:
    """Answers in the place of `reply`, and sees to it that words of danger which are refused are not overheard."""

    def __init__(self, reply: Reply | None, note: Callable[[], None]) -> None:
        self._reply, self._note = reply, note

    def done(self, offset: int) -> None:
        if self._reply:
            self._reply.done(offset)

    def refused(self, refusal: Refused) -> None:
        if self._reply:
            self._reply.refused(refusal)
        self._note()


class Review:
    """Puts into `writer` what may be said. `begin` runs a coroutine until it waits, and then as the task that it gives."""

    def __init__(
        self,
        panel: Panel,
        room: Room,
        writer: Writer,
        now: Callable[[], int],
        begin: Spawn,
    ) -> None:
        self._panel, self._room, self._writer, self._now, self._begin = panel, room, writer, now, begin
        self._looks_at: dict[type[object], tuple[Kind, Callable[[Any], str]]] = {
            command: words for command, words in _WORDS.items() if words[0] in panel.kinds
        }
        self._lines: dict[str, deque[Job]] = {}
        """What waits, by author; the first is being reviewed."""
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._recent: dict[bytes, tuple[Recent, ...]] = {}
        """What each person said last, on whatever seat, oldest first."""
        self._room_words: tuple[Word, ...] = ()
        self._words = panel.words
        self._failed: set[str] = set()
        self._told_at = 0

    def submit(self, actor: str, command: AnyCommand, reply: Reply | None = None) -> None:
        """Review what is to be reviewed, and put it into the room's inbox."""
        line = self._lines.get(actor)
        if line is not None and type(command) not in OVERTAKES:
            self._wait(line, self._writer.job(actor, command, reply))
        elif type(command) not in self._looks_at:
            self._writer.submit(actor, command, reply)
        elif line is not None or self._looks_at[type(command)][0] not in self._panel.waits:
            self._begin(self._one(self._writer.job(actor, command, reply)))
        else:
            self._lines[actor] = deque([self._writer.job(actor, command, reply)])
            task = self._begin(self._all_of(actor))
            if task is not None:
                self._tasks[actor] = task

    def _wait(self, line: deque[Job], job: Job) -> None:
        if len(line) < WAITING_AT_MOST:
            line.append(job)
        else:
            job.refuse(Refused("slow_down", 1))

    async def _all_of(self, actor: str) -> None:
        line = self._lines[actor]
        try:
            while line:
                await self._one(line.popleft())
        finally:
            self._tasks.pop(actor, None)
            if self._lines.get(actor) is line:
                del self._lines[actor]

    async def _one(self, job: Job) -> None:
        try:
            job.command = await self._reviewed(job)
        except Refused as refusal:
            job.refuse(refusal)
        except asyncio.CancelledError:
            job.refuse(Refused("no_such_room"))
            raise
        else:
            self._writer.put(job)

    async def _reviewed(self, job: Job) -> AnyCommand:
        """The command as it is to be decided. Raises Refused."""
        if not isinstance(job.command, c.Command) or type(job.command) not in self._looks_at:
            return job.command
        kind, words_of = self._looks_at[type(job.command)]
        text = without_mentions(_clean(words_of(job.command)), self._room.names)
        if len(text) > READING_CODE_POINTS or (kind in self._panel.waits and self._is_settled(job)):
            return job.command
        judgement = await self._panel.judge(self._said(job.actor, kind, text), self._failed)
        if judgement.concern:
            unsaid = NoteConcern(concern=Danger(judgement.concern))
            job.reply = _Concerned(job.reply, partial(self._writer.submit, job.actor, unsaid))
        if judgement is PASSED or self._is_settled(job):
            return job.command
        return _outcome(job.command, kind, judgement)

    def _is_settled(self, job: Job) -> bool:
        """Whether this very thing was said before. Raises Refused for what is refused whatever the policies say."""
        person = self._room.people.get(job.actor)
        if person is not None and isinstance(job.command, c.Command) and stands_at(self._room, person, job.command):
            return True
        decide(self._room, job.actor, job.command, self._now())
        return False

    def _said(self, actor: str, kind: Kind, text: str) -> Said:
        person, now = self._room.people.get(actor), self._now()
        recent = tuple(one for one in self._recent_of(actor) if one.at >= now - RECENT_MS)
        moderates = person is not None and (person.moderates or leads(self._room, person))
        names = frozenset(self._room.names) if "@" in text else frozenset[str]()
        return Said(text=text, kind=kind, now=now, recent=recent, words=self._word_list(), moderates=moderates, names=names)

    def _word_list(self) -> WordList:
        if self._room.team.words is not self._room_words:
            self._room_words = self._room.team.words
            self._words = WordList(self._room_words, beside=self._panel.words)
        return self._words

    async def name(self, nickname: str) -> None:
        """Review the name of someone who is coming in. Raises Refused name_rejected."""
        if Kind.NAME in self._panel.kinds:
            said = Said(text=_clean(nickname), kind=Kind.NAME, now=self._now(), words=self._word_list())
            judgement = await self._panel.judge(said, self._failed)
            if judgement.decision is not Decision.ACCEPT:
                waits = judgement.decision is Decision.HOLD
                raise Refused("name_rejected", detail="" if waits else judgement.reason)  # no moderator reads a name first

    # ---- what becomes of the room ------------------------------------------------------------------------------------

    def _keys(self, author: str) -> list[bytes]:
        person = self._room.people.get(author)
        return list(limit_keys(self._room, person)) if person else [author.encode()]

    def _recent_of(self, author: str) -> tuple[Recent, ...]:
        """What this person said last, also on a seat that was given up a moment ago."""
        return next((self._recent[key] for key in self._keys(author) if key in self._recent), ())

    def posted(self, author: str, text: str) -> None:
        """This was said just now."""
        if Kind.MESSAGE in self._panel.kinds:
            text = without_mentions(text, self._room.names)
            self._recent[self._keys(author)[0]] = (*self._recent_of(author)[1 - RECENT_TEXTS :], Recent(text, self._room.at))

    def erased(self) -> None:
        """Some words are gone from the room, and so from here."""
        self._recent.clear()

    def gone(self, author: str) -> None:
        """This person has left: nothing of theirs is said any more."""
        self._forget(author, Refused("not_joined"))

    def _forget(self, author: str, refusal: Refused) -> None:
        since = self._now() - RECENT_MS
        self._recent = {key: recent for key, recent in self._recent.items() if recent[-1].at >= since}
        for job in self._lines.pop(author, ()):
            job.refuse(refusal)
        if task := self._tasks.pop(author, None):
            task.cancel()

    def close(self, refusal: Refused) -> None:
        """Answer so what waits."""
        for author in list(self._lines):
            self._forget(author, refusal)
        self._recent.clear()
        self._words = self._panel.words

    def troubled(self) -> list[str]:
        """The policies that failed since they were last named, which happens once in TOLD_SECONDS at most."""
        if not self._failed or self._now() < self._told_at + TOLD_SECONDS * 1000:
            return []
        names, self._told_at = sorted(self._failed), self._now()
        self._failed.clear()
        return names


def _clean(text: str) -> str:
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()


def _outcome(command: AnyCommand, kind: Kind, judgement: Judgement) -> AnyCommand:
    """What the command becomes. Raises Refused: rejected, nudged."""
    decision, reason = judgement.decision, judgement.reason
    if decision is Decision.REJECT or (decision is Decision.HOLD and kind is Kind.DIRECT):
        raise Refused("rejected", detail=reason)
    if not isinstance(command, c.Post | s.TakeChip):
        return command
    if decision is Decision.NUDGE and isinstance(command, c.Post) and not command.anyway:
        raise Refused("nudged", detail=reason)
    concern = Danger(judgement.concern)
    if decision is Decision.HOLD:
        return Reviewed(command=command, hold=judgement.policy, reason=reason, concern=concern)
    return Reviewed(command=command, concern=concern) if concern else command


async def review_title(panel: Panel, texts: str, now: int) -> None:
    """Review what a room is opened with. Raises Refused rejected."""
    judgement = await panel.judge(Said(text=_clean(texts), kind=Kind.TITLE, now=now, words=panel.words), set())
    if judgement.decision is Decision.REJECT:
        raise Refused("rejected", detail=judgement.reason)
