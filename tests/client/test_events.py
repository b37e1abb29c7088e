"""The one door: what is sent, what comes back, and what is said when nothing does."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from contextlib import aclosing

import httpx
import pytest

from poebook.client.events import open_events, post_json
from poebook.errors import BotError, BotErrorNoRetry
from poebook.wire.sse import ServerSentEvent
from tests.client.player import DONE, EVENT_STREAM, Player, Scene, says, sse, until
from tests.conftest import ServeApp


async def read(url: str, key: str | None = "s3cret", **more: object) -> list[ServerSentEvent]:
    events = open_events(url, body=b"{}", bot_name="echo", key=key, **more)  # type: ignore[arg-type]
    async with aclosing(events):
        return [event async for event in events]


async def refused(url: str, key: str | None = "s3cret", **more: object) -> BotError:
    with pytest.raises(BotError) as caught:
        await read(url, key, **more)
    assert "s3cret" not in str(caught.value)
    return caught.value


async def test_events_come_one_by_one_and_end_at_done(serve_app: ServeApp) -> None:
    player = Player([Scene([b": hi\r\n\r\n", sse("ping", "now"), sse("te", {}), DONE, sse("text", {"text": "late"})])])
    events = await read(serve_app(player))
    assert [event.event for event in events] == ["ping", "te", "done"]


@pytest.mark.parametrize("size", [1, 2, 7, 64])
async def test_any_cutting_of_the_bytes_gives_the_same_events(serve_app: ServeApp, size: int) -> None:
    whole = '\ufeffevent:text\ndata: {"text":\ndata: "tide \u2028 \U0001f30a"}\nid: 7\n\n'.encode() + DONE
    pieces = [whole[n : n + size] for n in range(0, len(whole), size)]
    events = await read(serve_app(Player([Scene(pieces)])))
    assert json.loads(events[0].data) == {"text": "tide \u2028 \U0001f30a"}
    assert [event.event for event in events] == ["text", "done"]


async def test_the_key_travels_as_bearer_and_no_key_sends_no_header(serve_app: ServeApp) -> None:
    player = Player([says("hi")])
    url = serve_app(player)
    await read(url)
    await read(url, key=None)
    await read(url, key="  k\n")
    sent = [asked.headers.get("authorization") for asked in player.asked]
    assert sent == ["Bearer s3cret", None, "Bearer k"]


async def test_extra_headers_override_all_but_accept_whatever_their_case(serve_app: ServeApp) -> None:
    player = Player([says("hi")])
    await read(serve_app(player), headers={"AUTHORIZATION": "Basic x", "accept": "text/plain", "X-Trace": "7"})
    headers = player.asked[0].headers
    assert (headers["authorization"], headers["accept"], headers["x-trace"]) == ("Basic x", "text/event-stream", "7")


async def test_a_key_with_a_line_end_inside_is_refused_before_anything_is_sent(serve_app: ServeApp) -> None:
    player = Player([says("hi")])
    error = await refused(serve_app(player), key="s3cret\r\nX-Evil: 1")
    assert isinstance(error, BotErrorNoRetry)
    assert error.reason == "The key has a line end or its like in it."
    assert not player.asked


async def test_nobody_listening_is_said_with_the_address_and_the_next_step() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/echo"
    error = await refused(f"{url}?key=s3cret")
    assert error.reason == f"Nothing answers at {url}. Is the server running?"
    assert str(error) == f"Error communicating with bot echo: {error.reason}"
    assert isinstance(error.__cause__, httpx.ConnectError)


@pytest.mark.parametrize("url", ["echo", "ftp://a.example/", "http://[", "http://a.example:99999/"])
async def test_what_is_no_address_is_said_to_be_none(url: str) -> None:
    assert "no address that can be asked" in str(await refused(url))


@pytest.mark.parametrize(
    ("status", "body", "key", "reason"),
    [
        (401, b'{"detail": "Invalid access key"}', "s3cret", "The key was refused."),
        (401, b'{"detail": "Not authenticated"}', None, "No key was given, and the bot wants one."),
        (403, b"", None, "No key was given, and the bot wants one."),
        (404, b"", "s3cret", "There is no such bot there."),
        (402, b"", "s3cret", "The account has not enough points."),
        (
            400,
            b'{"error": {"message": "Insufficient points", "code": 7}}',
            "s3cret",
            "The account has not enough points.",
        ),
        (500, b"boom", "s3cret", "The bot's server failed; its log says why."),
    ],
)
async def test_a_refusal_names_its_likely_cause(
    serve_app: ServeApp, status: int, body: bytes, key: str | None, reason: str
) -> None:
    error = await refused(serve_app(Player([Scene([body], status, headers=[(b"x-request-id", b"r-1")])])), key)
    assert (error.status, error.reason, error.request_id, error.bot_name) == (status, reason, "r-1", "echo")
    assert error.body == body.decode()


async def test_the_message_of_a_refusal_names_bot_status_and_the_start_of_the_body(serve_app: ServeApp) -> None:
    limits = [(b"x-ratelimit-reset-requests", b"12"), (b"x-ratelimit-remaining-requests", b"0")]
    error = await refused(serve_app(Player([Scene([b"slow\n  down"], 429, headers=limits)])))
    message = "Error communicating with bot echo: 429 slow down. Too many requests; try again in 12 seconds."
    assert str(error) == message
    assert error.headers == {"x-ratelimit-reset-requests": "12", "x-ratelimit-remaining-requests": "0"}


async def test_a_key_that_the_server_echoes_is_masked(serve_app: ServeApp) -> None:
    error = await refused(serve_app(Player([Scene([b"bad key: s3cret"], 401, headers=[])])))
    assert error.body == "bad key: ••••••••"


async def test_a_huge_refusal_is_cut(serve_app: ServeApp) -> None:
    error = await refused(serve_app(Player([Scene([b"x" * 65536] * 64, 500, headers=[])])))
    assert len(error.body or "") == 2000
    assert len(str(error)) < 500


async def test_a_page_instead_of_a_stream_is_no_bot(serve_app: ServeApp) -> None:
    url = serve_app(Player([Scene([b"<html>"], headers=[(b"content-type", b"text/html")])]))
    error = await refused(url)
    assert error.reason == f"{url} answered with text/html, which is no event stream. Is this a bot's address?"


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (
            b"<!DOCTYPE HTML>\n<html><head><title>Tea &amp; tides</title></head>Not here</html>",
            "501 Tea & tides",
        ),
        (b"  <html><body>Not here</body></html>", "501 Not Implemented"),
        (b"<html-ish> words", "501 <html-ish> words"),
    ],
)
async def test_of_a_page_that_refuses_the_title_is_quoted(serve_app: ServeApp, page: bytes, says: str) -> None:
    error = await refused(serve_app(Player([Scene([page], 501, headers=[])])))
    assert f": {says}. This is no bot server" in str(error)
    assert error.body == page.decode().strip()


async def test_an_event_without_end_is_given_up(serve_app: ServeApp) -> None:
    error = await refused(serve_app(Player([Scene([b"data: ", *[b"x" * 1_000_000] * 40])])))
    assert isinstance(error, BotErrorNoRetry)
    assert "larger" in str(error) or "longer" in str(error)


async def test_an_answer_that_is_cut_off_says_so(serve_app: ServeApp) -> None:
    url = serve_app(Player([Scene([sse("text", {"text": "a"})], cut=True)]))
    async with aclosing(open_events(url, body=b"{}", bot_name="echo")) as events:
        assert (await anext(events)).event == "text"
        with pytest.raises(BotError, match="The connection was cut off") as caught:
            await anext(events)
    assert isinstance(caught.value.__cause__, httpx.RemoteProtocolError)


async def test_calls_in_turn_share_one_connection(serve_app: ServeApp) -> None:
    player = Player([says("hi")])
    url = serve_app(player)
    for _ in range(20):
        await read(url)
    assert len(player.connections) == 1


async def test_stopping_at_done_or_at_an_error_keeps_the_connection(serve_app: ServeApp) -> None:
    player = Player([Scene([sse("error", {"text": "no"}), DONE]), says("hi")])
    url = serve_app(player)
    for last in ("error", "done", "done"):
        async with aclosing(open_events(url, body=b"{}", bot_name="echo")) as events:
            async for event in events:
                if event.event == last:
                    break
    assert len(player.connections) == 1


async def test_done_ends_the_reading_though_the_stream_stays_open(serve_app: ServeApp) -> None:
    player = Player([Scene([sse("text", {"text": "a"}), DONE], hold=True)])
    async with asyncio.timeout(5):
        assert len(await read(serve_app(player))) == 2


async def test_closing_the_events_closes_the_stream(serve_app: ServeApp) -> None:
    player = Player([Scene([sse("text", {"text": "a"})], hold=True)])
    async with aclosing(open_events(serve_app(player), body=b"{}", bot_name="echo")) as events:
        await anext(events)
    await until(lambda: player.left)


async def test_cancelling_the_reader_closes_the_stream(serve_app: ServeApp) -> None:
    player = Player([Scene([sse("text", {"text": "a"})], hold=True)])
    task = asyncio.create_task(read(serve_app(player)))
    await until(lambda: player.asked)
    task.cancel()
    await until(lambda: player.left)
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_redirect_on_the_same_host_is_followed_with_the_key(serve_app: ServeApp) -> None:
    player = Player([Scene(status=307, headers=[(b"location", b"/echo")]), says("hi")])
    assert len(await read(f"{serve_app(player)}/echo/")) == 2
    assert [(a.path, a.headers["authorization"]) for a in player.asked] == [
        ("/echo/", "Bearer s3cret"),
        ("/echo", "Bearer s3cret"),
    ]


async def test_the_key_is_not_carried_to_another_host(serve_app: ServeApp) -> None:
    other = Player([says("stolen")])
    there = serve_app(other)
    player = Player([Scene(status=307, headers=[(b"location", f"{there}/echo?key=1".encode())])])
    here = serve_app(player)
    error = await refused(here)
    assert error.reason == f"{here} leads to {there}/echo, and a key is not carried along; ask there if that is right."
    async with httpx.AsyncClient(follow_redirects=True) as session:
        await refused(here, session=session)
    assert not other.asked


async def test_redirects_without_end_are_given_up(serve_app: ServeApp) -> None:
    scenes = [Scene(status=307, headers=[(b"location", f"/{n}".encode())]) for n in range(50)]
    assert (await refused(serve_app(Player(scenes)))).status == 307


async def test_a_lent_session_is_used_and_stays_open(serve_app: ServeApp) -> None:
    player = Player([says("hi")])
    async with httpx.AsyncClient(headers={"x-lent": "yes"}) as session:
        await read(serve_app(player), session=session)
        assert not session.is_closed
    assert player.asked[0].headers["x-lent"] == "yes"


async def test_a_closed_session_is_an_error_of_ours() -> None:
    session = httpx.AsyncClient()
    await session.aclose()
    assert (await refused("http://127.0.0.1:9/", session=session)).reason == "The request failed (RuntimeError)."


async def test_a_server_without_tls_is_not_mistaken_for_a_dead_one(serve_app: ServeApp) -> None:
    url = serve_app(Player([says("hi")])).replace("http:", "https:")
    assert "does not speak HTTPS" in str(await refused(url))


def test_the_trust_in_certificates_is_read_once() -> None:
    from poebook.client.pool import ssl_context

    assert ssl_context() is ssl_context()
    assert ssl_context().verify_mode == ssl.CERT_REQUIRED


async def test_post_json_gives_what_the_bot_answers(serve_app: ServeApp) -> None:
    url = serve_app(Player([Scene([b'{"response', b'_version": 2}'], headers=[]), Scene([], headers=[])]))
    assert await post_json(url, body=b"{}", bot_name="echo") == {"response_version": 2}
    assert await post_json(url, body=b"{}", bot_name="echo") is None


async def test_post_json_refuses_what_is_no_json_and_what_does_not_end(serve_app: ServeApp) -> None:
    url = serve_app(Player([Scene([b"<html>"], headers=[]), Scene([b"{"], headers=[], hold=True)]))
    with pytest.raises(BotError, match="no JSON"):
        await post_json(url, body=b"{}", bot_name="echo")
    with pytest.raises(BotError, match="no answer within 1 second"):
        await post_json(url, body=b"{}", bot_name="echo", timeout=0.2)


async def test_compressed_answers_are_read(serve_app: ServeApp) -> None:
    import gzip

    packed = gzip.compress(sse("text", {"text": "hi"}) + DONE)
    url = serve_app(Player([Scene([packed], headers=[EVENT_STREAM, (b"content-encoding", b"gzip")])]))
    assert [event.event for event in await read(url)] == ["text", "done"]


def _kinds(kind: type[httpx.RequestError]) -> list[type[httpx.RequestError]]:
    return [kind, *(one for child in kind.__subclasses__() for one in _kinds(child))]


@pytest.mark.parametrize("kind", _kinds(httpx.RequestError))
async def test_every_failure_of_the_http_client_is_said_in_words(kind: type[httpx.RequestError]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise kind(f"with {request.headers['authorization']}")

    async with httpx.AsyncClient(transport=httpx.MockTransport(fail)) as session:
        error = await refused("http://a.example/echo", session=session)
    assert error.reason
    assert error.reason.endswith((".", "?"))
    assert error.bot_name == "echo"
