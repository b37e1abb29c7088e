"""Bots whose classes are written in ways of their own."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import fastapi_poe as fp

from tests.parity.bots.files import DATA, UPLOADS
from tests.parity.bots.keys import KEY


@dataclass
class Data(fp.PoeBot):
    """A dataclass with fields of its own."""

    greeting: str = "hi"
    words: list[str] = field(default_factory=list)

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        self.words.append(request.query[-1].content)
        yield fp.PartialResponse(text=f"{self.greeting} {len(self.words)} {self.path}")


class Calls(fp.PoeBot):
    """Has a constructor that calls the one above."""

    def __init__(self, path: str, word: str) -> None:
        super().__init__(path, KEY)
        self.word = word

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        yield fp.PartialResponse(text=self.word)


class ByClass(fp.PoeBot):
    """Says path and key in the class."""

    path = "/by-class"
    access_key = KEY

    def __init__(self) -> None:
        super().__init__(path="/by-class", access_key=KEY)

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        yield fp.PartialResponse(text=f"{self.bot_name} {self.should_insert_attachment_messages}")


class Positional(fp.PoeBot):
    """Made with positional arguments."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        yield fp.PartialResponse(text=f"{self.path} {self.bot_name} {self.should_insert_attachment_messages}")


class Child(Positional):
    """A bot of a bot; passes on what its parent yields."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        async for response in super().get_response(request):
            yield response
        yield fp.PartialResponse(text=" and a child")


class Delegates(fp.PoeBot):
    """An ordinary method that gives what an async generator of another name makes."""

    def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        return self.answer(request.query[-1].content)

    async def answer(self, word: str) -> AsyncIterable[fp.PartialResponse]:
        for sign in word:
            yield fp.PartialResponse(text=sign)


class DelegatesInContext(Delegates):
    """The same for the outer method."""

    def get_response_with_context(
        self, request: fp.QueryRequest, context: fp.RequestContext
    ) -> AsyncIterable[fp.PartialResponse]:
        return self.answer(context.http_request.method)


class Letters:
    """An async iterable that is no generator, and has nothing to close."""

    def __init__(self, word: str) -> None:
        self.left = list(word)

    def __aiter__(self) -> Letters:
        return self

    async def __anext__(self) -> fp.PartialResponse:
        if not self.left:
            raise StopAsyncIteration
        return fp.PartialResponse(text=self.left.pop(0))


class Iterates(fp.PoeBot):
    """Gives an iterable of a class of its own."""

    def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        return Letters(request.query[-1].content)


def patched() -> fp.PoeBot:
    """A bot whose method is set from outside."""

    async def get_response(request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        yield fp.PartialResponse(text=f"patched {request.type}")

    bot = fp.PoeBot("/patched", KEY)
    bot.get_response = get_response  # type: ignore[method-assign]
    return bot


class Ends(fp.PoeBot):
    """Returns early."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        yield fp.PartialResponse(text="first")
        if request.query:
            return
        yield fp.PartialResponse(text="never")


class Handed(fp.PoeBot):
    """Overrides the outermost method and yields nothing but events of its own, without ``done``."""

    async def handle_query(self, request: fp.QueryRequest, context: fp.RequestContext) -> AsyncIterable[Any]:
        yield self.text_event("mine")
        yield self.done_event()


class PlainReports(fp.PoeBot):
    """Its other methods are no coroutines."""

    def get_settings(self, setting: fp.SettingsRequest) -> Any:
        return fp.SettingsResponse(introduction_message="plain")

    def on_feedback(self, feedback_request: fp.ReportFeedbackRequest) -> Any:
        return None


class SkipsInit(fp.PoeBot):
    """Its constructor does not call the one above."""

    path = "/skips-init"
    access_key = KEY

    def __init__(self) -> None:
        self.word = "made"

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        await self.post_message_attachment(
            message_id=request.message_id, file_data=DATA, filename="x.csv", base_url=UPLOADS
        )
        yield fp.PartialResponse(text=self.word)


@dataclass
class SkipsPostInit(fp.PoeBot):
    """A dataclass whose ``__post_init__`` does not call the one above."""

    def __post_init__(self) -> None:
        self.word = "made after"

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        await self.post_message_attachment(
            message_id=request.message_id, file_data=DATA, filename="x.csv", base_url=UPLOADS
        )
        yield fp.PartialResponse(text=self.word)


class Returns(fp.PoeBot):
    """Returns a text."""

    async def get_response(self, request: fp.QueryRequest) -> Any:  # type: ignore[override]
        return "hello"


class ReturnsResponse(fp.PoeBot):
    """Returns a response."""

    async def get_response(self, request: fp.QueryRequest) -> Any:  # type: ignore[override]
        return fp.PartialResponse(text="hello")


class Generates(fp.PoeBot):
    """Is an ordinary generator."""

    def get_response(self, request: fp.QueryRequest) -> Iterator[Any]:  # type: ignore[override]
        yield fp.PartialResponse(text="hel")
        yield "lo"


class Blocks(fp.PoeBot):
    """Is an ordinary function."""

    def get_response(self, request: fp.QueryRequest) -> Any:
        return "hello"


class ReturnsNothing(fp.PoeBot):
    """Forgot both."""

    async def get_response(self, request: fp.QueryRequest) -> Any:  # type: ignore[override]
        return None


def bots() -> list[fp.PoeBot]:
    return [
        Data(path="/data", access_key=KEY, greeting="hello"),
        Calls("/calls", "made"),
        ByClass(),
        Positional("/positional", KEY, None, False, False),
        Child("/child", KEY),
        Delegates(path="/delegates", access_key=KEY),
        DelegatesInContext(path="/delegates-in-context", access_key=KEY),
        Iterates(path="/iterates", access_key=KEY),
        patched(),
        Ends(path="/ends", access_key=KEY),
        Handed(path="/handed", access_key=KEY),
        PlainReports(path="/plain-reports", access_key=KEY),
        SkipsInit(),
        SkipsPostInit(path="/skips-post-init", access_key=KEY),
        Returns(path="/returns", access_key=KEY),
        ReturnsResponse(path="/returns-response", access_key=KEY),
        Generates(path="/generates", access_key=KEY),
        Blocks(path="/blocks", access_key=KEY),
        ReturnsNothing(path="/returns-nothing", access_key=KEY),
    ]
