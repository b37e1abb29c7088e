"""Every check finds the bot that has its fault, and finds nothing else; sound bots raise no alarm."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import AsyncIterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest

import poebook as fp
from poebook.client.conformance.limits import Limits
from poebook.client.conformance.rules import RULES
from poebook.client.conformance.visits import ALL
from poebook.errors import InvalidKey, InvalidParameterError
from tests.conformance.sound import DONE, KEY, Sound, text
from tests.conformance.zoo import animals, streams
from tests.conformance.zoo import events as events_room
from tests.conformance.zoo import settings as settings_room
from tests.elsewhere import elsewhere
from tests.webserver import serving

# An animal's fault may show in a second way that belongs to it.
BESIDES = {
    "stream.bad-json": {"events.text-missing"},
    "types.odd-body-fails": set(),
    "hygiene.exception": {"types.odd-body-fails"},
}
# What a machine with much to do adds, which stalls the animals too; sound bots are held to it below.
TIMES = {rule.check for rule in RULES if rule.check.startswith("time.")}
# Found where there is no server, or nothing that a bot does: they have tests of their own below.
OUTSIDE = {"reach.no-connection", "reach.certificate", "reach.no-answer", "reach.plain-http", "reach.unfinished"}
OUTSIDE |= {"keys.needed", "questions.after-leaving"}


def checked(app: Sound) -> list[fp.Finding]:
    limits = getattr(app, "limits", None)
    with serving(app) as url:
        return fp.check_bot(url, type(app).key if app.plants != "keys.right-refused" else KEY, limits=limits)


def alarms(findings: list[fp.Finding]) -> set[str]:
    return {one.check for one in findings}


@pytest.mark.parametrize("animal", animals(), ids=lambda one: one.__name__)
def test_each_fault_is_found_and_nothing_else(animal: type[Sound]) -> None:
    found = checked(animal())
    assert animal.plants in alarms(found)
    besides = BESIDES.get(animal.plants, set()) | TIMES - {animal.plants}
    assert alarms(found) - besides == {animal.plants}, found
    assert all(one.seen.strip() and one.remedy.strip() for one in found)
    assert all(animal.key not in one.seen + one.remedy for one in found)


def test_every_check_has_its_animal() -> None:
    assert {rule.check for rule in RULES} == {one.plants for one in animals()} | OUTSIDE
    assert len({rule.check for rule in RULES}) == len(RULES)


def test_no_two_visits_have_one_name() -> None:
    assert len({one.name for one in ALL}) == len(ALL)


@pytest.mark.parametrize("kind", [Sound, streams.Fluent, events_room.Rich, settings_room.Controlled])
def test_a_sound_bot_made_by_hand_raises_no_alarm(kind: type[Sound]) -> None:
    assert checked(kind()) == []


class Echo(fp.PoeBot):
    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        yield fp.PartialResponse(text=request.query[-1].content)
        yield fp.PartialResponse(text="More?", is_suggested_reply=True)


def test_a_bot_of_poebooks_raises_no_alarm() -> None:
    with fp.serve(Echo(), "checked") as bot:
        found = fp.check_bot(bot.url, bot.key)
    assert found == []


def test_a_bot_of_fastapi_poes_raises_no_alarm_beyond_info() -> None:
    with elsewhere() as there:
        found = fp.check_bot(there.url, there.key)
    assert [one for one in found if one.severity != "info"] == []


def test_a_bot_without_a_key_is_told_apart_from_one_whose_key_is_missing() -> None:
    with fp.serve(Echo(), "open", no_key=True) as bot:
        assert [(one.check, one.severity) for one in fp.check_bot(bot.url)] == [("keys.open", "warning")]
    with serving(Sound()) as url:
        assert alarms(fp.check_bot(url)) == {"keys.needed"}


def test_where_nobody_is_only_that_is_said() -> None:
    assert alarms(fp.check_bot("http://127.0.0.1:9/bot", KEY)) == {"reach.no-connection"}


def test_an_address_without_https_is_an_error_anywhere_but_here() -> None:
    found = fp.check_bot("http://nowhere.invalid/bot", KEY)
    assert alarms(found) == {"reach.no-connection"}
    from poebook.client.conformance.check import findings
    from poebook.client.conformance.evidence import Evidence

    assert "reach.plain-http" in alarms(findings(Evidence("http://bots.example.org/bot", KEY)))
    assert "reach.plain-http" not in alarms(findings(Evidence("http://localhost:8080/bot", KEY)))


class Mute:
    """Takes a question and says nothing."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await receive()
            while (await receive())["type"] != "http.disconnect":
                pass


def test_a_bot_that_never_answers_ends_the_check_in_time() -> None:
    with serving(Mute()) as url:
        began = time.monotonic()
        found = fp.check_bot(url, KEY, seconds=1.0)
        assert time.monotonic() - began < 5
    assert alarms(found) == {"reach.no-answer"}


def test_what_there_was_no_time_for_is_said() -> None:
    class Slow(Sound):
        async def __call__(self, scope: object, receive: object, send: object) -> None:
            await asyncio.sleep(0.5)
            await super().__call__(scope, receive, send)  # type: ignore[arg-type]

    with serving(Slow()) as url:
        found = fp.check_bot(url, KEY, seconds=1.2)
    assert "reach.unfinished" in alarms(found)
    assert {one.severity for one in found} == {"info"}


_receive: ContextVar[Any] = ContextVar("_receive")


class GoesWithItsAsker(Sound):
    """Never answers again once askers have gone in the middle of an answer."""

    def __init__(self) -> None:
        self.gone = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        _receive.set(receive)
        await super().__call__(scope, receive, send)

    async def stream(self, request: dict[str, Any], send: Any) -> None:
        if self.gone:
            await asyncio.sleep(60)
        await super().stream(request, send)

    async def chunks(self, request: dict[str, Any]) -> AsyncIterator[bytes]:
        yield text("hello")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                while (await _receive.get()())["type"] != "http.disconnect":
                    pass
                self.gone += 1
        yield DONE


def test_a_server_that_goes_with_its_asker_is_found() -> None:
    with serving(GoesWithItsAsker()) as url:
        found = fp.check_bot(url, KEY, seconds=40, limits=Limits(answer_s=2.0))
    assert "questions.after-leaving" in alarms(found)


def test_a_key_may_be_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAT_KEY", KEY)
    with serving(Sound()) as url:
        assert fp.check_bot(url, "$THAT_KEY") == []
    with pytest.raises(InvalidKey, match="NOT_SET"):
        fp.check_bot("http://127.0.0.1:9", "$NOT_SET")


@pytest.mark.parametrize("address", ["bots.example.org", "", "ftp://bots.example.org/bot"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidParameterError, match="no address"):
        fp.check_bot(address, KEY)


async def test_it_works_inside_a_running_loop() -> None:
    with fp.serve(Echo(), "looped") as bot:
        assert fp.check_bot(bot.url, bot.key) == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_certificate_that_nobody_trusts_is_named(tmp_path: Path) -> None:
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*made, "-keyout", tmp_path / "key", "-out", tmp_path / "cert"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    with socket.create_server(("127.0.0.1", 0)) as door:

        def greet() -> None:
            with contextlib.suppress(OSError):
                context.wrap_socket(door.accept()[0], server_side=True).close()

        thread = threading.Thread(target=greet)
        thread.start()
        found = fp.check_bot(f"https://localhost:{door.getsockname()[1]}/bot", KEY)
        thread.join(10)
    assert alarms(found) == {"reach.certificate"}
