"""The bodies of the requests that a bot is asked with, as Poe writes them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

from poebook.wire.ids import new_id

VERSION = "1.2"
ODD_TEXT = "Grüße, 日本語, עברית, 👩‍🚀 and 🎉; e\u0301, \u2028, \u2029, \u0085, \t and \u200b."
TELLTALES = ("Grüße", "日本語")  # what of it a careless decoding spoils
_PIXEL = "https://pfst.cf2.poecdn.net/base/image/00.png"


def message(role: str, content: str, **more: Any) -> dict[str, Any]:  # the fields of a message
    """A message with the fields that Poe sends."""
    return {
        "role": role,
        "message_type": None,
        "sender_id": None,
        "sender": None,
        "content": content,
        "parameters": {},
        "content_type": "text/markdown",
        "timestamp": time.time_ns() // 1000,
        "message_id": new_id("m"),
        "feedback": [],
        "attachments": [],
        "metadata": None,
        "referenced_message": None,
        "reactions": [],
        **more,
    }


def query(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:  # the fields of a query
    """A question with the fields that Poe sends."""
    return {
        "version": VERSION,
        "type": "query",
        "query": list(messages) or [message("user", "Hello!")],
        "message_id": new_id("m"),
        "user_id": new_id("u"),
        "conversation_id": new_id("c"),
        "metadata": new_id("d"),
        "temperature": None,
        "skip_system_prompt": False,
        "logit_bias": {},
        "stop_sequences": [],
        "language_code": "en",
        "adopt_current_bot_name": None,
        "bot_query_id": new_id("b"),
        "users": [],
        "tools": None,
        "tool_calls": None,
        "tool_results": None,
        "query_creation_time": time.time_ns() // 1000,
        "extra_params": None,
        **more,
    }


def attachment(content_type: str, name: str, parsed: str | None) -> dict[str, Any]:
    return {
        "url": _PIXEL,
        "content_type": content_type,
        "name": name,
        "inline_ref": None,
        "parsed_content": parsed,
    }


def report(kind: str, **more: Any) -> dict[str, Any]:  # the fields of a report
    """A report on the message of an answer."""
    ids = {"message_id": new_id("m"), "user_id": new_id("u"), "conversation_id": new_id("c")}
    return {"version": VERSION, "type": kind, **ids, **more}


def settings() -> dict[str, Any]:
    return {"version": VERSION, "type": "settings"}


def reported_error() -> dict[str, Any]:
    metadata = {"message_id": new_id("m")}
    words = "This report is part of a check; nothing is wrong."
    return {"version": VERSION, "type": "report_error", "message": words, "metadata": metadata}


def with_files(*files: dict[str, Any]) -> dict[str, Any]:
    return query(message("user", "What is this?", attachments=list(files)))


def long_history(length: int) -> dict[str, Any]:
    """So many messages, each of a paragraph's length."""
    words = "All work and no play makes a long history. " * 20
    turns = [message("bot" if i % 2 else "user", f"{i}. {words}") for i in range(length - 1)]
    return query(*turns, message("user", "Hello!"))


def roles() -> dict[str, Any]:
    """A system prompt, an answer of the bot, and the rounds of a tool."""
    call = {"id": "call-1", "type": "function", "function": {"name": "tides", "arguments": "{}"}}
    result = {"role": "tool", "name": "tides", "tool_call_id": "call-1", "content": '"high"'}
    return query(
        message("system", "Be brief."),
        message("user", "Hello!"),
        message("bot", json.dumps([call]), message_type="function_call"),
        message("tool", json.dumps([result])),
        message("bot", "High."),
        message("user", "Hello!"),
    )


def everything() -> dict[str, Any]:
    """A question in which nothing is left out."""
    earlier = message("bot", "Yes?", feedback=[{"type": "like", "reason": None}], metadata="kept")
    reactions = [{"user_id": new_id("u"), "reaction": "❤️"}]
    asker = {"id": new_id("u"), "name": "Ada"}
    asked = message(
        "user", "Hello!", sender_id=asker["id"], sender=asker, referenced_message=earlier, reactions=reactions
    )
    more = {"temperature": 0.5, "stop_sequences": ["STOP"], "logit_bias": {"50256": -100}, "language_code": "pt-BR"}
    return query(earlier, asked, users=[asker], adopt_current_bot_name=True, extra_params={"seed": 1}, **more)


def with_tools() -> dict[str, Any]:
    parameters = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    function = {"name": "tides", "description": "When the tide is high.", "parameters": parameters}
    return query(tools=[{"type": "function", "function": function}])


def with_parameters(names: Iterable[str] = ()) -> dict[str, Any]:
    """Values that no control of the bot's would send, under its own *names* too: other bots may send anything."""
    values = {"model": 7, "temperature": "hot", "thinking": None, "size": {"w": 1}, "n": [1], "🎛": True}
    values |= {name: {"not": ["what", "a", "control", "sends"]} for name in names}
    return query(message("user", "Hello!", parameters=values))
