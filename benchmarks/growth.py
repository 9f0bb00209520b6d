"""What a message costs the server as its room grows: `make growth` prints it and draws docs/pictures/growth.svg.

One room, one message of 200 bytes at a time; the next is sent when the last receiver has the one before. The line is the least
squares fit; a room's cost is a straight line when every point is near it.
"""

import asyncio
import statistics
import sys
from pathlib import Path
from typing import ClassVar

from run import ROOT, Ours, Room, Server, say

from chatroom.web.listening import allow_files, files_needed

SIZES = (10, 100, 1_000, 2_500, 5_000)
ROUNDS = 3
MESSAGES = 40
CAPACITY = SIZES[-1]
LARGE = (
    f"import chatroom.core.limits as limits; limits.CAPACITY_AT_MOST = limits.GUARD_JOINS_AT_LEAST = {CAPACITY}; "
    "from chatroom.web.cli import main; main()"
)
PICTURE = ROOT / "docs" / "pictures" / "growth.svg"
WIDTH, HEIGHT, LEFT, TOP = 640, 400, 64, 24


class Large(Ours):
    """This server with more seats in a room than it offers to hosts."""

    capacity = CAPACITY
    environment: ClassVar[dict[str, str]] = {
        **Ours.environment,
        "MAX_CONNECTIONS": str(2 * CAPACITY),
        "MAX_CONNECTIONS_PER_SOURCE": str(2 * CAPACITY),
    }

    def command(self) -> list[str]:
        return [sys.executable, "-c", LARGE, "serve"]


async def cost_us(server: Server, people: int) -> float:
    """The server's CPU time for a message to `people`, in microseconds."""
    room = Room(people)
    writers = [await room.join(server) for _ in range(people)]
    await say(server, room, writers[0], 0, MESSAGES, window=1)
    before = server.cpu_seconds()
    await say(server, room, writers[0], MESSAGES, MESSAGES, window=1)
    cost = (server.cpu_seconds() - before) * 1e6 / MESSAGES
    for writer in writers:
        writer.close()
    await asyncio.gather(*room.reading, return_exceptions=True)
    return cost


def picture(costs: dict[int, float], slope: float, start: float) -> str:
    """The costs and their line as SVG."""
    highest = max(costs.values()) * 1.05

    def x(people: float) -> float:
        return LEFT + people / CAPACITY * (WIDTH - LEFT - 20)

    def y(cost: float) -> float:
        return HEIGHT - 48 - cost / highest * (HEIGHT - 48 - TOP)

    points = "".join(f'<circle cx="{x(n):.1f}" cy="{y(c):.1f}" r="5"/>' for n, c in costs.items())
    names = "".join(f'<text x="{x(n):.1f}" y="{HEIGHT - 26}" text-anchor="middle">{n:,}</text>' for n in SIZES if n >= 1_000)
    marks = "".join(
        f'<text x="{LEFT - 8}" y="{y(cost) + 4:.1f}" text-anchor="end">{cost / 1000:.0f} ms</text>'
        for cost in (0, highest / 3, highest * 2 / 3, highest)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13" '
        'fill="#26221d" role="img" aria-label="CPU time of a message by the number of people in the room: a straight line">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#faf7f2"/>'
        f'<path d="M{LEFT} {TOP}V{HEIGHT - 48}H{WIDTH - 20}" fill="none" stroke="#8a8172"/>'
        f'<path d="M{x(0)} {y(start):.1f}L{x(CAPACITY):.1f} {y(start + slope * CAPACITY):.1f}" stroke="#1d6a63"/>'
        f'<g fill="#1d6a63">{points}</g>{names}{marks}'
        f'<text x="{(LEFT + WIDTH) / 2:.0f}" y="{HEIGHT - 6}" text-anchor="middle">people in the room</text></svg>\n'
    )


def main() -> None:
    allow_files(files_needed(2 * CAPACITY))
    rounds: dict[int, list[float]] = {size: [] for size in SIZES}
    for number in range(ROUNDS):
        for size in SIZES:
            with Large(22_000 + number * len(SIZES) + SIZES.index(size)) as server:
                rounds[size].append(asyncio.run(cost_us(server, size)))
    costs = {size: statistics.median(found) for size, found in rounds.items()}
    slope, start = statistics.linear_regression(list(costs), list(costs.values()))
    for size, cost in costs.items():
        near = cost / (start + slope * size)
        print(f"{size:6,} people: {cost:9.0f} us a message, {cost / size:6.2f} us each, {near:5.2f} of the line")
    correlation = statistics.correlation(list(costs), list(costs.values()))
    print(f"the line: {start:.0f} us and {slope:.2f} us for each person; correlation {correlation:.4f}")
    Path(PICTURE).write_text(picture(costs, slope, start))


if __name__ == "__main__":
    main()
