"""How an answer came about, as data: the request without its key, each event with its time, and JSON Lines."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from poebook.client.conversation import Conversation
from poebook.errors import BotError
from tests.client.player import Player, Scene
from tests.client.scripted import echo, says, sse
from tests.webserver import serving

KEY = "s3cret" * 5 + "s3"


def test_every_event_is_kept_as_it_travelled() -> None:
    bot = says(sse("meta", content_type="text/plain"), b'event: text\r\ndata: {"text":  "hi"}\r\n\r\n', sse("done"))
    conversation = Conversation(bot)
    answer = conversation.ask("one")
    trace = conversation.trace_of(answer)
    assert [(e["n"], e["name"]) for e in trace["events"]] == [(1, "meta"), (2, "text"), (3, "done")]
    assert trace["events"][1]["data"] == '{"text":  "hi"}'
    assert [e.raw for e in answer.events] == [e["data"] for e in trace["events"]]
    times = [e["s"] for e in trace["events"]]
    assert times == sorted(times)
    assert (trace["status"], trace["method"], trace["from"]) == (200, "POST", 1)
    assert trace["first_event_s"] == answer.first_event_s
    assert trace["total_s"] == answer.total_s
    assert [e["n"] for e in conversation.trace_of(answer, start=3)["events"]] == [3]
    assert json.loads(trace["body"])["query"][-1]["content"] == "one"


def test_no_key_is_in_a_trace_and_the_bot_had_it() -> None:
    player = Player([Scene([sse("text", text=f"my key is {KEY}"), sse("done")])])
    with serving(player) as url:
        conversation = Conversation(f"{url}/echo", key=KEY)
        conversation.ask("one")
        trace = conversation.trace_of()
        assert KEY not in json.dumps(trace)
        assert trace["headers"]["authorization"] == "Bearer ••••"
        assert "$POE_ACCESS_KEY" in trace["curl"]


def test_the_curl_command_asks_the_bot_again(tmp_path: Path) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("there is no curl here")
    wire = [sse("text", text="it's me"), sse("done")]
    player = Player([Scene(wire), Scene(wire)])
    with serving(player) as url:
        conversation = Conversation(f"{url}/echo", key=KEY)
        conversation.ask("it's $HOME `here`")
        command = conversation.trace_of()["curl"]
        done = subprocess.run(
            ["sh", "-c", command], env={"POE_ACCESS_KEY": KEY, "PATH": "/usr/bin:/bin"}, capture_output=True, timeout=20
        )
        assert b"it's me" in done.stdout
        first, second = player.asked
        assert second.json == first.json
        assert second.headers["authorization"] == f"Bearer {KEY}"


def test_the_status_of_a_refusal_is_known() -> None:
    with serving(Player([Scene([b"no"], status=401)])) as url:
        conversation = Conversation(f"{url}/echo", key=KEY)
        with pytest.raises(BotError):
            conversation.ask("one")
        assert conversation.trace_of()["status"] == 401
        assert conversation.trace_of()["events"] == []


def test_the_trace_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = Conversation(echo("left"), echo("right"))
    conversation.ask("one")
    conversation.ask("two")
    monkeypatch.setitem(sys.modules, "pandas", None)
    table = conversation.trace()
    assert [(row["turn"], row["target"], row["n"], row["event"], row["text"]) for row in table[:2]] == [
        (0, "left", 1, "text", "one"),
        (0, "left", 2, "done", ""),
    ]
    assert len(table) == 8
    first = conversation.answers["left"]
    conversation.edit(0, "three")
    assert [(row["turn"], row["text"]) for row in conversation.trace(first)] == [(1, "two"), (1, "")]
    conversation.branch(0, 0)
    assert {row["answer"] for row in conversation.trace(conversation.answers["right"])} == {table[-1]["answer"]}


def test_the_table_is_a_data_frame_where_pandas_is_installed() -> None:
    pandas: Any = importlib.import_module("pandas")
    conversation = Conversation(echo())
    assert list(conversation.trace().columns)[:3] == ["turn", "target", "answer"]
    conversation.ask("one")
    table = conversation.trace()
    assert isinstance(table, pandas.DataFrame)
    assert list(table["event"]) == ["text", "done"]


def test_the_export_is_json_lines(tmp_path: Path) -> None:
    conversation = Conversation(says(sse("text", text="A"), sse("error", text="No.", allow_retry=False)))
    conversation.ask("one")
    conversation.export_trace(tmp_path / "talk.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "talk.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["kind"] for line in lines] == ["request", "event", "event", "end"]
    assert lines[0]["body"]["query"][0]["content"] == "one"
    assert (lines[-1]["state"], lines[-1]["error"]) == ("error", "No.")


def test_a_loaded_conversation_has_no_request_any_more(tmp_path: Path) -> None:
    bot = echo()
    conversation = Conversation(bot)
    conversation.ask("one")
    conversation.save(tmp_path / "talk.json")
    trace = Conversation.load(tmp_path / "talk.json", bot).trace_of()
    assert (trace["body"], trace["events"], trace["target"]) == ("", [], "echo")
