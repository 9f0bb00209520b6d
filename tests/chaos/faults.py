"""The table of faults: each with how it is brought about, how it is healed, and what is promised about it."""

from signal import SIGCONT, SIGSTOP

from chaos import acts, upgrade
from chaos.place import Needs
from chaos.trial import Fault

EMBEDDED = Needs(processes=1, redis=None)
OLDEST = Needs(from_oldest=True)
SERIAL = {"appendonly": "yes", "appendfsync": "always"}

FAULTS = (
    # Processes
    Fault("One of two processes: kill -9", acts.kill_a_process, acts.start_the_process, hold_seconds=10, vanish=3),
    Fault(
        "One of two processes: SIGTERM, while 4 of 20 do not read",
        acts.stop_a_process,
        acts.start_it_and_read,
        needs=Needs(narrow=4),
        away_seconds=15,
    ),
    Fault("Rolling restart of both processes", acts.restart_all, away_seconds=15),
    Fault("Rolling upgrade from the oldest commit supported", upgrade.to_this_version, needs=OLDEST, away_seconds=15),
    Fault("Rolling upgrade to one more kind of event", upgrade.to_a_newer_format, needs=OLDEST, away_seconds=15),
    Fault(
        "One of two processes stopped for 8 s",
        acts.signal_to_process(SIGSTOP),
        acts.signal_to_process(SIGCONT),
        8,
        freezes_process=True,
    ),
    # Redis
    Fault(
        "Redis answers nobody for 7 s (DEBUG SLEEP)",
        acts.fall_asleep,
        hold_seconds=7,
        needs=Needs(redis={"enable-debug-command": "yes"}),
        is_outage=True,
    ),
    Fault("Redis stopped for 7 s", acts.signal_to_redis(SIGSTOP), acts.signal_to_redis(SIGCONT), 7, is_outage=True),
    Fault(
        "Redis killed, back after 4 s with its data",
        acts.kill_redis,
        acts.start_redis,
        4,
        needs=Needs(redis=SERIAL),
        is_outage=True,
    ),
    Fault("Redis killed, back after 4 s empty", acts.kill_redis, acts.start_redis, 4, is_outage=True),
    Fault("Redis killed, back after 4 s with older data", acts.kill_redis_with_old_data, acts.start_redis, 4, is_outage=True),
    Fault(
        "Redis killed, a replica that lags by 1 s takes over",
        acts.fail_over,
        needs=Needs(redis={"repl-diskless-sync-delay": "0"}, wired=True),
    ),
    Fault(
        "Redis full for 5 s (noeviction)",
        acts.command("CONFIG", "SET", "maxmemory", "1"),
        acts.command("CONFIG", "SET", "maxmemory", "0"),
        5,
        is_outage=True,
    ),
    Fault("Subscriptions cut three times (CLIENT KILL)", acts.kill_subscriptions),
    Fault(
        "Redis takes commands but delivers nothing for 15 s",
        acts.deliver_nothing,
        acts.mend_wire,
        15,
        needs=Needs(wired=True),
        recovery_seconds=10,
        is_outage=True,
    ),
    Fault("Connections to Redis reset in mid-reply for 4 s", acts.reset_in_answers, acts.mend_wire, 4, needs=Needs(wired=True)),
    Fault("Redis 200 ms away for 10 s", acts.delay_answers, acts.mend_wire, 10, needs=Needs(wired=True)),
    # Without Redis
    Fault("Without Redis: SIGTERM and start again", acts.restart_all, needs=EMBEDDED, away_seconds=15),
    Fault("Without Redis: kill -9 and start again", acts.kill_and_start, needs=EMBEDDED, recovery_seconds=20, ends_room=True),
    # People
    Fault("4 of 20 stop reading for 40 s", acts.stop_reading, acts.read_again, 40, needs=Needs(narrow=4)),
    Fault("1 of 20 reads 1 KB/s for 30 s", acts.read_slowly, acts.read_again, 30, needs=Needs(narrow=1)),
    Fault("10 of 20 lose their network for 10 s", acts.cut_networks, acts.mend_networks, 10, needs=Needs(mobile=10)),
    Fault(
        "10 of 20: their network swallows everything for 50 s",
        acts.swallow_networks,
        acts.mend_networks,
        50,
        needs=Needs(mobile=10),
    ),
)
