"""Bots that say what they see of a request."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable

import fastapi_poe as fp

from tests.parity.bots.keys import KEY


class Echo(fp.PoeBot):
    """The whole request, as its handler has it."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        yield fp.PartialResponse(text=json.dumps(request.model_dump()))


class Methods(fp.PoeBot):
    """What the old ways of pydantic give, which bots use."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        yield fp.PartialResponse(text=json.dumps(request.dict()))
        yield fp.PartialResponse(text=request.json())
        again = fp.QueryRequest.parse_obj(request.dict())
        yield fp.PartialResponse(text=str(again == request))
        yield fp.PartialResponse(text=str(request.model_copy(update={"query": []}).query))


class Alternates(fp.PoeBot):
    """The messages once neighbours of one role are one."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        messages = self.make_prompt_author_role_alternated(request.query)
        yield fp.PartialResponse(text=json.dumps([message.model_dump() for message in messages]))


class InHand(fp.PoeBot):
    """Inserts by hand, and says whether the request itself stayed as it was."""

    async def get_response(self, request: fp.QueryRequest) -> AsyncIterable[fp.PartialResponse]:
        before = request.model_dump()
        inserted = self.insert_attachment_messages(request)
        yield fp.PartialResponse(text=json.dumps(inserted.model_dump()))
        yield fp.PartialResponse(text=str(request.model_dump() == before))


class Context(fp.PoeBot):
    """What the HTTP request says."""

    async def get_response_with_context(
        self, request: fp.QueryRequest, context: fp.RequestContext
    ) -> AsyncIterable[fp.PartialResponse]:
        http = context.http_request
        body = await http.json()
        seen = [http.method, http.url.path, dict(http.query_params), http.headers.get("x-mine"), body["query"]]
        seen += [http.path_params, await http.body() != b"", http.client is not None]
        yield fp.PartialResponse(text=json.dumps(seen))


def bots() -> list[fp.PoeBot]:
    return [
        Echo(path="/echo", access_key=KEY),
        Echo(path="/open"),
        Echo(path="/short-key", access_key="123"),
        Echo(path="/deep/er/path", access_key=KEY, bot_name=None),
        Echo(path="/raw", access_key=KEY, should_insert_attachment_messages=False),
        Echo(
            path="/concat",
            access_key=KEY,
            should_insert_attachment_messages=False,
            concat_attachments_to_message=True,
        ),
        Methods(path="/methods", access_key=KEY),
        Alternates(path="/roles", access_key=KEY, should_insert_attachment_messages=False),
        InHand(path="/in-hand", access_key=KEY, should_insert_attachment_messages=False),
        Context(path="/context", access_key=KEY),
        Context(path="/rooms/{room}/bot", access_key=KEY),
    ]
