"""What is done to servers."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import httpx

from tests.abuse import bodies
from tests.abuse.cases import Outcome, ServerCase, counted
from tests.abuse.libraries import KEY, RAISED, SECRET, Server
from tests.abuse.raw import asking, connected, head_of, rest_of
from tests.server.asking import query, read, shown, text

_MANY = 300
_ALONE = httpx.Limits(max_keepalive_connections=0)  # who fails hangs up, and the next request is another's
_SHOWN = f"authorization: Bearer {KEY}\r\n"


_Asked = dict[str, tuple[bytes, dict[str, str]]]  # by name, a body and its headers


def _trouble(status: int, name: str) -> list[str]:
    return [f"{status} for {name}"] if status >= 500 and status != 501 else []


async def _sent(server: Server, asked: _Asked, good: str) -> Outcome:
    bad: list[str] = []
    async with httpx.AsyncClient(timeout=20, limits=_ALONE) as client:
        for name, (content, headers) in asked.items():
            try:
                answer = await client.post(server.url, content=content, headers={**shown(KEY), **headers})
            except httpx.HTTPError as error:
                bad.append(f"{type(error).__name__} for {name.partition(' (')[0]}")
            else:
                bad += _trouble(answer.status_code, name.partition(" (")[0])
    if not await server.goes_on():
        return Outcome(False, "the server is gone")
    return counted(bad, len(asked), good)


async def fields(server: Server) -> Outcome:
    asked: _Asked = {f"a wrong value ({n})": (body, {}) for n, body in enumerate(bodies.with_other_values(300))}
    return await _sent(server, asked, "each is answered, or refused with its reason")


async def changed(server: Server) -> Outcome:
    asked: _Asked = {f"changed bytes ({n})": (body, {}) for n, body in enumerate(bodies.with_other_bytes(600))}
    return await _sent(server, asked, "each is answered, or refused with its reason")


async def hard(server: Server) -> Outcome:
    return await _sent(server, bodies.HARD, "each is answered, or refused with its reason")


async def announced(server: Server) -> Outcome:
    async with connected(server.url) as (reader, writer):
        writer.write(asking(b"{", length=10_000_000_000, headers=_SHOWN))
        try:
            head = await head_of(reader)
        except TimeoutError:
            return Outcome(False, "waits for it")
    return Outcome(b" 413 " in head, f"{head.split()[1].decode()} before it is sent")


async def grows(server: Server) -> Outcome:
    before, most, sent = server.memory, 0.0, 0
    piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    async with connected(server.url) as (reader, writer):
        writer.write(f"POST / HTTP/1.1\r\nhost: a\r\n{_SHOWN}transfer-encoding: chunked\r\n\r\n".encode())
        answered = asyncio.create_task(head_of(reader))
        try:
            while sent < 400 and not answered.done():
                writer.write(piece)
                async with asyncio.timeout(20):
                    await writer.drain()
                sent, most = sent + 1, max(most, server.memory - before)
        except (ConnectionError, TimeoutError):
            pass
        answered.cancel()
    if sent >= 400:
        return Outcome(False, f"takes 400 MB and more, {most:,.0f} MB of memory with it")
    return Outcome(most < 250, "is cut off at 100 MB" if most < 250 else f"{most:,.0f} MB of memory")


async def heads(server: Server) -> Outcome:
    bad = []
    for head in bodies.HEADS:
        async with connected(server.url) as (reader, writer):
            writer.write(head)
            with contextlib.suppress(OSError):  # it has hung up already
                writer.write_eof()
            try:
                answer = await rest_of(reader)
            except (TimeoutError, ConnectionError):
                answer = b""
        if answer and b"HTTP/1.1 4" not in answer:
            bad.append(f"{answer[:15]!r} for {head[:20]!r}")
    if not await server.goes_on():
        return Outcome(False, "the server is gone")
    return counted(bad, len(bodies.HEADS), "each is refused, or hung up on")


async def keys(server: Server) -> Outcome:
    bad = []
    for key in bodies.KEYS:
        async with connected(server.url) as (reader, writer):
            content = asking(query("say in"), headers="").partition(b"\r\n\r\n")
            writer.write(content[0] + b"\r\nauthorization: " + key + b"\r\n\r\n" + content[2])
            head = await head_of(reader)
        if head.split()[1] not in (b"400", b"401", b"403"):
            bad.append(f"{head.split()[1].decode()} for the key {key[:20]!r}")
    return counted(bad, len(bodies.KEYS), "none opens the door")


async def idle(server: Server) -> Outcome:
    async with connected(server.url) as (silent, _), connected(server.url) as (dripping, writer):

        async def drip() -> None:
            for letter in b"POST / HTTP/1.1\r\nhost: a\r\nx-" + b"y" * 10_000:
                writer.write(bytes([letter]))
                await asyncio.sleep(0.2)

        task = asyncio.create_task(drip())
        try:
            async with asyncio.timeout(40):
                await silent.read(1)
                await dripping.read(1)
        except TimeoutError:
            return Outcome(False, "kept for 40 s and longer")
        except ConnectionError:
            pass
        finally:
            task.cancel()
    return Outcome(True, "dropped after 15 s")


async def half_a_body(server: Server) -> Outcome:
    async with connected(server.url) as (reader, writer):
        writer.write(asking(b'{"version"', length=5000, headers=_SHOWN))
        try:
            async with asyncio.timeout(80):
                head = await reader.readuntil(b"\r\n\r\n")
        except TimeoutError:
            return Outcome(False, "waited for, for 80 s and longer")
    return Outcome(b" 408 " in head, "408 after 60 s")


async def many(server: Server) -> Outcome:
    async def one(number: int) -> bool:
        count = 20 + number % 7
        async with connected(server.url) as (reader, writer):
            writer.write(asking(query(f"count {count} 1 0.005"), headers=_SHOWN))
            await head_of(reader)
            return _text(await rest_of(reader)).split() == [str(i) for i in range(count)]

    whole = await asyncio.gather(*(one(number) for number in range(_MANY)), return_exceptions=True)
    return counted(["a stream is not whole"] * sum(1 for one in whole if one is not True), _MANY, "all whole, in order")


async def unread(server: Server) -> Outcome:
    before = server.memory
    async with connected(server.url) as (_, writer):
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport
        writer.write(asking(query("count 1000000 1000"), headers=_SHOWN))
        made, last = 0, -1
        end = time.monotonic() + 20
        while made != last and time.monotonic() < end:
            last = made
            await asyncio.sleep(0.5)
            made = int((await server.told("state")).split()[1])
        grown = server.memory - before
        goes_on = await server.goes_on()
    if not goes_on or made >= 100_000 or grown > 100:
        return Outcome(False, f"{made:,} events made, {grown:,.0f} MB grown")
    return Outcome(True, "its handler waits; the others are served")


async def vanished(server: Server) -> Outcome:
    before = server.descriptors
    async with AsyncExitStack() as stack:
        for _ in range(_MANY):
            _, writer = await stack.enter_async_context(connected(server.url))
            writer.write(asking(query("count 100000 1 0.2"), headers=_SHOWN))
        if not await _until(lambda: _running(server, _MANY)):
            return Outcome(False, "not all streams began")
    if not await _until(lambda: _running(server, 0)):
        return Outcome(False, f"{await server.told('state')} handlers are left")
    left = server.descriptors - before
    return Outcome(left < 10, "no handler and no descriptor is left" if left < 10 else f"{left} descriptors are left")


async def raised(server: Server) -> Outcome:
    bad = []
    for what in RAISED:
        try:
            async with asyncio.timeout(5):
                got = read(await _answer(server, f"raise {what}"))
        except (TimeoutError, httpx.HTTPError, OSError):
            got = []
        if not await server.goes_on():
            return Outcome(False, f"{what} ends the server")
        if [name for name, _ in got] != ["text", "error", "done"]:
            bad.append(f"after {what} the asker is told nothing")
    return counted(bad, len(RAISED), "the asker is told each time; the server goes on")


async def secret(server: Server) -> Outcome:
    got = (await _answer(server, "raise secret")).decode()
    return Outcome(SECRET not in got, "is in the stream" if SECRET in got else "does not leave the server")


async def nonsense(server: Server) -> Outcome:
    bad = []
    for what in ("number", "none", "object", "bytes", "surrogate", "nul"):
        got = [name for name, _ in read(await _answer(server, f"nonsense {what}"))]
        if got[-1:] != ["done"]:
            bad.append(f"no end of the answer after {what}")
    if not await server.goes_on():
        return Outcome(False, "the server is gone")
    return counted(bad, 6, "each answer is ended, with an error where it must")


async def blocking(server: Server) -> Outcome:
    start = time.perf_counter()
    answers = await asyncio.gather(server.told("block 0.5"), server.told("say fine"))
    well = list(answers) == ["blocked", "fine"] and time.perf_counter() - start < 10
    return Outcome(well, "others wait for it and are served" if well else "others are lost")


async def endless(server: Server) -> Outcome:
    async with AsyncExitStack() as stack:
        for _ in range(100):
            _, writer = await stack.enter_async_context(connected(server.url))
            writer.write(asking(query("never"), headers=_SHOWN))
        begun = await _until(lambda: _running(server, 100))
        served = await server.goes_on()
    ended = await _until(lambda: _running(server, 0))
    if begun and served and ended:
        return Outcome(True, "others are served; ended with their readers")
    return Outcome(False, "others are not served" if not served else "handlers are left when their readers have gone")


async def million(server: Server) -> Outcome:
    async with httpx.AsyncClient(timeout=60) as client:
        wish = query("count 1000000")
        async with client.stream("POST", server.url, json=wish, headers=shown(KEY)) as response:
            stream = response.aiter_raw()
            await anext(stream)

            async def on() -> None:
                async for _ in stream:
                    pass

            reading = asyncio.create_task(on())
            start = time.perf_counter()
            served = await server.goes_on()
            took = time.perf_counter() - start
            reading.cancel()
            await asyncio.wait([reading])
    if not served:
        return Outcome(False, f"others are not served within {took:.0f} s")
    return Outcome(took < 10, "others are served meanwhile" if took < 10 else f"others wait for {took:.0f} s")


async def stopped(server: Server) -> Outcome:
    answers = [asyncio.create_task(_answer(server, "count 20 1 0.1")) for _ in range(10)]
    if not await _until(lambda: _running(server, 10)):
        return Outcome(False, "not all streams began")
    server.process.send_signal(signal.SIGTERM)
    got = await asyncio.gather(*answers, return_exceptions=True)
    whole = sum(1 for one in got if isinstance(one, bytes) and b"event: done" in one)
    return Outcome(whole == 10, f"{whole} of 10 streams are finished first")


async def methods(server: Server) -> Outcome:
    bad = []
    async with httpx.AsyncClient(timeout=10) as client:
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "BREW"):
            for path in ("", "%2e%2e/", "/", "?x=%00", ";a"):
                answer = await client.request(method, server.url + path, headers=shown(KEY))
                bad += _trouble(answer.status_code, f"{method} /{path}")
    return counted(bad, 35, "each is refused or answered")


async def _answer(server: Server, wish: str) -> bytes:
    async with httpx.AsyncClient(timeout=20) as client:
        got = b""
        async with client.stream("POST", server.url, json=query(wish), headers=shown(KEY)) as response:
            try:
                async for piece in response.aiter_raw():
                    got += piece
            except httpx.HTTPError:
                pass
        return got


def _text(chunked: bytes) -> str:
    chunks, rest = [], chunked
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        chunks.append(rest[: int(size, 16)])
        rest = rest[int(size, 16) + 2 :]
    return text(read(b"".join(chunks)))


async def _running(server: Server, count: int) -> bool:
    return (await server.told("state")).split()[0] == str(count)


async def _until(condition: Callable[[], Awaitable[bool]]) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if await condition():
            return True
        await asyncio.sleep(0.1)
    return False


CASES = (
    ServerCase("fields", "300 requests with any value in any field", fields),
    ServerCase("bytes", "600 requests with bytes changed at random", changed),
    ServerCase("hard", "deep, packed, oddly encoded and half bodies", hard),
    ServerCase("announced", "a body that says it has 10 GB", announced),
    ServerCase("grows", "a body that grows without end", grows),
    ServerCase("heads", "heads that are none", heads),
    ServerCase("keys", "keys of every kind but the right one", keys),
    ServerCase("methods", "methods and paths that no bot has", methods),
    ServerCase("idle", "connections that say nothing, or a letter at a time", idle, slow=True),
    ServerCase("half-a-body", "half a body, and then nothing", half_a_body, slow=True),
    ServerCase("many", f"{_MANY} streams at once", many),
    ServerCase("unread", "a reader that does not read", unread),
    ServerCase("vanished", f"{_MANY} readers that vanish in mid-stream", vanished),
    ServerCase("raised", "handlers that raise anything, `SystemExit` too", raised),
    ServerCase("secret", "a password in a handler's exception", secret),
    ServerCase("nonsense", "handlers that yield what is no answer", nonsense),
    ServerCase("blocking", "a handler that blocks the loop", blocking),
    ServerCase("endless", "100 handlers that never end", endless),
    ServerCase("million", "a handler that yields a million events", million),
    ServerCase("stopped", "SIGTERM while streams are under way", stopped, ends_it=True),
)
