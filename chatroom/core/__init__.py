"""What a room is: pure functions and frozen values. No I/O, no clock, no randomness."""
