"""Rooms in this process: one writer a room, fan-out, presence, drain."""
