"""Tools that bring their functions along, and bots that call tools more than once."""

from __future__ import annotations

from typing import Any

import pytest

import poebook as fp
from tests.client.player import DONE, Player, Scene, says
from tests.client.test_stream import request_of
from tests.client.test_tools import call, calls, chunk
from tests.conftest import ServeApp


def weather(city: str) -> str:
    """The weather in a city."""
    return f"{city}: blue"


def asks_for(city: str, id: str) -> Scene:
    return Scene([calls(call("weather", f'{{"city": "{city}"}}', id=id)), chunk({}, "tool_calls"), DONE])


async def texts(serve_app: ServeApp, scenes: list[Scene], **options: Any) -> tuple[str, Player]:
    player = Player(scenes)
    base = f"{serve_app(player)}/"
    asked = fp.stream_request(request_of(fp), "echo", "k", base_url=base, tools=[fp.tool(weather)], **options)
    return "".join([part.text async for part in asked]), player


async def test_a_tool_made_of_a_function_needs_no_executables(serve_app: ServeApp) -> None:
    said, player = await texts(serve_app, [asks_for("Lisbon", "call-1"), says("Blue it is.")])
    assert said == "Blue it is."
    assert player.asked[1].json["tool_results"][0]["content"] == '"Lisbon: blue"'
    assert player.asked[0].json["tools"][0]["function"]["parameters"]["required"] == ["city"]


async def test_a_loop_goes_on_while_the_bot_calls_and_sends_all_that_was_called(serve_app: ServeApp) -> None:
    scenes = [asks_for("Lisbon", "call-1"), asks_for("Oslo", "call-2"), says("Both are blue.")]
    said, player = await texts(serve_app, scenes, tool_executables=fp.ToolLoop([weather], rounds=4))
    assert said == "Both are blue."
    assert [one["id"] for one in player.asked[2].json["tool_calls"]] == ["call-1", "call-2"]
    assert [one["content"] for one in player.asked[2].json["tool_results"]] == ['"Lisbon: blue"', '"Oslo: blue"']


async def test_a_loop_ends_at_its_limit(serve_app: ServeApp) -> None:
    scenes = [asks_for("Lisbon", f"call-{n}") for n in range(3)]
    with pytest.raises(fp.BotErrorNoRetry, match="after 2 rounds"):
        await texts(serve_app, scenes, tool_executables=fp.ToolLoop([weather], rounds=2))
