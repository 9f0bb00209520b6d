"""What can be done to a place."""

import asyncio
import signal
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from relay import Proxy

from chaos.place import Act, Place

ANSWER_BYTES = 100
"""How much of its answers a connection to Redis gives before it is reset."""
DELAY_SECONDS = 0.1
SLOW_BYTES_PER_SECOND = 1000
SOME_MESSAGES = 5

# ---- processes ---------------------------------------------------------------------------------------------------------


async def kill_a_process(place: Place) -> None:
    await place.stations[0].kill()


async def start_the_process(place: Place) -> None:
    await place.stations[0].start()


async def stop_a_process(place: Place) -> None:
    """SIGTERM while some people do not read; returns when the process has ended."""
    place.narrow.stall()
    await place.stations[0].stop()


async def start_it_and_read(place: Place) -> None:
    await place.stations[0].start()
    await place.narrow.mend()


async def kill_and_start(place: Place) -> None:
    await place.stations[0].kill()
    await place.stations[0].start()


async def restart_all(place: Place) -> None:
    for station in place.stations:
        await station.stop()
        await station.start()


def signal_to_process(number: signal.Signals) -> Act:
    async def act(place: Place) -> None:
        place.stations[0].running.process.send_signal(number)

    return act


# ---- Redis -------------------------------------------------------------------------------------------------------------


def signal_to_redis(number: signal.Signals) -> Act:
    async def act(place: Place) -> None:
        place.redis.signal(number)

    return act


def command(*words: object) -> Act:
    """What an operator says to Redis."""

    async def act(place: Place) -> None:
        await place.operator.execute_command(*words)

    return act


async def fall_asleep(place: Place) -> None:
    """Redis answers nobody for 7 seconds; does not wait for the end of it."""

    async def sleep() -> None:
        with suppress(RedisError):
            await place.operator.execute_command("DEBUG", "SLEEP", "7")

    place.stack.push_async_callback(asyncio.wait, [asyncio.create_task(sleep())])


async def kill_redis(place: Place) -> None:
    place.redis.kill()


async def kill_redis_with_old_data(place: Place) -> None:
    """What was saved is older than what was said."""
    await place.operator.save()
    await place.hears_more(SOME_MESSAGES)
    place.redis.kill()


async def start_redis(place: Place) -> None:
    await asyncio.to_thread(place.redis.start)


async def kill_subscriptions(place: Place) -> None:
    for _ in range(3):
        await place.operator.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await place.hears_more(SOME_MESSAGES)


async def fail_over(place: Place) -> None:
    """A replica that has not heard of the last second takes over from a Redis that is killed. It must pass: it is the lag."""
    link = await place.stack.enter_async_context(Proxy([place.redis.port]))
    replica = place.redis_server()
    await asyncio.to_thread(place.stack.enter_context, replica)
    its_operator: Any = Redis.from_url(replica.url)
    await its_operator.replicaof("127.0.0.1", link.port)
    await place.operator.wait(1, 5000)
    link.blackhole()
    await asyncio.sleep(1)
    place.redis.kill()
    await link.cut()
    await its_operator.replicaof("NO", "ONE")
    await its_operator.aclose()
    place.wire.lead_to([replica.port])


async def delay_answers(place: Place) -> None:
    place.wire.latency_seconds = DELAY_SECONDS


async def reset_in_answers(place: Place) -> None:
    place.wire.cut_after(ANSWER_BYTES)


async def deliver_nothing(place: Place) -> None:
    place.wire.deliver_nothing()


async def mend_wire(place: Place) -> None:
    await place.wire.mend()


# ---- people ------------------------------------------------------------------------------------------------------------


async def stop_reading(place: Place) -> None:
    place.narrow.stall()


async def read_slowly(place: Place) -> None:
    place.narrow.bytes_per_second = SLOW_BYTES_PER_SECOND


async def cut_networks(place: Place) -> None:
    await place.mobile.cut()


async def swallow_networks(place: Place) -> None:
    place.mobile.blackhole()


async def mend_networks(place: Place) -> None:
    """The browsers are told that they are online."""
    await place.mobile.mend()
    for person in place.afflicted:
        person.look()


async def read_again(place: Place) -> None:
    await place.narrow.mend()
