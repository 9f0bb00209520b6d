"""Typed peer-support meetings: anonymous, timed, moderated, and gone afterwards."""

__version__ = "0.1.0"
