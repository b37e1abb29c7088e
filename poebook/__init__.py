"""A notebook-first workbench for bots on Poe, and a complete ``fastapi_poe``.

>>> import poebook as fp
>>> class Echo(fp.PoeBot):
...     async def get_response(self, request):
...         yield fp.PartialResponse(text=request.query[-1].content)
>>> fp.Conversation(Echo()).ask("hi").text
'hi'

Names are imported when they are first used, so that ``import poebook`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from poebook.version import __version__ as __version__

if TYPE_CHECKING:
    from poebook.client.answer import Answer as Answer
    from poebook.client.answer import AnswerError as AnswerError
    from poebook.client.answer import AnswerEvent as AnswerEvent
    from poebook.client.api_bots import api_bot as api_bot
    from poebook.client.api_bots import api_bots as api_bots
    from poebook.client.api_bots import create_api_bot as create_api_bot
    from poebook.client.api_bots import delete_api_bot as delete_api_bot
    from poebook.client.conformance.check import check_bot as check_bot
    from poebook.client.conformance.finding import Finding as Finding
    from poebook.client.conversation import Conversation as Conversation
    from poebook.client.evaluating.evaluate import evaluate as evaluate
    from poebook.client.evaluating.evaluate import evaluate_async as evaluate_async
    from poebook.client.function_tool import FunctionTool as FunctionTool
    from poebook.client.function_tool import tool as tool
    from poebook.client.platform.limits import Limits as Limits
    from poebook.client.responses import get_bot_response as get_bot_response
    from poebook.client.responses import get_final_response as get_final_response
    from poebook.client.settings import sync_bot_settings as sync_bot_settings
    from poebook.client.stream import stream_request as stream_request
    from poebook.client.sync import get_bot_response_sync as get_bot_response_sync
    from poebook.client.sync import upload_file_sync as upload_file_sync
    from poebook.client.tapes.outcome import Replay as Replay
    from poebook.client.tapes.replaying import replay as replay
    from poebook.client.tools import ToolLoop as ToolLoop
    from poebook.client.uploads import upload_file as upload_file
    from poebook.errors import AttachmentUploadError as AttachmentUploadError
    from poebook.errors import BotError as BotError
    from poebook.errors import BotErrorNoRetry as BotErrorNoRetry
    from poebook.errors import CostRequestError as CostRequestError
    from poebook.errors import InsufficientFundError as InsufficientFundError
    from poebook.errors import InvalidKey as InvalidKey
    from poebook.errors import InvalidSetup as InvalidSetup
    from poebook.errors import MissingExtra as MissingExtra
    from poebook.errors import PoebookError as PoebookError
    from poebook.errors import ServeError as ServeError
    from poebook.errors import StoreError as StoreError
    from poebook.errors import TunnelError as TunnelError
    from poebook.errors import UnknownTarget as UnknownTarget
    from poebook.export.exporting import Export as Export
    from poebook.export.exporting import export_bot as export_bot
    from poebook.faults import Fault as Fault
    from poebook.protocol import AspectRatio as AspectRatio
    from poebook.protocol import AspectRatioOption as AspectRatioOption
    from poebook.protocol import Attachment as Attachment
    from poebook.protocol import AttachmentUploadResponse as AttachmentUploadResponse
    from poebook.protocol import BaseControl as BaseControl
    from poebook.protocol import ComparatorCondition as ComparatorCondition
    from poebook.protocol import ConditionallyRenderControls as ConditionallyRenderControls
    from poebook.protocol import CostItem as CostItem
    from poebook.protocol import CustomCallDefinition as CustomCallDefinition
    from poebook.protocol import CustomToolDefinition as CustomToolDefinition
    from poebook.protocol import DataResponse as DataResponse
    from poebook.protocol import Divider as Divider
    from poebook.protocol import DropDown as DropDown
    from poebook.protocol import ErrorResponse as ErrorResponse
    from poebook.protocol import FullControls as FullControls
    from poebook.protocol import LiteralValue as LiteralValue
    from poebook.protocol import MessageFeedback as MessageFeedback
    from poebook.protocol import MessageReaction as MessageReaction
    from poebook.protocol import MetaResponse as MetaResponse
    from poebook.protocol import Number as Number
    from poebook.protocol import ParameterControls as ParameterControls
    from poebook.protocol import ParameterValue as ParameterValue
    from poebook.protocol import PartialResponse as PartialResponse
    from poebook.protocol import ProtocolMessage as ProtocolMessage
    from poebook.protocol import QueryRequest as QueryRequest
    from poebook.protocol import ReportErrorRequest as ReportErrorRequest
    from poebook.protocol import ReportFeedbackRequest as ReportFeedbackRequest
    from poebook.protocol import ReportReactionRequest as ReportReactionRequest
    from poebook.protocol import RequestContext as RequestContext
    from poebook.protocol import Section as Section
    from poebook.protocol import Sender as Sender
    from poebook.protocol import SettingsRequest as SettingsRequest
    from poebook.protocol import SettingsResponse as SettingsResponse
    from poebook.protocol import Slider as Slider
    from poebook.protocol import Tab as Tab
    from poebook.protocol import TextArea as TextArea
    from poebook.protocol import TextField as TextField
    from poebook.protocol import ToggleSwitch as ToggleSwitch
    from poebook.protocol import ToolCallDefinition as ToolCallDefinition
    from poebook.protocol import ToolDefinition as ToolDefinition
    from poebook.protocol import ToolResultDefinition as ToolResultDefinition
    from poebook.protocol import User as User
    from poebook.protocol import ValueNamePair as ValueNamePair
    from poebook.runtime.doubles import Double as Double
    from poebook.runtime.local_poe import LocalPoe as LocalPoe
    from poebook.runtime.registry import Served as Served
    from poebook.runtime.registry import local_poe as local_poe
    from poebook.runtime.registry import serve as serve
    from poebook.runtime.registry import served as served
    from poebook.runtime.tunnel.opening import open_tunnel as open_tunnel
    from poebook.runtime.tunnel.tunnel import Tunnel as Tunnel
    from poebook.server.app import make_app as make_app
    from poebook.server.bot import PoeBot as PoeBot
    from poebook.server.run import run as run
    from poebook.server.store.store import Drawer as Drawer
    from poebook.server.store.store import Store as Store
    from poebook.widget.chat import Chat as Chat

_NAMES_OF: dict[str, str] = {
    "client.answer": "Answer AnswerError AnswerEvent",
    "client.api_bots": "api_bot api_bots create_api_bot delete_api_bot",
    "client.conformance.check": "check_bot",
    "client.conformance.finding": "Finding",
    "client.conversation": "Conversation",
    "client.evaluating.evaluate": "evaluate evaluate_async",
    "client.function_tool": "FunctionTool tool",
    "client.platform.limits": "Limits",
    "client.responses": "get_bot_response get_final_response",
    "client.settings": "sync_bot_settings",
    "client.stream": "stream_request",
    "client.sync": "get_bot_response_sync upload_file_sync",
    "client.tapes.outcome": "Replay",
    "client.tapes.replaying": "replay",
    "client.tools": "ToolLoop",
    "client.uploads": "upload_file",
    "errors": "AttachmentUploadError BotError BotErrorNoRetry CostRequestError InsufficientFundError InvalidKey "
    "InvalidSetup MissingExtra PoebookError ServeError StoreError TunnelError UnknownTarget",
    "export.exporting": "Export export_bot",
    "faults": "Fault",
    "protocol": "AspectRatio AspectRatioOption Attachment AttachmentUploadResponse BaseControl ComparatorCondition "
    "ConditionallyRenderControls CostItem CustomCallDefinition CustomToolDefinition DataResponse Divider DropDown "
    "ErrorResponse FullControls LiteralValue MessageFeedback MessageReaction MetaResponse Number ParameterControls "
    "ParameterValue PartialResponse ProtocolMessage QueryRequest ReportErrorRequest ReportFeedbackRequest "
    "ReportReactionRequest RequestContext Section Sender SettingsRequest SettingsResponse Slider Tab TextArea "
    "TextField ToggleSwitch ToolCallDefinition ToolDefinition ToolResultDefinition User ValueNamePair",
    "runtime.doubles": "Double",
    "runtime.local_poe": "LocalPoe",
    "runtime.registry": "Served local_poe serve served",
    "runtime.tunnel.opening": "open_tunnel",
    "runtime.tunnel.tunnel": "Tunnel",
    "server.app": "make_app",
    "server.bot": "PoeBot",
    "server.run": "run",
    "server.store.store": "Drawer Store",
    "widget.chat": "Chat",
}
_MODULE_OF = {name: module for module, names in _NAMES_OF.items() for name in names.split()}
_SUBMODULES = ("base", "client", "sync_utils", "templates", "types")  # reached as attributes, as in fastapi_poe

# All but Chat: a star import must work where no notebook is installed.
__all__ = sorted({*_MODULE_OF, "__version__"} - {"Chat"})  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:  # whatever the name stands for
    module = _MODULE_OF.get(name)
    if module is None:
        if name in _SUBMODULES:
            return import_module(f"poebook.{name}")
        raise AttributeError(f"module 'poebook' has no attribute {name!r}{_meant(name)}", name=name)
    value = getattr(import_module(f"poebook.{module}"), name)
    globals()[name] = value
    return value


def _meant(name: str) -> str:
    """What was meant by *name*, if it is near: IPython does not say it, as Python does."""
    if name.startswith("_"):
        return ""
    known = {one.lower(): one for one in _MODULE_OF}
    found = import_module("difflib").get_close_matches(name.lower(), known, n=1, cutoff=0.75)
    return f". Did you mean: {known[found[0]]!r}?" if found else ""


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_SUBMODULES})


def load_ipython_extension(shell: Any) -> None:  # an InteractiveShell; IPython stays out of this module
    """``%load_ext poebook``: the magics ``%%poebot`` and ``%poebot``."""
    from poebook.notebook.extension import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:  # an InteractiveShell
    """``%unload_ext poebook``: take the magics away; what is served goes on."""
    from poebook.notebook.extension import unload

    unload(shell)
