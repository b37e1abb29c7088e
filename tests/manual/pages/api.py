"""The reference of the public names, by theme, from their docstrings."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

import poebook as fp
from tests.manual.pages.writing import contents


@dataclass(frozen=True)
class Theme:
    """Names that belong together."""

    name: str
    title: str
    about: str
    names: str


THEMES = (
    Theme(
        "bots",
        "Bots",
        "What an author writes, and what a bot is given.",
        "PoeBot make_app run QueryRequest ProtocolMessage RequestContext Sender User MessageReaction MessageFeedback "
        "SettingsRequest ReportFeedbackRequest ReportReactionRequest ReportErrorRequest",
    ),
    Theme(
        "answers",
        "What a bot yields",
        "The events of an answer; [each has a page](../events/index.md).",
        "PartialResponse MetaResponse ErrorResponse DataResponse Attachment AttachmentUploadResponse",
    ),
    Theme(
        "settings",
        "Settings and controls",
        "What a bot says of itself; the controls are shown on [a page of their own](../controls.md).",
        "SettingsResponse ParameterControls Section Tab Slider ToggleSwitch DropDown ValueNamePair TextField TextArea "
        "AspectRatio AspectRatioOption Divider ConditionallyRenderControls ComparatorCondition ParameterValue "
        "LiteralValue",
    ),
    Theme(
        "client",
        "Asking bots and Poe",
        "From a bot, a script or a cell.",
        "get_bot_response get_bot_response_sync get_final_response stream_request upload_file upload_file_sync "
        "sync_bot_settings api_bots api_bot create_api_bot delete_api_bot",
    ),
    Theme(
        "tools",
        "Tools",
        "Functions that a model may call.",
        "tool FunctionTool ToolLoop ToolDefinition ToolCallDefinition ToolResultDefinition CustomToolDefinition "
        "CustomCallDefinition",
    ),
    Theme("memory", "Memory", "What bots remember, where all workers find it.", "Store Drawer"),
    Theme("costs", "Costs", "Amounts are in thousandths of a US cent.", "CostItem"),
    Theme(
        "conversations",
        "Conversations",
        "What every face of poebook shows.",
        "Conversation Answer AnswerEvent AnswerError Chat Fault",
    ),
    Theme("serving", "Serving", "From a process that goes on with something else.", "serve served Served"),
    Theme(
        "local-poe",
        "The local Poe",
        "Poe's side, in this process.",
        "LocalPoe Double Limits local_poe",
    ),
    Theme("export", "Export", "A bot out of its notebook, as a project.", "export_bot Export"),
    Theme(
        "measuring",
        "Tapes and tables",
        "What a bot said once, asked again and compared; many questions to many bots.",
        "replay Replay evaluate evaluate_async",
    ),
    Theme(
        "world",
        "Into the world",
        "Public addresses, and whether a bot does what Poe asks.",
        "open_tunnel Tunnel check_bot Finding",
    ),
    Theme(
        "errors",
        "Errors",
        "All share one parent. [What they say](../errors.md), word for word.",
        "PoebookError BotError BotErrorNoRetry AttachmentUploadError InvalidParameterError CostRequestError "
        "InsufficientFundError InvalidSetup InvalidKey UnknownTarget ServeError StoreError TunnelError "
        "MissingExtra InvalidBotSettings",
    ),
)

_ALIASES = frozenset({"BaseControl", "FullControls", "Number", "Sender", "__version__"})  # types, and the version
_OTHERS = Theme("others", "Other names", "What has no theme yet.", "")


def themes() -> list[Theme]:
    """The themes with what there is of them, and last a theme for whatever is public and in none."""
    public = {name for name in [*fp.__all__, "Chat"] if _has_a_page(name)}
    found = []
    for theme in THEMES:
        names = [name for name in theme.names.split() if name in public]
        public -= set(names)
        if names:
            found.append(Theme(theme.name, theme.title, theme.about, " ".join(names)))
    if public:
        found.append(Theme(_OTHERS.name, _OTHERS.title, _OTHERS.about, " ".join(sorted(public))))
    return found


def pages() -> dict[str, str]:
    made = {f"api/{theme.name}.md": _page(theme) for theme in themes()}
    about = "Every public name of `import poebook as fp`, with its docstring; each example there is run by the tests."
    return {"api/index.md": contents("Reference", about, [theme.name for theme in themes()]), **made}


def _has_a_page(name: str) -> bool:
    thing = getattr(fp, name)
    return inspect.isclass(thing) or inspect.isfunction(thing)


def _page(theme: Theme) -> str:
    parts = [f"# {theme.title}", theme.about]
    for name in theme.names.split():
        kind = "autofunction" if inspect.isfunction(getattr(fp, name)) else "autoclass"
        options = "" if kind == "autofunction" else "\n   :members:\n   :undoc-members:\n"
        parts.append(f"```{{eval-rst}}\n.. {kind}:: poebook.{name}{options}\n```")
    return "\n\n".join(parts) + "\n"
