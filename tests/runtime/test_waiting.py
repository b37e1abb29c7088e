"""A handler that waits for another bot of its own loop is told that it would wait for ever; those that may wait do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

import poebook as fp
from poebook.runtime.registry import stop_all


@pytest.fixture(autouse=True)
def other() -> Iterator[None]:
    class Other(fp.PoeBot):
        async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
            yield fp.PartialResponse(text="from the other")

    fp.serve(Other, "other")
    yield
    stop_all()


class Blocking(fp.PoeBot):
    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        yield fp.PartialResponse(text=str(fp.Conversation("other").ask("hi")))


class BySelf(fp.PoeBot):
    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        yield fp.PartialResponse(text=str(fp.served()["other"].ask("hi")))


class Awaiting(fp.PoeBot):
    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        yield fp.PartialResponse(text=str(await fp.Conversation("other").ask_async("hi")))


class Beside(fp.PoeBot):
    def get_response(self, request: fp.QueryRequest) -> str:  # type: ignore[override]  # a plain function will do
        return str(fp.Conversation("other").ask("hi"))


class InProcess(fp.PoeBot):
    async def get_response(self, request: fp.QueryRequest) -> AsyncIterator[fp.PartialResponse]:
        yield fp.PartialResponse(text=str(fp.Conversation(fp.PoeBot()).ask("hi")))


@pytest.mark.parametrize("bot", [Blocking, BySelf])
def test_who_would_wait_for_ever_is_told_what_to_write(bot: type[fp.PoeBot]) -> None:
    answer = fp.serve(bot, "asking").ask("hi")
    assert answer.error is not None
    assert answer.error.fault is not None
    assert answer.error.fault.summary.endswith(
        "other can never answer while this handler waits for it: one loop serves both. Write `await "
        "fp.Conversation(...).ask_async(...)`, or the handler without `async`."
    )
    assert answer.error.fault.line is not None


@pytest.mark.parametrize(
    ("bot", "says"), [(Awaiting, "from the other"), (Beside, "from the other"), (InProcess, "hello")]
)
def test_who_may_wait_has_the_answer(bot: type[fp.PoeBot], says: str) -> None:
    assert str(fp.serve(bot, "asking").ask("hi")) == says
