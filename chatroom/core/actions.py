"""What stands in the moderators' list of actions."""

from chatroom.core import direct_events as de
from chatroom.core import door_events as dd
from chatroom.core import events as e
from chatroom.core import safety_events as se
from chatroom.core.events import Entry
from chatroom.core.floor_events import HelperNamed

MODERATION: frozenset[type[e.Event]] = frozenset(
    {
        e.Redacted,
        e.ReportResolved,
        e.Muted,
        e.Unmuted,
        e.Removed,
        e.Readmitted,
        e.AddressCleared,
        e.RoleChanged,
        e.Extended,
        HelperNamed,
        se.HeldResolved,
        se.ConcernResolved,
        se.ContentNoted,
        se.WordsSet,
        de.DirectSet,
        dd.DoorSet,
        dd.SentBack,
        dd.ModeratorLinkReplaced,
        dd.PostingStopped,
        dd.PostingResumed,
        dd.Veiled,
        dd.Unveiled,
        dd.PaceSet,
        dd.KnockEnded,
    }
)
"""Events that stand in the moderators' list of actions."""
_BY_AUTHORS_TOO = frozenset({se.HeldResolved, se.ContentNoted})


def is_action(event: e.AnyEvent) -> bool:
    """Whether it stands in the moderators' list of actions.

    What authors do with their own words does not, nor what goes along with another act.
    """
    if isinstance(event, e.Redacted):
        return not event.along
    if isinstance(event, dd.KnockEnded):
        return event.ending is dd.KnockEnding.DECLINED
    return type(event) in MODERATION and (type(event) not in _BY_AUTHORS_TOO or bool(getattr(event, "by", "")))


def as_action(entry: Entry) -> Entry:
    """The entry without what is too long to be kept so often."""
    if isinstance(entry.event, se.WordsSet):
        return Entry(entry.offset, entry.at, entry.nonce, se.WordsSet((), entry.event.by))
    return entry
