"""Where the original is wrong: what it does, and what poebook does instead. Each test fails for the original."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import threading
import warnings
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

import poebook
from tests.parity.bots.keys import KEY
from tests.parity.pair import Ask, Pair, query, report
from tests.parity.tables import SECRET
from tests.parity.test_requests import ATTACHED, asking, file
from tests.upstream import fastapi_poe

PUBLIC = {"allow_retry": False, "text": "The bot encountered an unexpected issue."}
WHERE = "poe.com/create_bot?server=1"
REPORT = report("report_feedback", feedback_type="like")


# -- 1: bad bodies are the asker's fault


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"", 400, "empty"),
        (b"{", 400, "JSON"),
        (b'{"type": "query"', 400, "JSON"),
        (b"\xff\xfe", 400, "UTF-8"),
        (b"[" * 100_000, 400, "deep"),
        (b"[]", 400, "object"),
        (b'"query"', 400, "object"),
        (b"null", 400, "object"),
        (b"{}", 422, "type"),
        ({"version": "1.2"}, 422, "type"),
        ({"version": "1.2", "type": None}, 422, "type"),
        ({"version": "1.2", "type": ["query"]}, 422, "type"),
        ({"type": "settings"}, 422, "version"),
        ({**query(), "query": []}, 422, "query"),
        ({**query(), "query": "hi"}, 422, "query"),
        ({**query(), "query": [{"role": "user"}]}, 422, "query.0.content"),
        ({**query(), "query": [{"role": "user", "content": {"a": 1}}]}, 422, "query.0.content"),
        ({**query(), "user_id": 5}, 422, "user_id"),
        ({name: value for name, value in query().items() if name != "message_id"}, 422, "message_id"),
        ({**query(), "temperature": "hot"}, 422, "temperature"),
        ({**query(), "tools": [{"type": "function"}]}, 422, "tools.0.function"),
        ({name: value for name, value in REPORT.items() if name != "feedback_type"}, 422, "feedback_type"),
        (report("report_reaction"), 422, "reaction"),
        (report("report_error", message="a", metadata="b"), 422, "metadata"),
    ],
)
def test_a_bad_body_is_4xx_with_a_reason(pair: Pair, body: Any, status: int, word: str) -> None:
    wanted, given = pair.ask(Ask("/plain", body))
    assert wanted.status in (500, 501, 200)  # 501 for a type of null; an empty query fails within the answer
    assert given.status == status
    assert given.headers["content-type"] == "application/json"
    assert word in given.json["detail"]


def test_a_reason_holds_none_of_the_bodys_values(pair: Pair) -> None:
    for body in ({**query(), "access_key": {"s3cret": 1}, "user_id": ["s3cret"]}, {**query(), "query": "s3cret"}):
        given = pair.own.ask(Ask("/plain", body))
        assert given.status == 422
        assert b"s3cret" not in given.body


# -- 2: an exception stays with the author


@pytest.mark.parametrize("fault", ["ValueError", "KeyError", "HTTPException", "TimeoutError", "BotError"])
@pytest.mark.parametrize("words", ["", " a b"])
def test_an_exception_is_not_told_to_the_asker(pair: Pair, fault: str, words: str) -> None:
    wanted, given = pair.ask(Ask("/fails", query(fault + words)))
    assert SECRET in wanted.events[-2][1].pop("raw_response", "") or SECRET.encode() in wanted.body
    assert SECRET.encode() not in given.body
    assert b"Error" not in given.body
    assert given.events[:-2] == wanted.events[:-2]
    assert given.events[-2:] == [("error", PUBLIC), ("done", {})]


@pytest.mark.parametrize(("path", "before"), [("/fails-in-context", ["text"]), ("/posts-and-fails", ["file", "text"])])
def test_what_went_before_an_exception_is_sent(pair: Pair, path: str, before: list[str]) -> None:
    wanted, given = pair.ask(Ask(path, query()))
    assert "raw_response" in wanted.events[-2][1]
    assert [name for name, _ in given.events] == [*before, "error", "done"]
    assert given.events[:-2] == wanted.events[:-2]
    assert given.events[-2][1] == PUBLIC


def test_the_author_reads_the_traceback_in_the_log(pair: Pair) -> None:
    pair.own.ask(Ask("/fails", query("KeyError")))
    log = pair.own.log.read_text()
    assert f"KeyError: '{SECRET}'" in log
    assert "raise _FAULTS[name]()" in log


# -- 3: a key that is missing or wrong is an error, not an exit


@pytest.mark.parametrize("key", ["", "short", "k" * 33])
def test_a_key_missing_or_wrong_is_a_value_error(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        fastapi_poe.make_app(fastapi_poe.PoeBot(), access_key=key)
    assert capsys.readouterr().out != ""
    with pytest.raises(ValueError, match=r"poe\.com/create_bot") as raised:
        poebook.make_app(poebook.PoeBot(), access_key=key)
    assert WHERE in str(raised.value)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("header", ["Bearer ключ".encode(), b"Bearer \xff\xfe", "Bearer 密鑰".encode()])
def test_keys_are_compared_as_bytes(pair: Pair, header: bytes) -> None:
    given = pair.own.ask(Ask("/plain", query(), key=None, headers={"authorization": header}))
    assert (given.status, given.json) == (401, {"detail": "Invalid access key"})


# -- 4: $POE_API_KEY is the client's


def test_a_clients_key_in_the_environment_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POE_API_KEY", "the-client's-key-of-another-length-than-a-bot's")
    with pytest.warns(DeprecationWarning, match="POE_API_KEY"), pytest.raises(SystemExit):
        fastapi_poe.make_app(fastapi_poe.PoeBot(), allow_without_key=True)
    bot = poebook.PoeBot()
    poebook.make_app(bot, allow_without_key=True)
    assert bot.access_key is None
    with pytest.raises(ValueError, match="no access key"):
        poebook.make_app(poebook.PoeBot())


def test_a_bots_key_of_a_wrong_length_in_the_environment_is_an_error_that_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POE_ACCESS_KEY", "s3cret")
    with pytest.raises(SystemExit):
        fastapi_poe.make_app(fastapi_poe.PoeBot(), allow_without_key=True)
    with pytest.raises(ValueError, match=r"POE_ACCESS_KEY has 6 characters") as raised:
        poebook.make_app(poebook.PoeBot(), allow_without_key=True)
    assert "s3cret" not in str(raised.value)


# -- 5: a bot without a key needs no header


@pytest.mark.parametrize("header", [None, "Basic YTpi", "anything", "bearer x", ""])
def test_a_bot_without_key_takes_any_header_and_none(pair: Pair, header: str | None) -> None:
    headers: dict[str, str | bytes] = {} if header is None else {"authorization": header}
    wanted, given = pair.ask(Ask("/open", query(), key=None, headers=headers))
    assert (wanted.status, given.status) == (200 if header == "bearer x" else 401, 200)


# -- 6: no key is shown


def test_no_key_is_in_a_repr_or_an_error() -> None:
    def told(fp: ModuleType) -> str:
        bot = fp.PoeBot(access_key=KEY)
        request = fp.QueryRequest.model_validate({**query(), "access_key": KEY, "api_key": KEY})
        with pytest.raises(ValueError, match="path") as twice:
            fp.make_app([bot, fp.PoeBot(access_key=KEY)])
        return f"{bot!r} {request!r} {request} {twice.value}"

    assert KEY in told(fastapi_poe)
    assert KEY not in told(poebook)
    assert poebook.PoeBot(access_key=KEY).access_key == KEY


def test_no_key_is_in_the_log(pair: Pair) -> None:
    for path in ("/plain", "/fails", "/echo", "/fails-to-take", "/posts"):
        for body in (query("ValueError"), report("settings"), report("report_error", message="a", metadata={})):
            pair.own.ask(Ask(path, body))
    pair.own.ask(Ask("/plain", {**query(), "user_id": 5}))
    assert KEY not in pair.own.log.read_text()


# -- 15: authors' slips


@pytest.mark.parametrize("path", ["/returns", "/returns-response", "/generates", "/blocks"])
def test_a_handler_of_another_shape_works(pair: Pair, path: str) -> None:
    wanted, given = pair.ask(Ask(path, query()))
    assert [name for name, _ in wanted.events] == ["error", "done"]
    assert given.text == "hello"
    assert given.events[-1] == ("done", {})


@pytest.mark.parametrize("body", [report("settings"), REPORT], ids=["settings", "feedback"])
def test_a_method_that_is_no_coroutine_works(pair: Pair, body: Any) -> None:
    wanted, given = pair.ask(Ask("/plain-reports", body))
    assert (wanted.status, given.status) == (500, 200)
    assert given.json == {} or given.json["introduction_message"] == "plain"


def test_a_str_is_a_text(pair: Pair) -> None:
    wanted, given = pair.ask(Ask("/forms", query("a str")))
    assert wanted.events[0][0] == "error"
    assert given.events == [("text", {"text": "hello"}), ("done", {})]


@pytest.mark.parametrize(
    ("path", "form", "told"),
    [
        ("/forms", "a number", "Forms.get_response yielded a int"),
        ("/forms", "a dict", "Forms.get_response yielded a dict"),
        ("/forms", "None", "Forms.get_response yielded a NoneType"),
        ("/returns-nothing", "", "ReturnsNothing.get_response returned nothing"),
    ],
)
def test_what_is_no_answer_is_told_to_its_author_alone(pair: Pair, path: str, form: str, told: str) -> None:
    wanted, given = pair.ask(Ask(path, query(form)))
    assert "raw_response" in wanted.events[-2][1]
    assert told not in pair.original.log.read_text()
    assert given.events[-2:] == [("error", PUBLIC), ("done", {})]
    assert told in pair.own.log.read_text()


# -- 16: what is unknown is tolerated


@pytest.mark.parametrize(
    ("messages", "seen"),
    [
        ([{"role": "referee", "content": "a"}, "b"], [("user", "b")]),
        (["a", {"role": "user", "content": "b", "content_type": "text/x-own"}], [("user", "a"), ("user", "b")]),
        ([{"role": "user", "content": "a", "message_type": "dance"}], [("user", "a")]),
        ([{"role": "user", "content": "a", "feedback": [{"type": "meh"}]}], [("user", "a")]),
        ([{"role": "user", "content": "a", "feedback": [{"type": "like"}]}], [("user", "a")]),
    ],
    ids=["role", "content type", "message type", "feedback type", "no reason"],
)
def test_one_odd_message_does_not_fail_the_query(pair: Pair, messages: list[Any], seen: list[Any]) -> None:
    wanted, given = pair.ask(Ask("/echo", query(*messages)))
    assert wanted.status == 500
    assert [(one["role"], one["content"]) for one in json.loads(given.text)["query"]] == seen


def test_feedback_of_an_unknown_kind_reaches_the_bot(pair: Pair) -> None:
    wanted, given = pair.ask(Ask("/takes", report("report_feedback", feedback_type="meh")))
    assert wanted.status == 500
    assert (given.status, given.body) == (200, b"{}")
    assert json.loads(pair.own.ask(Ask("/takes", query())).text)[0]["feedback_type"] == "meh"


# -- 19: misspelt keywords


@pytest.mark.parametrize(
    ("name", "given", "near"),
    [
        ("SettingsResponse", {"allow_attachment": True}, "allow_attachments"),
        ("PartialResponse", {"txt": "a"}, "text"),
        ("Slider", {"label": "A", "parameter_name": "a", "min": 0, "max_value": 1, "step": 1}, "min_value"),
    ],
)
def test_a_refused_keyword_names_the_near_one(name: str, given: Any, near: str) -> None:
    with pytest.raises(ValueError, match=r".") as theirs:
        getattr(fastapi_poe, name)(**given)
    assert f"did you mean `{near}`" not in str(theirs.value).lower()
    with pytest.raises(ValueError, match=rf"(?i){near}") as ours:
        getattr(poebook, name)(**given)
    assert type(ours.value).__name__ == type(theirs.value).__name__


def test_a_keyword_that_is_passed_silently_is_warned_of() -> None:
    said = {"url": "https://a.example/1", "content_type": "text/csv", "name": "1", "inline_reff": "r"}
    fastapi_poe.Attachment(**said)
    with pytest.warns(UserWarning, match="inline_ref"):
        poebook.Attachment(**said)


@pytest.mark.parametrize("name", ["PartialResponse", "MetaResponse", "ErrorResponse"])
def test_a_text_may_be_left_out(name: str) -> None:
    with pytest.raises(ValueError, match="text"):
        getattr(fastapi_poe, name)()
    assert getattr(poebook, name)().text == ""


# -- 20: constructors that are skipped, and identity


@pytest.mark.parametrize(("path", "shown"), [("/skips-init", "made"), ("/skips-post-init", "made after")])
def test_a_bot_that_skips_the_constructor_posts_files_all_the_same(pair: Pair, path: str, shown: str) -> None:
    wanted, given = pair.ask(Ask(path, query()))
    assert [name for name, _ in wanted.events] == ["error", "done"]
    assert [name for name, _ in given.events] == ["file", "text", "done"]
    assert given.text == shown


def test_bots_are_compared_by_identity() -> None:
    one, other = fastapi_poe.PoeBot(), fastapi_poe.PoeBot()
    assert one == other
    with pytest.raises(TypeError):
        hash(one)

    @dataclass
    class Mine(poebook.PoeBot):
        word: str = "a"

    for kind in (poebook.PoeBot, Mine):
        mine, yours = kind(), kind()
        assert mine != yours
        assert len({mine, yours, mine}) == 2


# -- 21: odd pictures, odd answers


def test_a_picture_without_stars_is_concatenated_by_its_name(pair: Pair) -> None:
    wanted, given = pair.ask(Ask("/concat", query(asking(file("image/png", "a cat", "cat.png")))))
    assert wanted.events[0][0] == "error"
    words = json.loads(given.text)["query"][-1]["content"]
    inserted = json.loads(pair.same(Ask("/echo", query(asking(file("image/png", "a cat", "cat.png"))))).text)["query"]
    assert words == f"look\n\n{inserted[0]['content']}"


def test_an_analysis_with_stars_in_it_is_concatenated_whole(pair: Pair) -> None:
    wanted, given = pair.ask(Ask("/concat", query(*ATTACHED["a picture whose analysis has stars"])))
    assert "a***cat</image_analysis>" not in wanted.text
    assert "a***cat</image_analysis>" in given.text


def test_a_costs_unreadable_answer_is_a_cost_request_error(pair: Pair) -> None:
    wanted, given = pair.ask(Ask("/charges", query("capture/odd/one item", bot_query_id="q-1")))
    assert wanted.text.startswith("JSONDecodeError")
    assert given.text.startswith("CostRequestError")


# -- and what the original drops or sends twice


def test_done_is_sent_once_and_last(pair: Pair) -> None:
    wanted, given = pair.ask(Ask("/forms", query("done_event")))
    assert [name for name, _ in wanted.events] == ["text", "done", "text", "done"]
    assert [name for name, _ in given.events] == ["text", "text", "done"]


def test_an_index_and_forwarded_json_are_sent(pair: Pair) -> None:
    wanted, given = pair.ask(Ask("/forms", query("an index")))
    assert (wanted.events[0][1], given.events[0][1]) == ({"text": "a"}, {"text": "a", "index": 1})
    wanted, given = pair.ask(Ask("/forms", query("a forwarded json")))
    assert (wanted.events[0], given.events[0]) == (("text", {"text": ""}), ("json", {"choices": []}))


@pytest.mark.parametrize("fp", [fastapi_poe, poebook], ids=["the original", "ours"])
def test_settings_are_asked_for_inside_a_running_loop(fp: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    """The bot's own method fails, so that nothing leaves: whether it was asked is told by the reason in the log."""

    async def get_settings(self: object, setting: object) -> None:
        raise ValueError(SECRET)

    async def cell() -> None:
        bot = type("Bot", (fp.PoeBot,), {"get_settings": get_settings})(access_key=KEY, bot_name="Bot")
        fp.make_app(bot)

    with caplog.at_level(logging.ERROR), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the original's: "coroutine was never awaited"
        asyncio.run(cell())
        for thread in threading.enumerate():
            if thread.name == "poebook-settings":
                thread.join(20)
        gc.collect()
    assert (SECRET in caplog.text) == (fp is poebook)
    assert KEY not in caplog.text
