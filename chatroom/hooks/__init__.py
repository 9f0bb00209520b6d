"""What happens in rooms, told to other programs: hooks in this process, and signed webhooks."""
