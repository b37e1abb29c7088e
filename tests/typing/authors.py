# pyright: strict
"""What an author writes, checked by mypy and pyright and never run: no cast, no ignore, and the types that come out."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from typing import assert_type

import poebook as fp
from poebook.client import stream_request_base
from poebook.types import ToolCallDefinitionDelta


class Annotated(fp.PoeBot):
    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        assert_type(request.query[-1].content, str)
        yield fp.PartialResponse(text=request.query[-1].content)

    async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
        return fp.SettingsResponse(introduction_message="hello", server_bot_dependencies={"GPT-5": 1})

    async def on_feedback(self, feedback_request: fp.ReportFeedbackRequest) -> None:
        assert_type(feedback_request.message_id, str)

    async def on_error(self, error_request: fp.ReportErrorRequest) -> None:
        assert_type(error_request.message, str)


class WithContext(fp.PoeBot):
    async def get_response_with_context(
        self, request: fp.QueryRequest, context: fp.RequestContext
    ) -> AsyncIterable[fp.PartialResponse | fp.ErrorResponse | fp.MetaResponse | fp.DataResponse]:
        yield fp.MetaResponse(content_type="text/plain")
        yield fp.PartialResponse(text=str(context.http_request.url))
        yield fp.ErrorResponse(text="no", error_type="insufficient_fund")
        yield fp.DataResponse(metadata="kept")


class Iterating(fp.PoeBot):
    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        async for reply in fp.stream_request(request, "GPT-5", request.access_key):
            assert_type(reply, fp.PartialResponse)
            yield reply


class Plain(fp.PoeBot):
    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[str]:
        yield "plain"


class Charging(fp.PoeBot):
    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        await self.authorize_cost(request, fp.CostItem(amount_usd_milli_cents=10))
        posted = await self.post_message_attachment(message_id=request.message_id, file_data=b"x", filename="x.txt")
        assert_type(posted, fp.AttachmentUploadResponse)
        yield fp.PartialResponse(text=posted.attachment_url or "")


def weather(city: str) -> str:
    """The weather in a city."""
    return city


TOOLS: list[fp.ToolDefinition] = [fp.tool(weather)]


async def asking(request: fp.QueryRequest) -> None:
    async for reply in fp.stream_request(request, "GPT-5", "key", tools=TOOLS, tool_executables=[weather]):
        assert_type(reply.tool_calls, list[ToolCallDefinitionDelta])
    async for reply in stream_request_base(request, "GPT-5", tools=TOOLS):
        assert_type(reply.text, str)
    messages = [fp.ProtocolMessage(role="user", content="hi")]
    async for reply in fp.get_bot_response(messages, "GPT-5", "key", temperature=0.5):
        assert_type(reply, fp.PartialResponse)
    for reply in fp.get_bot_response_sync(messages, "GPT-5", "key"):
        assert_type(reply, fp.PartialResponse)
    assert_type(await fp.get_final_response(request, "GPT-5", "key"), str)
    assert_type(await fp.upload_file(b"x", file_name="x.txt", api_key="key"), fp.Attachment)
    assert_type(fp.upload_file_sync(file_url="https://a.example/x", api_key="key"), fp.Attachment)


def serving() -> None:
    app = fp.make_app([Annotated(path="/a", access_key="k"), WithContext(path="/b")], allow_without_key=True)
    assert_type(app.title, str)
    with fp.serve(Plain(), "plain") as served:
        assert_type(served, fp.Served)
        assert_type(served.ask("hi"), fp.Answer)
    assert_type(fp.served(), dict[str, fp.Served])
    try:
        fp.Conversation("plain").ask("hi")
    except fp.BotError as error:
        assert_type(error.status, int | None)
