"""Bodies, heads and keys that no friend sends. Whatever is random here is seeded, so that all are sent the same."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Iterator
from typing import Any

from tests.server.asking import query, request

KINDS: list[dict[str, Any]] = [
    query({"role": "user", "content": "hi", "attachments": [{"url": "u", "content_type": "text/plain", "name": "n"}]}),
    request("settings"),
    request("report_feedback", feedback_type="like"),
    request("report_reaction", reaction="wow"),
    request("report_error", message="m", metadata={}),
]
_SEED = 20_261_126
_VALUES: list[Any] = [
    None, True, False, 0, -1, 10**400, 1e308, "", "x" * 10_000, "\x00", "\ud800", "😀", [], [[]], {}, {"": {}},
    [None], [1, "a", {}], {"role": "user"}, "user", "bot", "1.2", ["query"],
]  # fmt: skip


def with_other_values(count: int) -> Iterator[bytes]:
    """Requests of every type, with values in the place of others, at any depth."""
    chance = random.Random(_SEED)
    for _ in range(count):
        body = json.loads(json.dumps(chance.choice(KINDS)))
        for _ in range(chance.randint(1, 3)):
            holder = body
            while True:
                places = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
                place = chance.choice([*places, "extra"] if isinstance(holder, dict) else places)
                inner = holder[place] if place != "extra" else None
                if isinstance(inner, dict | list) and inner and chance.random() < 0.7:
                    holder = inner
                    continue
                holder[place] = chance.choice(_VALUES)
                break
        yield json.dumps(body).encode()


def with_other_bytes(count: int) -> Iterator[bytes]:
    """Requests of every type, with bytes changed, taken out and put in."""
    chance = random.Random(_SEED)
    for _ in range(count):
        body = bytearray(json.dumps(chance.choice(KINDS)).encode())
        for _ in range(chance.randint(1, 6)):
            where = chance.randrange(len(body))
            change = chance.randrange(4)
            if change == 0:
                body[where] = chance.randrange(256)
            elif change == 1:
                del body[where : where + chance.randint(1, 8)]
            elif change == 2:
                body[where:where] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
            else:
                body[where:where] = body[chance.randrange(len(body)) :][: chance.randint(1, 40)]
            body = body or bytearray(b"x")
        yield bytes(body)


def _bomb() -> bytes:
    packer = zlib.compressobj(wbits=31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()


_PLAIN = json.dumps(KINDS[0])
HARD: dict[str, tuple[bytes, dict[str, str]]] = {
    "nothing": (b"", {}),
    "NUL bytes": (b"\x00" * 1000, {}),
    "100,000 lists in each other": (b"[" * 100_000, {}),
    "100,000 objects in each other": (b'{"a":' * 100_000, {}),
    "a deep query": (b'{"version": "1.2", "type": "query", "query": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", {}),
    "a deep value": (json.dumps({**KINDS[4], "metadata": 0})[:-2].encode() + b"[" * 5000 + b"]" * 5000 + b"}", {}),
    "UTF-16": (_PLAIN.encode("utf-16"), {}),
    "UTF-32": (_PLAIN.encode("utf-32"), {}),
    "UTF-8 with a mark": (_PLAIN.encode("utf-8-sig"), {}),
    "Latin-1": (_PLAIN.replace("hi", "hé").encode("latin-1"), {"content-type": "application/json; charset=latin-1"}),
    "an unknown charset": (_PLAIN.encode(), {"content-type": "application/json; charset=klingon"}),
    "no JSON by its type": (_PLAIN.encode(), {"content-type": "image/png"}),
    "a packed body": (gzip.compress(_PLAIN.encode()), {"content-encoding": "gzip"}),
    "a packed body that is none": (b"this is none", {"content-encoding": "gzip"}),
    "a packed body of 200 MB": (_bomb(), {"content-encoding": "gzip"}),
    "an unknown packing": (_PLAIN.encode(), {"content-encoding": "br, klingon"}),
    "half of a packed body": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", {}),
    "5,000 messages": (json.dumps({**KINDS[0], "query": KINDS[0]["query"] * 5_000}).encode(), {}),
    "a type said twice": (b'{"version": "1.2", "type": "settings", "type": "query"}', {}),
    "an infinite number": (b'{"version": 1e999, "type": "settings"}', {}),
    "a number of 10,000 digits": (b'{"version": "1.2", "type": "settings", "x": ' + b"9" * 10_000 + b"}", {}),
    "NaN": (b'{"version": "1.2", "type": "report_error", "message": "m", "metadata": {"a": NaN}}', {}),
    "half a surrogate pair as type": (b'{"version": "1.2", "type": "\\ud800"}', {}),
    "half a surrogate pair as text": (_PLAIN.replace("hi", "\\ud83d").encode(), {}),
    "a list": (b"[1, 2]", {}),
    "a string": (b'"query"', {}),
    "null": (b"null", {}),
}
HEADS: list[bytes] = [
    b"GARBAGE\r\n\r\n",
    b"POST / HTTP/9.9\r\nhost: a\r\n\r\n",
    b"POST / HTTP/1.1\r\n\r\n",
    b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5, 6\r\n\r\nabcde",
    b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \xff\xfe\r\ncontent-length: 0\r\n\r\n",
    b"POST / HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 200_000 + b"\r\n\r\n",
    b"POST / HTTP/1.1\r\nhost: a\r\nx y: z\r\n\r\n",
    b"POST /%00%ff/../.. HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]
KEYS: list[bytes] = [
    b"",
    b"Bearer",
    b"Bearer ",
    b"Bearer " + b"k" * 31,
    b"Bearer " + b"k" * 33,
    b"Bearer " + b"K" * 32,
    b"Basic " + b"k" * 32,
    b"k" * 32,
    b"Bearer " + b"k" * 32 + b" x",
    b"Bearer \xff\xfe\x80",
    "Bearer ключ".encode(),
    b"Bearer " + b"k" * 20_000,
    b"Bearer None",
    b"Bearer null\r\nauthorization: Bearer x",
]
