"""Every limit with its unit, and the token bucket. Nothing here reads a clock: `now` is passed in."""

import msgspec

# What may be said
MESSAGE_CODE_POINTS = 2_000
READING_CODE_POINTS = 10_000
TITLE_CODE_POINTS = 80
WELCOME_CODE_POINTS = 2_000
RULE_CODE_POINTS = 300
RULES_PER_ROOM = 20
PHASES_PER_SCRIPT = 40
CUE_CODE_POINTS = 300
TOPIC_CODE_POINTS = 200
SCRIPT_BYTES = 48 * 1024
NICKNAME_CODE_POINTS = 32
REASON_CODE_POINTS = 200
PASSPHRASE_CODE_POINTS = 128
CHIP_CODE_POINTS = 200
QUESTION_CODE_POINTS = 300
OPTION_CODE_POINTS = 100
NOTE_CODE_POINTS = 500
PATTERN_CODE_POINTS = 100
APPEAL_CODE_POINTS = 300
FRAME_BYTES = 64 * 1024
GUEST_FRAME_BYTES = 16 * 1024
REQUEST_BYTES = 64 * 1024

# How long
MINUTES_AT_LEAST = 15
MINUTES_AT_MOST = 180
TOTAL_MINUTES_AT_MOST = 240
DOORS_BEFORE_SECONDS = 15 * 60
OPEN_AHEAD_SECONDS = 24 * 3600
SEAT_KEPT_SECONDS = 5 * 60
DROPPED_AFTER_SECONDS = 15
LEASE_SECONDS = 30
HELLO_SECONDS = 5
HELLO_PATIENCE_SECONDS = 1
HEARTBEAT_SECONDS = 25
BUSY_SECONDS = 2
DOOR_SECONDS = 20 * 60
"""How long a connection may wait at a door without a word; then the page comes back by itself."""
DOOR_AWAY_SECONDS = 10 * 60
GREETING_SECONDS = 60
EXPIRY_GRACE_SECONDS = 60
PHASE_MINUTES_AT_MOST = 240
FELLOWSHIP_MINUTES_AT_MOST = 60
SHARE_MINUTES_AT_MOST = 10
SHARE_MINUTES = 4
PROTECT_MINUTES_AT_MOST = 30
TYPING_SECONDS = 5
TYPING_CHANGED_SECONDS = 1
SHARER_GONE_SECONDS = 60
HOST_GONE_SECONDS = 60
STILL_SECONDS = 30
KEPT_SECONDS = 2 * 60
UNANSWERED_SECONDS = 30
UNANSWERED_WITH_WORDS_SECONDS = 2 * 60
LAST_SECONDS = 60
WRITING_SECONDS = 20
GRACE_SECONDS = 2 * 60
SLOW_SECONDS_AT_MOST = 300
LISTEN_MINUTES_AT_MOST = 30
VEIL_SECONDS = 60
CROWD_TOLD_SECONDS = 5
UNATTENDED_AFTER_SECONDS = 60
DECLINED_SECONDS = 60
JUST_LEFT_SECONDS = 5 * 60
GUARD_JOINS_SECONDS = 30
GUARD_WORDS_SECONDS = 60
GUARD_QUIET_SECONDS = 180

# How many
CAPACITY_AT_LEAST = 2
CAPACITY_AT_MOST = 1_000
CROWD_PEOPLE = 100
HISTORY_ENTRIES = 20_000
PAGE_ENTRIES = 100
PAGE_PEOPLE = 250
SNAPSHOT_MESSAGES = 100
LEFT_KEPT = 500
LINES_KEPT = 50
DOOR_PLACES = 500
DOOR_PLACES_PER_SOURCE = 100
MODERATOR_LINKS_PER_ROOM = 50
OPEN_REPORTS_PER_PERSON = 10
PAGE_TEXTS = 40_000
REPORTS_KEPT = 1_000
ACTIONS_KEPT = 200
INBOX_COMMANDS = 2_000
ROUNDS_PER_ROOM = 10
PEOPLE_IN_TURN = 50
PICTURE_ANSWERS_AT_LEAST = 5
URGE_AT_MOST = 10
POLLS_PER_ROOM = 20
POLL_OPTIONS_AT_LEAST = 2
POLL_OPTIONS_AT_MOST = 10
TEXTS_KEPT = 24_000
TEXT_OVERHEAD = 50
HELD_PER_PERSON = 20
HELD_PER_ROOM = 200
HELD_TEXTS = 16_000
REJECTED_SHOWN = 10
WORRIES_PER_PERSON = 5
REDACTED_AT_ONCE = 200
NOTES_PER_PERSON = 20
WORDS_PER_ROOM = 100
DIRECT_QUESTIONS_PER_PERSON = 5
KNOCKS_PER_ROOM = 50
KNOCKS_PER_TAG = 3
SEATS_PER_DEVICE = 2
GUARD_JOINS_AT_LEAST = 20
GUARD_SAME_WORDS_PEOPLE = 3
GUARD_SAME_WORDS_CODE_POINTS = 24
GUARD_SAME_WORDS_LOOKED_AT = 80
GUARD_WRITERS_AT_LEAST = 20
GUARD_TEXTS = 200
GUARD_NETWORK_PEOPLE = 10
"""With so many seats of one network, a new device from there knocks while the guard is up."""
WORK_BITS = 16

# A session's outbox
OUTBOX_ENTRIES = 256
OUTBOX_BYTES = 256 * 1024
OUTBOX_SECONDS = 10


class Rate(msgspec.Struct, frozen=True):
    """`per_second` in the long run, `burst` at once."""

    per_second: float
    burst: float


POSTS_PER_PERSON = Rate(1, 5)
POSTS_PER_ROOM = Rate(20, 60)
REACTIONS_PER_PERSON = Rate(2, 10)
COMMANDS_PER_SESSION = Rate(10, 40)
TOO_FAST_PER_SESSION = Rate(20, 100)
REFUSALS_PER_SESSION = Rate(1, 100)
REPORTS_PER_PERSON = Rate(1 / 20, 3)
EARLIER_PAGES_PER_PERSON = Rate(2, 40)
PEOPLE_PAGES_PER_PERSON = Rate(1, 12)
HELLOS_PER_SOURCE = Rate(5, 120)
WRONG_SECRETS_PER_SOURCE = Rate(1, 20)
PASSPHRASES_PER_SOURCE = Rate(1 / 12, 5)
SUGGESTIONS_PER_SOURCE = Rate(2, 60)
KNOCKS_PER_SOURCE = Rate(1 / 20, 6)
ROOMS_PER_SOURCE = Rate(1 / 60, 10)

TOLD_SECONDS = 60
WIDER_NETWORKS = (1, 4, 16)
"""Rates and numbers for one source hold for an IPv4 address or an IPv6 /64; so many times as much for its /56 and its /48."""
KEPT_PLACES = 0.1
"""The part of MAX_CONNECTIONS that is kept for seats that come back, and for roles."""


class Bucket:
    """A token bucket (RFC 2697 in words: a rate and a burst); times in seconds, from any steady clock."""

    __slots__ = ("at", "rate", "tokens", "told_at")

    def __init__(self, rate: Rate, now: float) -> None:
        self.rate, self.tokens, self.at = rate, rate.burst, now
        self.told_at = 0.0
        """The latest moment that a refused one was told to come back at."""

    def copy(self) -> "Bucket":
        """Another bucket that holds as much."""
        other = Bucket(self.rate, self.at)
        other.tokens, other.told_at = self.tokens, self.told_at
        return other

    def take(self, now: float) -> float:
        """Take one token: 0.0 when there was one, else the seconds until there is."""
        wait = self.wait(now)
        if not wait:
            self.tokens -= 1
        return wait

    def take_in_line(self, now: float) -> float:
        """Take one token: 0.0 when there was one, else after how many seconds to come back.

        Each that is refused is told a moment of its own, TOLD_SECONDS ahead at most: all who keep to it find a token.
        """
        wait = self.take(now)
        if not wait:
            return 0.0
        self.told_at = min(max(now + wait, self.told_at + 1 / self.rate.per_second), now + max(wait, TOLD_SECONDS))
        return self.told_at - now

    def wait(self, now: float) -> float:
        """The seconds until there is a token, 0.0 when there is one."""
        self.tokens = min(self.rate.burst, self.tokens + (now - self.at) * self.rate.per_second)
        self.at = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.rate.per_second

    def full(self, now: float) -> bool:
        """Whether nothing was taken lately: the bucket can be forgotten."""
        return self.tokens + (now - self.at) * self.rate.per_second >= self.rate.burst
