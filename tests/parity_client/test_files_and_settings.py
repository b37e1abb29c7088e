"""Uploads and settings: what is sent, tried again and raised; as by fastapi_poe, or better."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import httpx
import pytest

import poebook as fp
from tests.client.player import Asked, Scene
from tests.client.test_uploads import form_of
from tests.parity_client.course import Course
from tests.parity_client.stage import Part, Raw, Stage
from tests.upstream import fastapi_poe

BOTH = pytest.mark.parametrize("library", [fp, fastapi_poe], ids=["poebook", "fastapi_poe"])

TAKEN = Scene([b'{"attachment_url": "https://a.example/1", "mime_type": "text/csv"}'], headers=[])
BUSY = Scene([b"busy"], 503, headers=[])
HUNG_UP = Raw(b"")
URL = "https://b.example/tides.csv?a=1&b=\N{OGHAM LETTER BEITH}"


async def uploaded(library: Any, stage: Stage, scenes: Sequence[Part], **given: Any) -> Course:
    """The course of ``upload_file``."""
    course = Course()
    stage.play(scenes)
    given = {
        "api_key": "k",
        "base_url": f"{stage.url}/up/",
        "on_error": course.on_error,
        "retry_sleep_time": 0,
        **given,
    }
    try:
        attachment = await library.upload_file(**given)
        course.parts.append(attachment.model_dump())
        course.lines.append(f"{attachment.name} {attachment.content_type} {attachment.url}")
    except Exception as error:
        course.failed(error)
    return course.ended(stage)


def posted(course: Course) -> list[dict[str, Any]]:
    """What was posted: the fields of the form, whichever way they were encoded, and the headers that say who asks."""
    return [
        {
            "path": sent.path,
            "key": sent.headers.get("authorization"),
            "trace": sent.headers.get("x-trace"),
            **_form(sent),
        }
        for sent in course.sent
    ]


def _form(sent: Any) -> dict[str, Any]:
    if sent.headers["content-type"].startswith("multipart/"):
        return dict(form_of(Asked(sent.path, sent.headers, sent.body, ("", 0))))
    return dict(parse_qs(sent.body.decode()))


class NamedBytes(io.BytesIO):
    """A file object in memory that has a name."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self.name = name


class Upload(NamedTuple):
    """What is given, the scenes, and the course that both libraries take. What is given is made anew for each."""

    given: Callable[[], dict[str, Any]]
    scenes: Sequence[Part]
    lines: Sequence[str]


def data() -> dict[str, Any]:
    return {"file": b"1,2", "file_name": "tides.csv"}


def named(name: str) -> Callable[[], dict[str, Any]]:
    return lambda: {"file": NamedBytes(b"1,2", name)}


GOOD = ["tides.csv text/csv https://a.example/1"]
TWICE = ["upload attempt 1/2 failed", *GOOD, "asked 2 times"]

EQUAL: dict[str, Upload] = {
    "bytes": Upload(data, [TAKEN], GOOD),
    "all bytes there are": Upload(lambda: {**data(), "file": bytes(range(256)) * 500}, [TAKEN], GOOD),
    "a file object with its name": Upload(named("tides.csv"), [TAKEN], GOOD),
    "a file object in a folder": Upload(named("/a/b/tides.csv"), [TAKEN], GOOD),
    "a file object under another name": Upload(
        lambda: {"file": NamedBytes(b"1,2", "x"), "file_name": "tides.csv"}, [TAKEN], GOOD
    ),
    "a file object without a name, named": Upload(
        lambda: {"file": io.BytesIO(b"1,2"), "file_name": "tides.csv"}, [TAKEN], GOOD
    ),
    "a name beyond ASCII": Upload(
        lambda: {"file": b"1,2", "file_name": "maré 潮.csv"}, [TAKEN], ["maré 潮.csv text/csv https://a.example/1"]
    ),
    "a URL": Upload(lambda: {"file_url": URL}, [TAKEN], ["file text/csv https://a.example/1"]),
    "a URL with a name": Upload(lambda: {"file_url": URL, "file_name": "tides.csv"}, [TAKEN], GOOD),
    "extra headers": Upload(lambda: {**data(), "extra_headers": {"X-Trace": "7"}}, [TAKEN], GOOD),
    "extra headers that bring the key": Upload(
        lambda: {**data(), "extra_headers": {"Authorization": "other"}}, [TAKEN], GOOD
    ),
    "an answer with more than is needed": Upload(
        data, [Scene([b'{"attachment_url": "https://a.example/1", "mime_type": "text/csv", "x": 1}'], headers=[])], GOOD
    ),
    "a base without its slash": Upload(data, [TAKEN], GOOD),
    "busy, then taken": Upload(data, [BUSY, TAKEN], TWICE),
    "hung up, then taken": Upload(data, [HUNG_UP, TAKEN], TWICE),
    "a URL, busy, then taken": Upload(lambda: {"file_url": URL, "file_name": "tides.csv"}, [BUSY, TAKEN], TWICE),
    "an answer without what is needed, then taken": Upload(data, [Scene([b"{}"], headers=[]), TAKEN], TWICE),
    "an answer that is no JSON, then taken": Upload(data, [Scene([b"<html>"], headers=[]), TAKEN], TWICE),
    "one key of the answer missing, then taken": Upload(
        data, [Scene([b'{"mime_type": "text/csv"}'], headers=[]), TAKEN], TWICE
    ),
    "five tries, the last of which succeeds": Upload(
        lambda: {**data(), "num_tries": 5},
        [BUSY, HUNG_UP, BUSY, BUSY, TAKEN],
        [*[f"upload attempt {n}/5 failed" for n in (1, 2, 3, 4)], *GOOD, "asked 5 times"],
    ),
}


@pytest.mark.parametrize("name", EQUAL)
async def test_uploading(stage: Stage, name: str) -> None:
    given, scenes, lines = EQUAL[name]
    theirs = await uploaded(fastapi_poe, stage, scenes, **given())
    ours = await uploaded(fp, stage, scenes, **given())
    assert theirs.lines == lines
    assert (ours.lines, ours.parts, posted(ours)) == (theirs.lines, theirs.parts, posted(theirs))


NOT_SENT: dict[str, Callable[[], dict[str, Any]]] = {
    "no key": lambda: {**data(), "api_key": ""},
    "neither a file nor a URL": dict,
    "a file and a URL": lambda: {**data(), "file_url": URL},
    "bytes without a name": lambda: {"file": b"1,2"},
    "bytes with an empty name": lambda: {"file": b"1,2", "file_name": ""},
    "a file object without a name": lambda: {"file": io.BytesIO(b"1,2")},
    "a str for a file": lambda: {"file": "tides.csv"},
    "a path for a file": lambda: {"file": Path("tides.csv")},
}


@BOTH
@pytest.mark.parametrize("name", NOT_SENT)
async def test_nothing_is_sent_with(stage: Stage, name: str, library: Any) -> None:
    course = await uploaded(library, stage, [TAKEN], **NOT_SENT[name]())
    assert isinstance(course.error, ValueError)
    assert (course.lines[-1], course.told) == ("asked 0 times", [])


REFUSED: dict[str, tuple[Part, str, str]] = {
    "a refusal": (
        Scene([b"no such key"], 403, headers=[]),
        "AttachmentUploadError: 403 Forbidden: b'no such key'",
        "AttachmentUploadError: 403 Forbidden: no such key",
    ),
    "a refusal that says nothing": (
        Scene([], 500, headers=[]),
        "AttachmentUploadError: 500 Internal Server Error: b''",
        "AttachmentUploadError: 500 Internal Server Error: ",
    ),
    "an answer without what is needed": (
        Scene([b'{"a": 1}'], headers=[]),
        "AttachmentUploadError: Unexpected response format: {'a': 1}",
        'AttachmentUploadError: Unexpected response format: {"a": 1}',
    ),
    "an answer that is no JSON": (
        Scene([b"<html>"], headers=[]),
        "JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        "AttachmentUploadError: Unexpected response format: <html>",
    ),
    "a hang-up": (
        HUNG_UP,
        "RemoteProtocolError: Server disconnected without sending a response.",
        "AttachmentUploadError: The upload broke off (RemoteProtocolError).",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_an_upload_that_fails_each_time_is_told_after(stage: Stage, name: str) -> None:
    """Both try as often; fastapi_poe's texts hold reprs, and other libraries' errors escape."""
    scene, theirs, ours = REFUSED[name]
    tries = [f"upload attempt {n}/3 failed" for n in (1, 2, 3)]
    course = await uploaded(fastapi_poe, stage, [scene], **data(), num_tries=3)
    assert course.lines == [*tries, theirs, "asked 3 times"]
    course = await uploaded(fp, stage, [scene], **data(), num_tries=3)
    assert course.lines == [*tries, ours, "asked 3 times"]


async def test_a_second_try_sends_the_file_object_again_where_fastapi_poe_sends_nothing(stage: Stage) -> None:
    theirs = await uploaded(fastapi_poe, stage, [BUSY, TAKEN], **named("tides.csv")())
    ours = await uploaded(fp, stage, [BUSY, TAKEN], **named("tides.csv")())
    assert theirs.lines == ours.lines == TWICE
    assert [form["file"] for form in posted(theirs)] == [("tides.csv", b"1,2"), ("tides.csv", b"")]
    assert [form["file"] for form in posted(ours)] == [("tides.csv", b"1,2"), ("tides.csv", b"1,2")]


async def test_a_bytearray_is_sent_where_fastapi_poe_fails(stage: Stage) -> None:
    given = {"file": bytearray(b"1,2"), "file_name": "tides.csv", "num_tries": 1}
    assert isinstance((await uploaded(fastapi_poe, stage, [TAKEN], **given)).error, AttributeError)
    ours = await uploaded(fp, stage, [TAKEN], **given)
    assert (ours.lines, posted(ours)[0]["file"]) == (GOOD, ("tides.csv", b"1,2"))


async def test_an_empty_file_beside_a_url_is_noticed_where_fastapi_poe_drops_it(stage: Stage) -> None:
    given = {"file": b"", "file_name": "x", "file_url": URL}
    assert (await uploaded(fastapi_poe, stage, [TAKEN], **given)).error is None
    assert isinstance((await uploaded(fp, stage, [TAKEN], **given)).error, ValueError)


async def test_a_lent_session_stays_open_where_fastapi_poe_closes_it(stage: Stage) -> None:
    for library, closed in ((fp, False), (fastapi_poe, True)):
        async with httpx.AsyncClient(headers={"X-Trace": "lent"}) as session:
            # entering it twice, as fastapi_poe does, is refused by httpx
            course = await uploaded(library, stage, [TAKEN], **data(), session=session)
            assert course.lines[0].startswith("RuntimeError" if closed else "tides.csv")
        session = httpx.AsyncClient(headers={"X-Trace": "lent"})
        course = await uploaded(library, stage, [TAKEN], **data(), session=session)
        assert posted(course)[0]["trace"] == "lent"
        assert session.is_closed is closed
        await session.aclose()


@BOTH
async def test_the_blocking_twin_inside_a_running_loop(stage: Stage, library: Any) -> None:
    stage.play([TAKEN])
    attachment = library.upload_file_sync(**data(), api_key="k", base_url=stage.url)
    assert attachment.url == "https://a.example/1"
    assert (stage.asked[0].path, stage.asked[0].headers["authorization"]) == ("/file_upload_3RD_PARTY_POST", "k")


@BOTH
async def test_the_blocking_twin_inside_a_running_loop_takes_no_session(stage: Stage, library: Any) -> None:
    stage.play([TAKEN])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fastapi_poe leaves a coroutine behind
        async with httpx.AsyncClient() as session:
            with pytest.raises(ValueError, match="session"):
                library.upload_file_sync(**data(), api_key="k", base_url=stage.url, session=session)
    assert not stage.asked


# settings

KEY = "k" * 32


def synced(library: Any, stage: Stage, scene: Part, **given: Any) -> Course:
    course = Course()
    stage.play([scene])
    try:
        library.sync_bot_settings("Orrery", KEY, base_url=f"{stage.url}/bot/", **given)
        course.lines.append("synced")
    except Exception as error:
        course.failed(error)
    return course.ended(stage)


DEPENDENT = {"server_bot_dependencies": {"GPT": 1}, "introduction_message": "潮"}
SETTINGS: dict[str, tuple[dict[str, Any], Part, Sequence[str], str]] = {
    "fetched": ({}, Scene([b"ok"], headers=[]), ["synced"], "fetch"),
    "pushed": ({"settings": DEPENDENT}, Scene([b"ok"], headers=[]), ["synced"], "update"),
    "pushed, though empty": ({"settings": {}}, Scene([b"ok"], headers=[]), ["synced"], "update"),
    "refused": (
        {},
        Scene([b"no such bot"], 404, headers=[]),
        ["BotError: Error syncing settings for bot Orrery: no such bot"],
        "fetch",
    ),
    "pushed and refused": (
        {"settings": DEPENDENT},
        Scene([b'{"error": "bad"}'], 400, headers=[]),
        ['BotError: Error syncing settings for bot Orrery: {"error": "bad"}'],
        "update",
    ),
    "answered by another success": (
        {},
        Scene([b"made"], 201, headers=[]),
        ["BotError: Error syncing settings for bot Orrery: made"],
        "fetch",
    ),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_settings(stage: Stage, name: str) -> None:
    given, scene, lines, verb = SETTINGS[name]
    sent = []
    for library in (fp, fastapi_poe):
        course = synced(library, stage, scene, **given)
        assert course.lines == lines
        [one] = course.sent
        assert (one.method, one.path) == ("POST", f"/bot/{verb}_settings/Orrery/{KEY}/1.2")
        sent.append((json.loads(one.body) if one.body else None, one.headers.get("content-type")))
    assert sent[0] == sent[1]


def test_nothing_is_printed_where_fastapi_poe_prints_the_answer(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    synced(fp, stage, Scene([b"taken"], headers=[]))
    assert capsys.readouterr() == ("", "")
    synced(fastapi_poe, stage, Scene([b"taken"], headers=[]))
    assert capsys.readouterr().out == "taken\n"


def test_a_hang_up_is_a_bot_error_without_the_key_where_fastapi_poe_lets_httpx_escape(stage: Stage) -> None:
    theirs = synced(fastapi_poe, stage, HUNG_UP).error
    ours = synced(fp, stage, HUNG_UP).error
    assert isinstance(theirs, httpx.RemoteProtocolError)
    assert isinstance(ours, fp.BotError)
    assert "Error syncing settings for bot Orrery: " in str(ours)
    assert KEY not in f"{ours!r} {ours.__cause__!r}"


def test_a_refusal_that_echoes_the_key_is_told_without_it(stage: Stage) -> None:
    scene = Scene([f"wrong key: {KEY}".encode()], 403, headers=[])
    assert KEY in str(synced(fastapi_poe, stage, scene).error)
    assert KEY not in str(synced(fp, stage, scene).error)


async def test_settings_are_synced_inside_a_running_loop(stage: Stage) -> None:
    for library in (fp, fastapi_poe):
        assert synced(library, stage, Scene([b"ok"], headers=[])).lines == ["synced"]
