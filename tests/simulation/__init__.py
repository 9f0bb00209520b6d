"""A deterministic simulation: real hubs, rooms, sessions and logs, with a simulated server, network, clock and people.

One seed decides everything: who does what when, how long each byte takes, what breaks. `PYTHONPATH=tests python -m simulation
SEED` runs one schedule and prints what happened; `PYTHONPATH=tests python -m simulation FIRST COUNT` runs many.

What is real: `chatroom.core`, `chatroom.live`, and `chatroom.log.redis*` down to `Commands`. What is simulated: the clock and
the loop (`machine.py`), the Redis server with its scripts (`server.py`), the way to it (`way.py`), the connections of clients
(`wire.py`), and people with browsers (`person.py`). `run.py` plays a schedule (`steps.py`), heals all faults, holds what was
recorded to `history.check`.
"""
