"""Events are written and read by the standard, whatever way the bytes are cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poebook.wire.sse import Decoder, EventTooLarge, ServerSentEvent

_NAMES = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), min_size=1).filter(
    lambda name: not name.startswith(" ")
)
_DATA = st.text(st.characters(exclude_categories=["Cs"]))
_LINES = st.sampled_from(
    [
        b"event: text",
        b"event: ",
        b"data: a",
        b"data",
        b"data:b",
        b": c",
        b"id: 1",
        b"retry: 5",
        "data: \u2028é😀\u0085".encode(),
        b"",
    ]
)
_ENDS = st.sampled_from([b"\n", b"\r", b"\r\n"])
_STREAMS = st.lists(st.tuples(_LINES, _ENDS)).map(lambda lines: b"".join(a + b for a, b in lines))


def _read(*pieces: bytes) -> list[tuple[str, str]]:
    decoder = Decoder()
    return [(event.event, event.data) for piece in pieces for event in decoder.feed(piece)]


def _by_the_book(stream: bytes) -> list[tuple[str, str]]:
    """The standard's own words, line by line; an event without data counts when it has a name, as ``done`` may."""
    text = stream.decode().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    name: str | None = None
    data: list[str] = []
    events: list[tuple[str, str]] = []
    for line in text.split("\n")[:-1]:
        if not line:
            if name is not None or data:
                events.append((name or "message", "\n".join(data)))
            name, data = None, []
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                data.append(value)
    return events


@given(name=_NAMES, data=_DATA)
def test_what_is_written_is_read(name: str, data: str) -> None:
    written = ServerSentEvent(name, data).encode()
    assert _read(written) == [(name, data.replace("\r\n", "\n").replace("\r", "\n"))]


@given(stream=_STREAMS, cuts=st.lists(st.integers(0, 200)), mark=st.booleans())
def test_any_cutting_gives_the_events_of_the_standard(stream: bytes, cuts: list[int], mark: bool) -> None:
    stream = b"\xef\xbb\xbf" * mark + stream
    places = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    pieces = [stream[start:end] for start, end in pairwise(places)]
    assert _read(*pieces) == _read(*(bytes([byte]) for byte in stream)) == _by_the_book(stream)


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", [("message", "YHOO\n+2\n10")]),
        (
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            [("message", "first event"), ("message", "second event"), ("message", " third event")],
        ),
        (b"data\n\ndata\ndata\n\ndata:", [("message", ""), ("message", "\n")]),
        (b"data:test\n\ndata: test\n\n", [("message", "test"), ("message", "test")]),
        (b"event: done\r\n\r\n", [("done", "")]),
        (b"event: text\ndata: cut off", []),
        (b"\n\n\n\nevent: a\ndata: b\n\n\n", [("a", "b")]),
        ("event: a\ndata: \u2028\u0085\n\n".encode(), [("a", "\u2028\u0085")]),
        (b"event: a\ndata: \xff\n\n", [("a", "\ufffd")]),
    ],
)
def test_the_standards_examples(stream: bytes, events: list[tuple[str, str]]) -> None:
    assert _read(stream) == events


def test_a_line_end_never_breaks_the_framing() -> None:
    assert _read(ServerSentEvent("a\nevent: b", "x\r\n\r\nevent: done\ndata: {}").encode()) == [
        ("aevent: b", "x\n\nevent: done\ndata: {}")
    ]


def test_half_a_sign_is_written_as_a_question_mark() -> None:
    assert ServerSentEvent("a", "\ud83d").encode() == b"event: a\r\ndata: ?\r\n\r\n"


def test_an_event_without_end_is_not_read_for_ever() -> None:
    decoder = Decoder(largest_event=100)
    assert decoder.feed(b"data: " + b"x" * 50) == []
    with pytest.raises(EventTooLarge):
        decoder.feed(b"x" * 50)


def test_a_long_stream_of_short_events_is_no_large_event() -> None:
    decoder = Decoder(largest_event=100)
    assert sum(len(decoder.feed(b"data: x\n\n" * 5)) for _ in range(100)) == 500
