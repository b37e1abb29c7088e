"""Bots with one fault each. ``plants`` of a class names the check that must find it, and nothing else may."""

from __future__ import annotations

from tests.conformance.sound import Sound
from tests.conformance.zoo import events, hygiene, keys, questions, reach, settings, streams, timing, types

ROOMS = (reach, keys, types, streams, events, timing, questions, settings, hygiene)


def animals() -> list[type[Sound]]:
    """All of them, by rooms."""
    found = [value for room in ROOMS for value in vars(room).values() if isinstance(value, type)]
    return [one for one in found if issubclass(one, Sound) and one.plants]
