"""The events of an answer, each with a bot that sends it: what the manual runs, shows and draws."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """``event`` is the name on the wire, ``about`` what it does, ``source`` a cell that defines ``get_response``.

    ``made_of`` is what a handler yields for it; ``seen`` is an expression over ``answer`` that shows what arrived.
    """

    event: str
    title: str
    made_of: str
    about: str
    source: str
    question: str
    seen: str


EXAMPLES = (
    Example(
        "text",
        "Text that is appended",
        "PartialResponse",
        "Most of an answer is `text`: each event is appended to what is shown already. A handler yields a `str` or a "
        "`PartialResponse`; a plain function may return the whole text at once. The text is Markdown unless a `meta` "
        "event says otherwise.",
        """\
def get_response(request):
    yield "| metre | feet |\\n|--:|--:|\\n"
    for metres in (1, 10, 100):
        yield f"| {metres} | {metres / 0.3048:.1f} |\\n"
""",
        "How long is a foot?",
        "answer.text",
    ),
    Example(
        "replace_response",
        "Text that replaces what was shown",
        "PartialResponse(is_replace_response=True)",
        "Drops all text of the answer so far and starts again with its own. So a bot can say that it is busy and take "
        "it back. Files and suggested replies stay. In the chat, the slider of *Trace* shows what stood there before.",
        """\
def get_response(request):
    yield fp.PartialResponse(text="Counting ...", is_replace_response=True)
    words = len(request.query[-1].content.split())
    yield fp.PartialResponse(text=f"**{words}** words.", is_replace_response=True)
""",
        "How many words are these?",
        "answer.text",
    ),
    Example(
        "suggested_reply",
        "Buttons below the answer",
        "PartialResponse(is_suggested_reply=True)",
        "One event is one button; a click sends its text as the next message. They are shown when the answer has "
        "ended.",
        """\
def get_response(request):
    yield f"You go **{request.query[-1].content}**. The road forks."
    for way in ("north", "south", "back"):
        yield fp.PartialResponse(text=way, is_suggested_reply=True)
""",
        "to the sea",
        "answer.suggested_replies",
    ),
    Example(
        "file",
        "A file that goes with the answer",
        "PartialResponse(attachment=...)",
        "Names a file by its address. It stands below the answer; with an `inline_ref`, the text says where, by "
        "`![title][ref]`. `PoeBot.post_message_attachment` hands bytes to Poe and sends this event by itself; yielding "
        "an `Attachment` is for files that have an address already.",
        """\
def get_response(request):
    yield "Today's tides."
    table = fp.Attachment(url="https://tides.example.org/bergen.csv", content_type="text/csv", name="bergen.csv")
    yield fp.PartialResponse(text="", attachment=table)
""",
        "The tides of Bergen, please.",
        "[file.name for file in answer.attachments]",
    ),
    Example(
        "meta",
        "How the answer is to be shown",
        "MetaResponse",
        "Counts only as the first event. `content_type` is `text/markdown` or `text/plain`; with `suggested_replies` "
        "Poe "
        "may add buttons of its own; `refetch_settings` has it ask for the bot's settings again. `linkify` is "
        "deprecated.",
        """\
def get_response(request):
    yield fp.MetaResponse(text="", content_type="text/plain", suggested_replies=False)
    yield "*These stars* stay stars:\\n    and four spaces stay four spaces."
""",
        "As it is, please.",
        "answer.content_type",
    ),
    Example(
        "data",
        "Something to remember",
        "DataResponse",
        "A string that Poe keeps with the answer. Nobody sees it; the bot finds it as that message's `metadata` when "
        "the "
        "conversation goes on. The last one of an answer wins.",
        """\
def get_response(request):
    kept = [message.metadata for message in request.query if message.metadata]
    page = int(kept[-1]) + 1 if kept else 1
    yield f"This is page {page}."
    yield fp.DataResponse(metadata=str(page))
""",
        "Turn the page.",
        "answer.metadata",
    ),
    Example(
        "json",
        "Raw data for another bot",
        "PartialResponse(data=...)",
        "For bots that are asked by bots: a language model's calls of tools travel in it, cut into pieces anywhere. "
        "A chat "
        "shows nothing of it. `fp.stream_request(..., tools=[...])` puts the pieces together and calls the tools.",
        """\
def get_response(request):
    call = {"index": 0, "id": "call-1", "type": "function", "function": {"name": "tide", "arguments": "{}"}}
    yield fp.PartialResponse(text="", data={"choices": [{"delta": {"tool_calls": [call]}, "finish_reason": None}]})
    yield "I would call the function `tide` now."
""",
        "How high is the water?",
        "[event.name for event in answer.events]",
    ),
    Example(
        "error",
        "The answer ends with an error",
        "ErrorResponse",
        "The reader sees its text; with `allow_retry` (the default) there is a button to try again. `error_type` "
        "picks a "
        "sentence of Poe's own: `user_message_too_long`, `insufficient_fund`, `user_caused_error`, "
        "`privacy_authorization_error`. An exception in a handler becomes an error event with one fixed sentence; what "
        "it said stays with the author.",
        """\
def get_response(request):
    yield "Let me see."
    yield fp.ErrorResponse(text="The tide tables did not answer.", allow_retry=True)
""",
        "When is high water?",
        "str(answer.error)",
    ),
    Example(
        "done",
        "The end",
        "the end of the handler",
        "Sent by the server when the handler has returned; a bot never yields it. What comes after is not read. An "
        "answer "
        "that stops without it was cut short, and the chat says so.",
        """\
def get_response(request):
    return "That was all."
""",
        "Is there more?",
        "answer.state",
    ),
)
