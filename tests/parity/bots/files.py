"""Bots that post files with their answers, and that charge for them."""

from __future__ import annotations

import io
import json
import os
import warnings
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import Any

import fastapi_poe as fp
from fastapi_poe.client import AttachmentUploadError

from tests.parity.bots.keys import KEY

STANDIN = os.environ.get("PARITY_STANDIN", "")
UPLOADS = f"{STANDIN}/"
URL = "https://a.example.org/dir/my%20cat.png?size=1"
DATA = "a,b\r\n1,é\n".encode()
Post = Callable[[fp.PoeBot, str], Awaitable[Any]]


class Opened(io.BytesIO):
    """What an open file is to a library: it has the name that it was opened by."""

    name = "/somewhere/opened.csv"


def _post(**given: Any) -> Post:
    """Post a file with these arguments."""

    async def post(bot: fp.PoeBot, message_id: str) -> Any:
        arguments = {name: value() if callable(value) else value for name, value in given.items()}
        try:
            return await bot.post_message_attachment(**{"message_id": message_id, "base_url": UPLOADS, **arguments})
        finally:
            for one in arguments.values():
                if hasattr(one, "close"):
                    one.close()

    return post


POSTS: dict[str, Post] = {
    "bytes with a name": _post(file_data=DATA, filename="x.csv"),
    "bytes with a name of many scripts": _post(file_data=DATA, filename="été 漢.csv"),
    "no bytes": _post(file_data=b"", filename="empty.csv"),
    "bytes with download_filename": _post(file_data=DATA, download_filename="x.csv"),
    "a file object": _post(file_data=lambda: io.BytesIO(DATA), filename="x.csv"),
    "an open file": _post(file_data=lambda: Opened(DATA), filename="named.csv"),
    "a URL": _post(download_url=URL),
    "a URL with download_filename": _post(download_url=URL, download_filename="dog.png"),
    "a URL with filename": _post(download_url=URL, filename="dog.png"),
    "a URL with both names": _post(download_url=URL, filename="first.png", download_filename="second.png"),
    "a URL without a path": _post(download_url="https://a.example.org"),
    "a file in its place": _post(file_data=DATA, filename="x.csv", is_inline=True),
    "a key of its own": _post(access_key="another", file_data=DATA, filename="x.csv"),
    "a content type": _post(content_type="text/csv", file_data=DATA, filename="x.csv"),
    "a file for another message": _post(message_id="m-other", file_data=DATA, filename="x.csv"),
    "nothing": _post(),
    "bytes without a name": _post(file_data=DATA),
    "bytes and a URL": _post(file_data=DATA, filename="x.csv", download_url=URL),
    "a text for bytes": _post(file_data="a,b", filename="x.csv"),
    "no message": _post(message_id=None, file_data=DATA, filename="x.csv"),
    "a URL that is refused": _post(download_url=URL, base_url=f"{STANDIN}/refuse/"),
    "an open file without a name": _post(file_data=lambda: Opened(DATA)),
}


class Posts(fp.PoeBot):
    """Posts what it is asked for, between two texts; says what came of it and whether it was warned."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        yield fp.PartialResponse(text="before")
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always", DeprecationWarning)
            try:
                posted = await POSTS[request.query[-1].content](self, request.message_id)
                said = json.dumps(posted.model_dump())
            except AttachmentUploadError:
                said = "AttachmentUploadError"
            except Exception as error:
                said = type(error).__name__
        yield fp.PartialResponse(text=said)
        yield fp.PartialResponse(text=" ".join(f"{one.category.__name__} {one.filename == __file__}" for one in warned))


class PostsLast(fp.PoeBot):
    """Posts after its last text: files go out before ``done``."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        yield fp.PartialResponse(text="before")
        for name in ("a.csv", "b.csv"):
            await self.post_message_attachment(
                message_id=request.message_id, file_data=DATA, filename=name, base_url=UPLOADS
            )


class PostsAndFails(fp.PoeBot):
    """Posts, then raises."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        await self.post_message_attachment(
            message_id=request.message_id, file_data=DATA, filename="x.csv", base_url=UPLOADS
        )
        yield fp.PartialResponse(text="posted")
        raise ValueError("words of the exception")


class OwnUpload(PostsLast):
    """Brings its own way to upload."""

    async def _upload_file(self, **said: Any) -> fp.Attachment:
        name = f"{said['file_name']} {len(said['file'])} {said['api_key'] == KEY} {said['file_url']}"
        return fp.Attachment(url=f"https://own.example.org/{name}", content_type="own/kind", name="other")


Cost = fp.CostItem
COSTS: dict[str, Callable[[], Any]] = {
    "one item": lambda: Cost(amount_usd_milli_cents=5, description="a message"),
    "items": lambda: [Cost(amount_usd_milli_cents=5), Cost(amount_usd_milli_cents=6, description="é")],
    "no items": list,
    "a fraction": lambda: Cost.model_validate({"amount_usd_milli_cents": 5.1}),
    "a boolean": lambda: Cost(amount_usd_milli_cents=True),
    "a text": lambda: Cost.model_validate({"amount_usd_milli_cents": "5"}),
    "too much": lambda: Cost(amount_usd_milli_cents=1000),
}


class Charges(fp.PoeBot):
    """Says how charging went; the words are: what to do, at which door, how much."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        kind, door, amount = request.query[-1].content.split("/")
        charge = self.authorize_cost if kind == "authorize" else self.capture_cost
        base_url = f"{STANDIN}/{door}/" if door else f"{STANDIN}/"
        try:
            await charge(request, COSTS[amount](), base_url=base_url)
        except fp.InsufficientFundError:
            raise
        except Exception as error:
            told = str(error) if isinstance(error, fp.CostRequestError) and door == "refuse" else ""
            yield fp.PartialResponse(text=f"{type(error).__name__} {told}")
        else:
            yield fp.PartialResponse(text="charged")


def bots() -> list[fp.PoeBot]:
    return [
        Posts(path="/posts", access_key=KEY),
        Posts(path="/posts-without-key"),
        PostsLast(path="/posts-last", access_key=KEY),
        PostsAndFails(path="/posts-and-fails", access_key=KEY),
        OwnUpload(path="/own-upload", access_key=KEY),
        Charges(path="/charges", access_key=KEY),
        Charges(path="/charges-without-key"),
    ]
