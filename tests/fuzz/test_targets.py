"""Each target takes its seeds, and what becomes of them when some bytes change; hours of it are for ``tests.fuzz``."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.names import NAMES
from tests.fuzz.targets import TARGETS, Target

_FOUND: dict[str, tuple[bytes, ...]] = {  # by target, what once was too much for it
    "stream": (b"\x00\r", b"\x05event: a\r\ndata: b\r\n\r"),
    "events": (b"\x00" + b"[" * 100_000, b"\x00" + b"9" * 5_000, b"\x07" + b'{"a":' * 100_000),
    "saved": (b"[" * 100_000, b"\xff\xfe", b'{"poebook": []}', b'{"poebook": 1, "conversation": {"turns": 7}}'),
    "words": (b"9" * 400, b"http://[::1", b"Thu, 01 Jan 0001 00:00:00 -9959"),
}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_seeds_and_their_neighbours_are_taken(target: Target) -> None:
    chance = random.Random(target.name)
    for seed in target.seeds:
        target.feed(seed)
    for _ in range(500):
        data = bytearray(chance.choice(target.seeds))
        for _ in range(chance.randint(1, 4)):
            where = chance.randrange(len(data) + 1)
            data[where : where + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
        target.feed(bytes(data))


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_what_was_found_once_is_found_no_more(target: Target) -> None:
    for data in _FOUND.get(target.name, (b"",)):
        target.feed(data)


def test_the_command_knows_every_target() -> None:
    assert tuple(target.name for target in TARGETS) == NAMES
