"""What a handler prints, logs and raises is found with the answer that it was making."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import poebook as fp


class Talker(fp.PoeBot):
    """Prints and logs the question; raises when it is told to."""

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        words = request.query[-1].content
        print(f"printed {words}")
        await asyncio.sleep(0.02)
        logging.getLogger("talker").warning("logged %s", words)
        yield fp.PartialResponse(text=words)
        if words == "raise":
            raise ValueError("as told")


def test_each_answer_has_its_own_lines() -> None:
    with fp.serve(Talker(), "talker"):
        conversation = fp.Conversation("talker", "talker")
        left, right = conversation.ask("one")
        for answer in (left, right):
            log = conversation.trace_of(answer)["log"]
            assert [line["text"] for line in log] == ["printed one", "talker: logged one"]
            assert 0 <= log[0]["s"] <= log[1]["s"] <= answer.total_s
        conversation.ask("two")
        assert [line["text"] for line in conversation.trace_of(left)["log"]] == ["printed one", "talker: logged one"]


def test_a_traceback_points_at_the_authors_line() -> None:
    with fp.serve(Talker(), "talker"):
        conversation = fp.Conversation("talker")
        conversation.ask("raise")
        trace = conversation.trace_of()
        assert trace["fault"]["summary"] == "ValueError: as told"
        assert 'raise ValueError("as told")' in trace["fault"]["traceback"]
        assert any("as told" in line["text"] for line in trace["log"])
        assert trace["where"] == "this kernel"


class Dear(fp.PoeBot):
    """Asks another bot, and charges for it."""

    async def get_response(self, request: fp.QueryRequest) -> Any:  # a stream of responses
        async for part in fp.stream_request(request, "talker", request.access_key):
            yield part
        await self.capture_cost(request, fp.CostItem(amount_usd_milli_cents=1500))

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(server_bot_dependencies={"talker": 1})


def test_what_an_answer_cost_and_whom_it_asked_is_known() -> None:
    with fp.serve(Talker(), "talker"), fp.serve(Dear(), "dear"):
        conversation = fp.Conversation("dear")
        answer = conversation.ask("one")
        assert answer.text == "one"
        assert answer.cost
        assert conversation.snapshot()["turns"][0]["answers"][0]["cost"] == answer.cost
        (call,) = conversation.trace_of()["calls"]
        assert (call["target"], call["calls"]) == ("talker", [])
        assert 0 < call["total_s"] <= answer.total_s
