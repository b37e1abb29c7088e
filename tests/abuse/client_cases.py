"""What is done to clients."""

from __future__ import annotations

import asyncio
import json
import random
import re
from functools import partial
from pathlib import Path
from typing import Any

from tests.abuse import hostile
from tests.abuse.cases import ClientCase, Outcome, counted
from tests.abuse.hostile import Play, chunked
from tests.abuse.libraries import KEY, Client, Told

MOST_MB = 400
_GENERAL = "Error communicating with bot b"
_TRANSCRIPT = Path(__file__).parents[1] / "transcripts" / "wire" / "texts-are-appended.json"
_PLACE = re.compile(r"http://127\.0\.0\.1:\d+/?\w*")  # the port is another each time
_PATIENCE_S = 2.0
_LETTERS = 100_000_000


def shown(told: Told) -> str:
    """An error in a few words: what it says, and where it says no more than that there is one, what it came from."""
    error = told.error
    if error is None:
        return f"takes it for an answer of {sum(map(len, told.texts)):,} characters"
    words = str(error).replace(f"{_GENERAL}: ", "")
    if words in (_GENERAL, ""):
        cause = error.__cause__ or error.__context__
        words = f"says `{type(error).__name__}`" + (f", from `{type(cause).__name__}`" if cause else "")
    words = _PLACE.sub("its address", words.replace(KEY, "(the key)").replace("\n", " "))
    return words if len(words) < 120 else f"{words[:60]}…"


async def given_up(client: Client, play: Play, patience_s: float | None = None) -> Outcome:
    """An answer that is none must end in an error of the library's own, in bounded time and memory."""
    async with hostile.hostile(play) as base:
        told = await client.ask(base, patience_s=patience_s)
    return _judged(client, told)


def _judged(client: Client, told: Told) -> Outcome:
    words = shown(told)
    if told.megabytes > MOST_MB:
        return Outcome(False, f"takes {told.megabytes / 1000:.1f} GB of memory; {words[:1].lower()}{words[1:]}")
    if told.error is not None and KEY in str(told.error):
        return Outcome(False, f"the key is in the error: {words}")
    return Outcome(client.is_own(told.error), words)


async def large(client: Client) -> Outcome:
    """A large event may be read whole or refused, but not at the price of the machine."""
    wire = b'event: text\r\ndata: {"text": "' + b"w" * _LETTERS + b'"}\r\n\r\nevent: done\r\ndata: {}'
    async with hostile.hostile(hostile.streamed(wire)) as base:
        told = await client.ask(base)
    judged = _judged(client, told)
    whole = told.error is None and sum(map(len, told.texts)) == _LETTERS
    return Outcome(told.megabytes <= MOST_MB, judged.words.replace("takes it for", "reads")) if whole else judged


async def elsewhere(client: Client) -> Outcome:
    """A redirect to another host must not take the key along."""
    heads: list[bytes] = []
    async with hostile.hostile(hostile.streamed(b"event: done\r\ndata: {}"), heads) as other:
        there = other.replace("127.0.0.1", "localhost").encode()
        play = hostile.says(b"HTTP/1.1 307 Go\r\nlocation: " + there + b"\r\ncontent-length: 0\r\n\r\n")
        async with hostile.hostile(play) as base:
            told = await client.ask(base)
    if any(KEY.encode() in head for head in heads):
        return Outcome(False, "the key goes along")
    return Outcome(client.is_own(told.error), f"the key stays home; {'an error says so' if told.error else 'followed'}")


async def cut_anywhere(client: Client) -> Outcome:
    transcript: dict[str, Any] = json.loads(_TRANSCRIPT.read_text(encoding="utf-8"))
    wire: bytes = transcript["wire"].encode()
    whole = [data["text"] for data in map(json.loads, (data for name, data in transcript["events"] if name == "text"))]
    bad = []
    for cut in range(len(wire) - 1):  # the last line end is whole without its line feed
        async with hostile.hostile(chunked(wire[:cut])) as base:
            told = await client.ask(base)
        if told.texts != whole[: len(told.texts)]:
            bad.append("texts that were not sent")
        elif told.error is None:
            bad.append("taken for whole")
        elif not client.is_own(told.error):
            bad.append(f"`{type(told.error).__name__}`")
    return counted(bad, len(wire) - 1, "an error each time, after what had come")


_EVENTS = [
    ("text", '{"text": "hi"}'),
    ("replace_response", '{"text": "ho"}'),
    ("suggested_reply", '{"text": "and?"}'),
    ("meta", '{"content_type": "text/plain", "suggested_replies": true}'),
    ("file", '{"url": "u", "name": "n", "content_type": "image/png", "inline_ref": "r"}'),
    ("json", '{"choices": []}'),
    ("data", '{"metadata": "x"}'),
    ("error", '{"text": "no", "allow_retry": true, "error_type": "e"}'),
    ("done", "{}"),
]
_ODD = ["", "null", "[]", "7", '"x"', "{", '{"text": 7}', '{"text": null}', '{"text": "\\ud83d"}', "NaN", "[" * 5_000,
        "9" * 10_000, '{"text": "' + "x" * 100_000 + '"}', "\x00", '{"url": 1}', '{"metadata": {}}']  # fmt: skip


async def odd_events(client: Client) -> Outcome:
    chance = random.Random(20_261_126)
    bad = []
    for _ in range(300):
        events = chance.choices(_EVENTS, k=4)
        where = chance.randrange(4)
        events[where] = (events[where][0], chance.choice(_ODD))
        wire = [f"event: {name}\r\ndata: {data}".encode() for name, data in events]
        async with hostile.hostile(hostile.streamed(*wire)) as base:
            told = await client.ask(base)
        if told.error is not None and not client.is_own(told.error):
            bad.append(f"`{type(told.error).__name__}` for a `{events[where][0]}` event")
    return counted(bad, 300, "each is read, or given up with a `BotError`")


async def changed_streams(client: Client) -> Outcome:
    chance = random.Random(20_261_126)
    wire = b"".join(f"event: {name}\r\ndata: {data}\r\n\r\n".encode() for name, data in _EVENTS if name != "error")
    bad = []
    for _ in range(300):
        body = bytearray(wire)
        for _ in range(chance.randint(1, 5)):
            where = chance.randrange(len(body))
            body[where : where + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
        async with hostile.hostile(hostile.says(hostile.OPEN + bytes(body), 0)) as base:
            told = await client.ask(base)
        if told.error is not None and not client.is_own(told.error):
            bad.append(f"`{type(told.error).__name__}`")
    return counted(bad, 300, "each is read, or given up with a `BotError`")


async def nobody(client: Client) -> Outcome:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    server.close()
    await server.wait_closed()
    return _judged(client, await client.ask(base))


def _case(name: str, title: str, play: Play, patience_s: float | None = None) -> ClientCase:
    return ClientCase(name, title, partial(given_up, play=play, patience_s=patience_s))


CASES = (
    _case("no-newline", "no line end, ever", hostile.NO_NEWLINE),
    _case("huge-event", "an event without end", hostile.HUGE_EVENT),
    _case("huge-lines", "an event of lines without end", hostile.HUGE_LINES),
    ClientCase("100-mb", "an event of 100 MB", large),
    _case("huge-head", "a head without end", hostile.HUGE_HEAD),
    _case("refusal", "a refusal without end", hostile.REFUSAL_WITHOUT_END),
    _case("pings", "nothing but pings (with a patience of 2 s)", hostile.PINGS, _PATIENCE_S),
    _case("drip", "a letter at a time (with a patience of 2 s)", hostile.DRIP, _PATIENCE_S),
    _case("silence", "a head, and then nothing (with a patience of 2 s)", hostile.SILENCE, _PATIENCE_S),
    _case("broken-chunks", "broken chunks", hostile.BROKEN_CHUNKS),
    _case("gzip-bomb", "400 MB packed into 400 kB", hostile.BOMB),
    _case("no-gzip", "a packed answer that is none", hostile.NO_GZIP),
    _case("no-http", "a server that speaks no HTTP", hostile.NO_HTTP),
    _case("a-page", "a web page instead of an answer", hostile.A_PAGE),
    ClientCase("nobody", "nobody listens", nobody),
    ClientCase("redirect", "a redirect to another host", elsewhere),
    ClientCase("cut", "the connection lost at every byte of an answer", cut_anywhere),
    ClientCase("odd-events", "300 answers with data that breaks the protocol", odd_events),
    ClientCase("changed-streams", "300 answers with bytes changed at random", changed_streams),
)
