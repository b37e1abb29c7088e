"""Asking bots and Poe, under the names by which scripts import them: ``fastapi_poe.client``.

Names are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from poebook.client.responses import get_bot_response as get_bot_response
    from poebook.client.responses import get_final_response as get_final_response
    from poebook.client.settings import sync_bot_settings as sync_bot_settings
    from poebook.client.stream import stream_request as stream_request
    from poebook.client.stream import stream_request_base as stream_request_base
    from poebook.client.sync import get_bot_response_sync as get_bot_response_sync
    from poebook.client.sync import upload_file_sync as upload_file_sync
    from poebook.client.tries import ErrorHandler as ErrorHandler
    from poebook.client.uploads import upload_file as upload_file
    from poebook.errors import AttachmentUploadError as AttachmentUploadError
    from poebook.errors import BotError as BotError
    from poebook.errors import BotErrorNoRetry as BotErrorNoRetry
    from poebook.errors import InvalidBotSettings as InvalidBotSettings
    from poebook.protocol import Attachment as Attachment
    from poebook.protocol import AttachmentUploadResponse as AttachmentUploadResponse
    from poebook.protocol import ContentType as ContentType
    from poebook.protocol import FunctionCallDefinition as FunctionCallDefinition
    from poebook.protocol import Identifier as Identifier
    from poebook.protocol import MetaResponse as MetaResponse
    from poebook.protocol import PartialResponse as PartialResponse
    from poebook.protocol import ProtocolMessage as ProtocolMessage
    from poebook.protocol import QueryRequest as QueryRequest
    from poebook.protocol import SettingsResponse as SettingsResponse
    from poebook.protocol import ToolCallDefinition as ToolCallDefinition
    from poebook.protocol import ToolCallDefinitionDelta as ToolCallDefinitionDelta
    from poebook.protocol import ToolDefinition as ToolDefinition
    from poebook.protocol import ToolResultDefinition as ToolResultDefinition

    BotMessage = PartialResponse
    MetaMessage = MetaResponse

PROTOCOL_VERSION = "1.2"
MESSAGE_LENGTH_LIMIT = 10_000
IDENTIFIER_LENGTH = 32
MAX_EVENT_COUNT = 1000

_NAMES_OF = {
    "client.responses": "get_bot_response get_final_response",
    "client.settings": "sync_bot_settings",
    "client.stream": "stream_request stream_request_base",
    "client.sync": "get_bot_response_sync upload_file_sync",
    "client.tries": "ErrorHandler",
    "client.uploads": "upload_file",
    "errors": "AttachmentUploadError BotError BotErrorNoRetry InvalidBotSettings",
    "protocol": "Attachment AttachmentUploadResponse ContentType FunctionCallDefinition Identifier MetaResponse "
    "PartialResponse ProtocolMessage QueryRequest SettingsResponse ToolCallDefinition ToolCallDefinitionDelta "
    "ToolDefinition ToolResultDefinition",
}
_MODULE_OF = {name: module for module, names in _NAMES_OF.items() for name in names.split()}
_OLD_NAMES = {"BotMessage": "PartialResponse", "MetaMessage": "MetaResponse"}

__all__ = sorted(  # pyright: ignore[reportUnsupportedDunderAll]
    [*_MODULE_OF, *_OLD_NAMES, "IDENTIFIER_LENGTH", "MAX_EVENT_COUNT", "MESSAGE_LENGTH_LIMIT", "PROTOCOL_VERSION"]
)


def __getattr__(name: str) -> Any:  # whatever the name stands for
    module = _MODULE_OF.get(_OLD_NAMES.get(name, name))
    if module is None:
        raise AttributeError(f"module 'poebook.client' has no attribute {name!r}")
    value = getattr(import_module(f"poebook.{module}"), _OLD_NAMES.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
