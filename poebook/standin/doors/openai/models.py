"""``GET /v1/models``: the bots, as an OpenAI client lists them; no key is needed."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poebook.standin.doors.door import route
from poebook.standin.members import Member
from poebook.standin.state import State


async def models(state: State, request: Request) -> Response:
    return JSONResponse({"object": "list", "data": [await _model(state, one) for one in state.roster.all()]})


async def model(state: State, request: Request) -> Response:
    return JSONResponse(await _model(state, state.member(request.path_params["name"])))


async def _model(state: State, member: Member) -> dict[str, Any]:
    settings = await state.assumed(member)
    modalities = ["text", "image", "file"] if settings.allow_attachments else ["text"]
    return {
        "id": member.name,
        "object": "model",
        "created": int(state.clock() * 1000),
        "description": settings.introduction_message,
        "owned_by": "poebook",
        "permission": [],
        "root": member.name,
        "parent": None,
        "architecture": {
            "input_modalities": modalities,
            "output_modalities": ["text"],
            "modality": f"{'+'.join(modalities)}->text",
        },
        "pricing": None,
    }


ROUTES = [route("/v1/models", models, "GET"), route("/v1/models/{name:path}", model, "GET")]
