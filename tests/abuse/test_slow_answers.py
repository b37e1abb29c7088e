"""Answers that do not begin, do not end, or are no answers, to whatever asks for one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

import poebook as fp
from poebook.client import pool, settings
from poebook.client.settings import sync_bot_settings_async
from poebook.errors import PoebookError
from tests.abuse import hostile
from tests.client.test_stream import request_of

BOUND_S = 60.0  # of a test; what is waited for takes a second
MOST_SENT = 64 * 1024 * 1024  # bytes; buffers on the way hold a few of them
PLAIN = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"
WITHOUT_BEGINNING = {
    "100 Continue for ever": hostile.forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "hints for ever": hostile.forever(b"", b"HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n", 0.01),
    "a head, letter by letter": hostile.forever(b"HTTP/1.1 200 OK\r\nx-a: ", b"a", 0.01),
}


@pytest.mark.parametrize("what", WITHOUT_BEGINNING)
async def test_an_answer_that_does_not_begin_is_given_up(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "TIMEOUT_S", 0.5)
    async with hostile.hostile(WITHOUT_BEGINNING[what]) as base, asyncio.timeout(BOUND_S):
        with pytest.raises(fp.BotError, match="silent for too long"):
            await fp.get_final_response(request_of(), "echo", "k", base_url=base, num_tries=1)


async def upload(base: str) -> None:
    await fp.upload_file(b"1", file_name="a", api_key="k", base_url=base, num_tries=1)


async def make_api_bot(base: str) -> None:
    def make() -> None:
        fp.create_api_bot("Tides", base_url="https://a.example/v1", model_name="m", model_key="k", api_key="k")

    await asyncio.to_thread(make)


async def sync(base: str) -> None:
    await sync_bot_settings_async("echo", "k", base_url=base)


@pytest.mark.parametrize("asking", [upload, make_api_bot, sync])
async def test_an_answer_without_end_is_read_to_its_start_only(
    asking: Callable[[str], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = 0

    async def play(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 500 No\r\n\r\n")
        while sent < MOST_SENT:
            writer.write(b"e" * 65_536)
            sent += 65_536
            await writer.drain()

    async with hostile.hostile(play) as base, asyncio.timeout(BOUND_S):
        monkeypatch.setenv("POE_BASE_URL", base)
        with pytest.raises(PoebookError):
            await asking(base)
    assert sent < MOST_SENT


async def test_settings_are_not_waited_for_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "TIMEOUT_S", 0.5)
    async with hostile.hostile(hostile.forever(PLAIN, b"a", 0.01)) as base, asyncio.timeout(BOUND_S):
        with pytest.raises(fp.BotError, match="Timeout syncing settings"):
            await sync(base)


async def test_a_deep_answer_to_an_upload_is_told_as_one_that_is_not_understood() -> None:
    async with hostile.hostile(hostile.says(PLAIN + b"[" * 100_000, 0)) as base:
        with pytest.raises(fp.client.AttachmentUploadError, match="Unexpected response format"):
            await upload(base)


async def test_who_goes_while_a_fault_is_reported_is_not_kept() -> None:
    reported = asyncio.Event()
    told: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        if b"report_error" in await reader.readexactly(int(length.split(b":")[1])):
            reported.set()
        else:
            writer.write(hostile.OPEN + b"event: unheard-of\r\ndata: {}\r\n\r\n")
        with_end.append(writer)

    with_end: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    def tell(error: Exception, words: str) -> None:
        told.append(words)

    asking = asyncio.create_task(fp.get_final_response(request_of(), "echo", "k", base_url=base, on_error=tell))
    async with asyncio.timeout(BOUND_S):
        await reported.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert len(told) == 1, "it was reported a second time"
    for writer in with_end:
        writer.transport.abort()
    server.close()
