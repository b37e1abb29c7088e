"""Function calling: pieces of calls handed out or carried out, results sent, and what a careless bot may send."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

import poebook as fp
from tests.client.player import DONE, Player, Scene, says, sse
from tests.client.test_stream import request_of, shown
from tests.conftest import ServeApp
from tests.upstream import fastapi_poe

NULL = {"content": None, "tool_calls": None}


def chunk(delta: object, finish: str | None = None, **more: object) -> bytes:
    return sse("json", {"choices": [{"delta": delta, "finish_reason": finish}], **more})


def call(name: str | None, arguments: str | None, index: int = 0, id: str | None = "call-1") -> dict[str, object]:
    return {"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def calls(*pieces: dict[str, object]) -> bytes:
    return chunk({"tool_calls": list(pieces)})


WEATHER = Scene(
    [
        calls(call("weather", "")),
        calls({"index": 0, "function": {"arguments": '{"city": "Lis'}}),
        calls({"index": 0, "function": {"arguments": 'bon"}'}}, call("now", "{}", 1, "call-2")),
        chunk({}, "tool_calls"),
        sse("json", {"usage": 7}),
        DONE,
    ]
)


def weather(city: str) -> dict[str, str]:
    return {"city": city, "sky": "blue"}


async def now() -> str:
    return "noon"


def tools(library: Any = fp, *names: str) -> list[Any]:
    return [
        library.ToolDefinition(
            type="function",
            function={"name": name, "description": "", "parameters": {"type": "object", "properties": {}}},
        )
        for name in names or ("weather", "now")
    ]


async def parts(
    serve_app: ServeApp, scenes: Sequence[Scene], executables: Any, library: Any = fp
) -> tuple[list[Any], Player]:
    player = Player(list(scenes))
    base = f"{serve_app(player)}/"
    asked = library.stream_request(
        request_of(library), "echo", "k", tools=tools(library), tool_executables=executables, base_url=base
    )
    return [part async for part in asked], player


async def test_calls_are_put_together_run_and_their_results_sent(serve_app: ServeApp) -> None:
    received, player = await parts(serve_app, [WEATHER, says("It is ", "blue.")], [weather, now])
    assert "".join(part.text for part in received) == "It is blue."
    second = player.asked[1].json
    assert [(c["id"], c["function"]["name"], c["function"]["arguments"]) for c in second["tool_calls"]] == [
        ("call-1", "weather", '{"city": "Lisbon"}'),
        ("call-2", "now", "{}"),
    ]
    assert [(r["role"], r["tool_call_id"], json.loads(r["content"])) for r in second["tool_results"]] == [
        ("tool", "call-1", {"city": "Lisbon", "sky": "blue"}),
        ("tool", "call-2", "noon"),
    ]
    assert [t["function"]["name"] for t in second["tools"]] == ["weather", "now"]
    assert player.reports == []


EQUAL: dict[str, tuple[Sequence[Scene], Sequence[Callable[..., Any]] | None]] = {
    "handed out": ([WEATHER], None),
    "swallowed": ([WEATHER], []),
    "carried out": ([WEATHER, says("a")], [weather, now]),
    "the second answer as it comes": ([WEATHER, Scene([chunk({"content": "a"}), DONE])], [weather, now]),
    "text instead of calls": (
        [Scene([chunk({"content": ""}), chunk({"content": "a"}), chunk({}, "stop"), DONE])],
        [now],
    ),
    "an index": ([Scene([chunk({"content": "a"}, index=3), DONE])], [now]),
    "plain text": ([says("a", "b")], [now]),
    "no choices": ([Scene([sse("json", {"choices": []}), sse("json", {"a": 1}), DONE])], [now]),
    "a first piece without its name": ([Scene([calls(call(None, "{}")), DONE])], [now]),
}


@pytest.mark.parametrize("name", EQUAL)
async def test_what_comes_out_equals_fastapi_poe(serve_app: ServeApp, name: str) -> None:
    scenes, executables = EQUAL[name]
    ours, our_player = await parts(serve_app, scenes, executables)
    theirs, their_player = await parts(serve_app, scenes, executables, fastapi_poe)
    assert [shown(part) for part in ours] == [shown(part) for part in theirs]
    assert [a.json.get("tool_results") for a in our_player.asked] == [
        a.json.get("tool_results") for a in their_player.asked
    ]


@pytest.mark.parametrize(
    "pieces",
    [
        [chunk({**NULL, "content": "a"}), chunk(NULL)],
        [sse("json", {"choices": [{"delta": {"content": "a"}}]}), sse("json", {"choices": [{"finish_reason": None}]})],
        [chunk({"content": "a"}), chunk(None), sse("json", {"choices": [None]}), chunk({"tool_calls": [None, 7]})],
    ],
)
async def test_null_and_missing_fields_are_as_if_absent(serve_app: ServeApp, pieces: list[bytes]) -> None:
    received, _ = await parts(serve_app, [Scene([*pieces, DONE])], [now])
    assert "".join(part.text for part in received) == "a"


async def test_null_arguments_are_none_at_all(serve_app: ServeApp) -> None:
    _, player = await parts(serve_app, [Scene([calls(call("now", None)), DONE]), says("a")], [now])
    assert json.loads(player.asked[1].json["tool_results"][0]["content"]) == "noon"


class Weather:
    def method(self, city: str) -> str:
        return f"{city} is fine"

    def __call__(self, city: str) -> str:
        return f"{city} is called"


@pytest.mark.parametrize(
    ("executable", "said"),
    [
        (functools.partial(weather, city="Porto"), {"city": "Lisbon", "sky": "blue"}),
        (functools.partial(functools.partial(weather)), {"city": "Lisbon", "sky": "blue"}),
        (Weather(), "Lisbon is called"),
    ],
)
async def test_callables_without_a_name_are_accepted(serve_app: ServeApp, executable: Any, said: object) -> None:
    scene = Scene([calls(call("weather", '{"city": "Lisbon"}')), DONE])
    _, player = await parts(serve_app, [scene, says("a")], [executable])
    assert json.loads(player.asked[1].json["tool_results"][0]["content"]) == said


async def test_methods_are_found_by_their_names(serve_app: ServeApp) -> None:
    scene = Scene([calls(call("method", '{"city": "Lisbon"}')), DONE])
    _, player = await parts(serve_app, [scene, says("a")], [Weather().method])
    assert json.loads(player.asked[1].json["tool_results"][0]["content"]) == "Lisbon is fine"


async def test_an_unknown_tool_is_an_error_that_lists_the_known_and_nothing_is_run(serve_app: ServeApp) -> None:
    run: list[str] = []

    def known() -> None:
        run.append("known")

    scene = Scene([calls(call("known", "{}"), call("storm", "{}", 1)), DONE])
    with pytest.raises(fp.BotError, match="echo called the tool storm; known are: known, now"):
        await parts(serve_app, [scene], [known, now])
    assert run == []


async def test_arguments_that_are_no_json_object_are_an_error(serve_app: ServeApp) -> None:
    for arguments in ("{", "[]"):
        with pytest.raises(fp.BotError, match="arguments that are no JSON object"):
            await parts(serve_app, [Scene([calls(call("now", arguments)), DONE])], [now])


async def test_what_a_tool_raises_escapes(serve_app: ServeApp) -> None:
    def now() -> None:
        raise ZeroDivisionError("of the tool")

    with pytest.raises(ZeroDivisionError, match="of the tool"):
        await parts(serve_app, [Scene([calls(call("now", "{}")), DONE])], [now])
