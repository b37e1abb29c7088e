"""What a person is told when the machine lacks something."""

from __future__ import annotations


class Lacking(Exception):
    """Something is missing that could not be had; the message is one sentence with what to type."""
