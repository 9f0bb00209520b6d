"""The order of a room: one port, two adapters."""
