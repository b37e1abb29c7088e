"""The names under which scripts import the client, and what importing them costs."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import poebook
from poebook import client
from tests.upstream import client as theirs

ROW = sorted(
    {
        *("stream_request", "stream_request_base", "get_bot_response", "get_bot_response_sync", "get_final_response"),
        *("sync_bot_settings", "upload_file", "upload_file_sync", "ErrorHandler", "MetaMessage", "BotMessage"),
        *("BotError", "BotErrorNoRetry", "AttachmentUploadError", "InvalidBotSettings"),
        *("PROTOCOL_VERSION", "MESSAGE_LENGTH_LIMIT", "IDENTIFIER_LENGTH", "MAX_EVENT_COUNT"),
        *("Attachment", "ContentType", "FunctionCallDefinition", "Identifier", "ProtocolMessage", "QueryRequest"),
        *("SettingsResponse", "ToolCallDefinition", "ToolCallDefinitionDelta", "ToolDefinition"),
        "ToolResultDefinition",
    }
)
FUNCTIONS = [
    "stream_request",
    "stream_request_base",
    "get_bot_response",
    "get_bot_response_sync",
    "get_final_response",
    "sync_bot_settings",
    "upload_file",
    "upload_file_sync",
]


@pytest.mark.parametrize("name", ROW)
def test_every_name_is_there(name: str) -> None:
    assert hasattr(theirs, name)
    assert getattr(client, name) is not None
    assert name in client.__all__
    assert name in dir(client)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_signatures_equal_fastapi_poes(name: str) -> None:
    ours, others = (inspect.signature(getattr(module, name)).parameters for module in (client, theirs))
    assert {(p.name, p.kind) for p in ours.values()} == {(p.name, p.kind) for p in others.values()}
    positional = [[p.name for p in of.values() if p.kind is not p.KEYWORD_ONLY] for of in (ours, others)]
    assert positional[0] == positional[1]
    for parameter in others.values():
        if parameter.name != "on_error":
            assert ours[parameter.name].default == parameter.default


def test_the_kinds_of_functions_equal_fastapi_poes() -> None:
    for name in FUNCTIONS:
        for kind in (inspect.isasyncgenfunction, inspect.iscoroutinefunction):
            assert kind(getattr(client, name)) == kind(getattr(theirs, name)), name


def test_constants_can_be_assigned_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_EVENT_COUNT", 10_000)
    from poebook.client import MAX_EVENT_COUNT

    assert MAX_EVENT_COUNT == 10_000


def test_old_names_are_the_new_ones() -> None:
    assert client.MetaMessage is poebook.MetaResponse
    assert client.BotMessage is poebook.PartialResponse


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such"):
        _ = client.no_such


def test_importing_the_client_brings_no_http_library() -> None:
    code = "import sys, poebook.client; from poebook.client import stream_request, upload_file, get_bot_response_sync; "
    code += "print([m for m in ('httpx', 'httpcore', 'fastapi', 'uvicorn') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stderr
