"""The class that a bot's author subclasses."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar

from poebook.errors import InsufficientFundError
from poebook.protocol import (
    Attachment,
    AttachmentUploadResponse,
    CostItem,
    DataResponse,
    ErrorResponse,
    MetaResponse,
    PartialResponse,
    ProtocolMessage,
    QueryRequest,
    ReportErrorRequest,
    ReportFeedbackRequest,
    ReportReactionRequest,
    RequestContext,
    SettingsRequest,
    SettingsResponse,
)
from poebook.server import charging, posting
from poebook.server.bodies import MAX_BODY_SIZE
from poebook.server.handlers import events_for, is_own, leaves, responses, settings_of, value
from poebook.server.observer import Observer, observing
from poebook.wire import attachments, events
from poebook.wire.sse import ServerSentEvent

if TYPE_CHECKING:
    from starlette.responses import JSONResponse

    from poebook.server.endpoint import BotEndpoint

logger = logging.getLogger("poebook")

Response = PartialResponse | ErrorResponse | MetaResponse | DataResponse | ServerSentEvent | str


@dataclass(eq=False)
class PoeBot:
    """A bot: subclass it and override ``get_response``.

    ``path`` is where the bot is served, ``access_key`` the key that Poe shows itself by (it never appears in a
    ``repr``), ``bot_name`` the bot's name at Poe, needed to push settings. With
    ``should_insert_attachment_messages`` (the default) parsed attachments of the last message become messages before
    it; ``concat_attachments_to_message`` is the older, deprecated way. A subclass may set ``max_body_size``, in bytes:
    a longer request is refused with 413.

    >>> class Echo(PoeBot):
    ...     async def get_response(self, request):
    ...         yield PartialResponse(text=request.query[-1].content)
    >>> Echo(access_key="s3cret")
    Echo(path='/', bot_name=None, should_insert_attachment_messages=True, concat_attachments_to_message=False)
    """

    max_body_size: ClassVar[int] = MAX_BODY_SIZE

    path: str = "/"
    access_key: str | None = field(default=None, repr=False)
    bot_name: str | None = None
    should_insert_attachment_messages: bool = True
    concat_attachments_to_message: bool = False

    def __post_init__(self) -> None:
        """Nothing; subclasses call it."""

    def __init_subclass__(cls, **options: Any) -> None:
        """A subclass that is a dataclass is still compared by identity, unless its author wrote otherwise."""
        super().__init_subclass__(**options)
        if "__eq__" not in cls.__dict__ and "__hash__" not in cls.__dict__:
            cls.__eq__ = object.__eq__  # type: ignore[method-assign]
            cls.__hash__ = object.__hash__  # type: ignore[method-assign]

    # -- to override ------------------------------------------------------------------------------------------

    async def get_response(self, request: QueryRequest) -> AsyncIterable[Any]:
        """The answer to a query: yield ``PartialResponse`` and its kin, or plain strings."""
        yield PartialResponse(text="hello")

    async def get_response_with_context(self, request: QueryRequest, context: RequestContext) -> AsyncIterable[Any]:
        """The same, with the HTTP request in ``context.http_request``. Passes on ``get_response``."""
        try:
            async with aclosing(responses(self.get_response, request)) as answer:
                async for response in answer:
                    yield response
        except InsufficientFundError:
            yield _no_funds()

    async def get_settings(self, setting: SettingsRequest) -> SettingsResponse:
        """What the bot says of itself to Poe."""
        return SettingsResponse()

    async def get_settings_with_context(self, setting: SettingsRequest, context: RequestContext) -> SettingsResponse:
        """The same, with the HTTP request."""
        settings: SettingsResponse = await value(self.get_settings, setting)
        return settings

    async def on_feedback(self, feedback_request: ReportFeedbackRequest) -> None:
        """A user liked or disliked an answer."""

    async def on_feedback_with_context(self, feedback_request: ReportFeedbackRequest, context: RequestContext) -> None:
        """The same, with the HTTP request."""
        await value(self.on_feedback, feedback_request)

    async def on_reaction_with_context(self, reaction_request: ReportReactionRequest, context: RequestContext) -> None:
        """A user reacted to an answer."""

    async def on_error(self, error_request: ReportErrorRequest) -> None:
        """Poe found a fault in the bot's answers."""
        logger.error("Error from Poe server: %r", error_request)

    async def on_error_with_context(self, error_request: ReportErrorRequest, context: RequestContext) -> None:
        """The same, with the HTTP request."""
        await value(self.on_error, error_request)

    # -- for handlers -----------------------------------------------------------------------------------------

    async def post_message_attachment(
        self,
        access_key: str | None = None,
        message_id: str | None = None,
        *,
        download_url: str | None = None,
        download_filename: str | None = None,
        file_data: bytes | BinaryIO | None = None,
        filename: str | None = None,
        content_type: str | None = None,
        is_inline: bool = False,
        base_url: str = posting.POE_API_WEBSERVER_BASE_URL,
    ) -> AttachmentUploadResponse:
        """Upload a file and show it with the answer ``message_id``: bytes or a file with its name, or a URL.

        The file event is sent before the next thing yielded. With ``is_inline`` the text shows it in place by
        ``![title][inline_ref]``. ``access_key`` and ``content_type`` are deprecated.
        """
        return await posting.post(
            self,
            access_key=access_key,
            message_id=message_id,
            download_url=download_url,
            download_filename=download_filename,
            file_data=file_data,
            filename=filename,
            content_type=content_type,
            is_inline=is_inline,
            base_url=base_url,
        )

    async def _upload_file(
        self,
        *,
        file: bytes | BinaryIO | None,
        file_url: str | None,
        file_name: str | None,
        api_key: str,
        base_url: str,
    ) -> Attachment:
        """How ``post_message_attachment`` uploads; a seam for subclasses."""
        from poebook.client.uploads import upload_file

        return await upload_file(file=file, file_url=file_url, file_name=file_name, api_key=api_key, base_url=base_url)

    async def authorize_cost(
        self,
        request: QueryRequest,
        amounts: list[CostItem] | CostItem,
        base_url: str = "https://api.poe.com/",
    ) -> None:
        """Make sure that the user can pay *amounts*. Raises InsufficientFundError, CostRequestError."""
        await charging.request(self, "authorize", request, amounts, base_url)

    async def capture_cost(
        self,
        request: QueryRequest,
        amounts: list[CostItem] | CostItem,
        base_url: str = "https://api.poe.com/",
    ) -> None:
        """Charge the user *amounts*. Raises InsufficientFundError, CostRequestError."""
        await charging.request(self, "capture", request, amounts, base_url)

    def insert_attachment_messages(self, query_request: QueryRequest) -> QueryRequest:
        """A request with a message before the last for each parsed attachment of it."""
        return attachments.insert_attachment_messages(query_request)

    def concat_attachment_content_to_message_body(self, query_request: QueryRequest) -> QueryRequest:
        """Deprecated: a request whose last message ends in the content of its attachments."""
        warnings.warn(
            "concat_attachment_content_to_message_body is deprecated; use insert_attachment_messages.",
            DeprecationWarning,
            stacklevel=2,
        )
        return attachments.concat_attachment_content(query_request)

    def make_prompt_author_role_alternated(
        self, protocol_messages: Sequence[ProtocolMessage]
    ) -> Sequence[ProtocolMessage]:
        """The messages with neighbours of one role joined into one."""
        return attachments.alternate_roles(protocol_messages)

    # -- events, for those who write them by hand -------------------------------------------------------------

    @staticmethod
    def text_event(text: str) -> ServerSentEvent:
        """Text that is appended."""
        return events.text_event(text)

    @staticmethod
    def replace_response_event(text: str) -> ServerSentEvent:
        """Text that takes the place of what was shown."""
        return events.text_event(text, "replace_response")

    @staticmethod
    def suggested_reply_event(text: str) -> ServerSentEvent:
        """A button under the answer."""
        return events.text_event(text, "suggested_reply")

    @staticmethod
    def file_event(url: str, content_type: str, name: str, inline_ref: str | None = None) -> ServerSentEvent:
        """A file that goes with the answer."""
        return events.file_event(url, content_type, name, inline_ref)

    @staticmethod
    def data_event(metadata: str) -> ServerSentEvent:
        """A string that Poe keeps with the answer."""
        return events.data_event(metadata)

    @staticmethod
    def meta_event(
        *,
        content_type: str = "text/markdown",
        refetch_settings: bool = False,
        linkify: bool = True,
        suggested_replies: bool = False,
    ) -> ServerSentEvent:
        """How the answer is to be shown; counts only as the first event."""
        return events.meta_event(
            content_type=content_type,
            refetch_settings=refetch_settings,
            linkify=linkify,
            suggested_replies=suggested_replies,
        )

    @staticmethod
    def error_event(
        text: str | None = None,
        *,
        raw_response: object | None = None,
        allow_retry: bool = True,
        error_type: str | None = None,
    ) -> ServerSentEvent:
        """An error that the user is shown."""
        return events.error_event(text, raw_response=raw_response, allow_retry=allow_retry, error_type=error_type)

    @staticmethod
    def done_event() -> ServerSentEvent:
        """The end of an answer; sent by itself."""
        return events.DONE

    # -- what is asked of the bot, seldom overridden ----------------------------------------------------------

    async def handle_query(self, request: QueryRequest, context: RequestContext) -> AsyncIterable[Any]:
        """The events of an answer, whatever happens on the way; the last one is ``done``."""
        author = self._author()
        try:
            try:
                async with aclosing(_given(self, self._prepared(request), context)) as answer:
                    async for response in answer:
                        for posted in posting.pending(self, request.message_id):
                            yield posted
                        for event in events_for(response, author):
                            yield event
                        del response, event  # who waits for the next one does not keep the last
            except BaseException as error:
                if leaves(error):
                    raise
                if isinstance(error, InsufficientFundError) and is_own(self.get_response_with_context, _WITH_CONTEXT):
                    ending: Sequence[Any] = events_for(_no_funds(), author)
                else:
                    observing.get().failed(self, request, error)
                    ending = [events.public_error()]
                for event in [*posting.pending(self, request.message_id), *ending]:  # after it nobody reads on
                    yield event
            for posted in posting.pending(self, request.message_id):
                yield posted
            yield events.DONE
        finally:
            posting.pending(self, request.message_id)  # what nobody waits for any more

    def _author(self) -> Any:
        """The method that the author wrote, for errors that name it."""
        plain = type(self).get_response is PoeBot.get_response
        return self.get_response_with_context if plain else self.get_response

    def _prepared(self, request: QueryRequest) -> QueryRequest:
        """The query as the handler is to see it."""
        if self.should_insert_attachment_messages:
            return self.insert_attachment_messages(request)
        if self.concat_attachments_to_message:
            warnings.warn(
                "concat_attachments_to_message is deprecated; use should_insert_attachment_messages.",
                DeprecationWarning,
                stacklevel=2,
            )
            return attachments.concat_attachment_content(request)
        return request

    async def handle_settings(self, settings_request: SettingsRequest, context: RequestContext) -> JSONResponse:
        """The answer to a settings request."""
        settings = await value(self.get_settings_with_context, settings_request, context)
        return _json(settings_of(settings, self.get_settings).model_dump())

    async def handle_report_feedback(
        self, feedback_request: ReportFeedbackRequest, context: RequestContext
    ) -> JSONResponse:
        """The answer to a feedback report."""
        await value(self.on_feedback_with_context, feedback_request, context)
        return _json({})

    async def handle_report_reaction(
        self, reaction_request: ReportReactionRequest, context: RequestContext
    ) -> JSONResponse:
        """The answer to a reaction report."""
        await value(self.on_reaction_with_context, reaction_request, context)
        return _json({})

    async def handle_report_error(self, error_request: ReportErrorRequest, context: RequestContext) -> JSONResponse:
        """The answer to an error report."""
        await value(self.on_error_with_context, error_request, context)
        return _json({})

    def asgi_app(self, *, key: str | None = None, observer: Observer | None = None) -> BotEndpoint:
        """The bot alone as an ASGI application, at whatever path; without *key* it asks for none."""
        from poebook.server.endpoint import BotEndpoint

        return BotEndpoint(self, key=key, observer=observer)


_WITH_CONTEXT = PoeBot.get_response_with_context


def _given(bot: PoeBot, request: QueryRequest, context: RequestContext) -> AsyncGenerator[Any, None]:
    """What the author's method gives: each step less on the way is one less for every event."""
    if is_own(bot.get_response_with_context, _WITH_CONTEXT):
        return responses(bot.get_response, request)
    return responses(bot.get_response_with_context, request, context)


def _no_funds() -> ErrorResponse:
    return ErrorResponse(text="", error_type="insufficient_fund")


_written = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode  # as Starlette writes


def _json(content: object) -> JSONResponse:
    return _json_response()(content)


@cache
def _json_response() -> type[JSONResponse]:
    """Starlette's, loaded by those who serve, with an encoder that is not made anew for each answer."""
    from starlette.responses import JSONResponse

    class Written(JSONResponse):
        def render(self, content: object) -> bytes:
            return _written(content).encode()

    return Written
