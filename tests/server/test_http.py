"""Who may come in, and what is answered to what is no request."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import HTTPException
from fastapi.responses import JSONResponse

import poebook as fp
from tests.conftest import ServeApp
from tests.server.asking import KEY, events, post, query, request, shown, text


@pytest.fixture
def url(serve_app: ServeApp) -> str:
    app = fp.make_app([fp.PoeBot(path="/bot", access_key=KEY), fp.PoeBot(path="/open")], allow_without_key=True)
    return serve_app(app)


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        (None, "Not authenticated"),
        (f"Bearer {'x' * 32}", "Invalid access key"),
        (f"bearer {KEY}", "Invalid access key"),
        (f"BEARER {KEY}", "Invalid access key"),
        (f"Basic {KEY}", "Not authenticated"),
        (KEY, "Not authenticated"),
        ("", "Not authenticated"),
        ("Bearer", "Not authenticated"),
        (f"Bearer {KEY[:-1]}", "Invalid access key"),
        (f"Bearer {KEY}x", "Invalid access key"),
        ("Bearer kéÿ".encode("latin-1"), "Invalid access key"),
        ("Bearer ключ".encode(), "Invalid access key"),
    ],
)
async def test_who_shows_another_key_stays_outside(url: str, header: Any, detail: str) -> None:
    headers = {} if header is None else {"authorization": header}
    response = await post(f"{url}/bot", query(), headers=headers)
    assert (response.status_code, response.json()) == (401, {"detail": detail})
    assert response.headers["www-authenticate"] == "Bearer"


async def test_the_key_opens(url: str) -> None:
    assert text(await events(f"{url}/bot", key=KEY)) == "hello"


@pytest.mark.parametrize("header", [None, "Bearer anything", "Basic anything", "anything"])
async def test_a_bot_without_key_needs_none(url: str, header: str | None) -> None:
    response = await post(f"{url}/open", query(), headers={} if header is None else {"authorization": header})
    assert response.status_code == 200


async def test_a_key_with_odd_signs_can_be_shown(serve_app: ServeApp) -> None:
    url = serve_app(fp.make_app(fp.PoeBot(access_key="schlüssel")))
    header = {"authorization": "Bearer schlüssel".encode()}
    assert (await post(url, query(), headers=header)).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"", 400, "empty"),
        (b"{", 400, "JSON"),
        (b"\xff", 400, "UTF-8"),
        (b"[" * 100_000, 400, "deep"),
        (b"[]", 400, "object"),
        (b"{}", 422, "type"),
        ({"version": "1.2", "type": "dance"}, 501, "Unsupported request type"),
        ({"version": "1.2", "type": "query"}, 422, "query"),
        ({**query(), "query": []}, 422, "query"),
        ({**query(), "query": [{"role": ["user"], "content": "hi"}]}, 422, "query.0.role"),
        ({**query(), "user_id": 5}, 422, "user_id"),
    ],
)
async def test_a_bad_body_is_the_askers_fault(url: str, body: Any, status: int, word: str) -> None:
    response = await post(f"{url}/bot", body, key=KEY)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    assert word in response.json()["detail"]


async def test_the_key_is_looked_at_before_the_body(url: str) -> None:
    assert (await post(f"{url}/bot", b"{")).status_code == 401


async def test_the_bodys_content_type_is_not_looked_at(url: str) -> None:
    response = await post(f"{url}/bot", query(), key=KEY, headers={"content-type": "text/x-poem"})
    assert response.status_code == 200


async def test_a_large_header_and_a_long_history_are_fine(url: str) -> None:
    body = query(*["hi " * 1000] * 1000)
    response = await post(f"{url}/bot", body, key=KEY, headers={"x-long": "x" * 30_000})
    assert response.status_code == 200


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
async def test_other_methods_are_not_allowed(url: str, method: str) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.request(method, f"{url}/bot", headers=shown(KEY))).status_code == 405


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_slash_too_much_leads_to_the_bot(url: str, method: str) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.request(method, f"{url}/bot/")
    assert (response.status_code, response.headers["location"]) == (307, f"{url}/bot")


async def test_an_unknown_path_is_not_found(url: str) -> None:
    assert (await post(f"{url}/nobody", query(), key=KEY)).status_code == 404


async def test_a_person_sees_a_page(serve_app: ServeApp) -> None:
    url = serve_app(fp.make_app(fp.PoeBot(access_key=KEY, bot_name="<b>Tide</b>", path="/"), app=None))
    async with httpx.AsyncClient() as client:
        page = await client.get(url)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "https://poe.com/create_bot?server=1" in page.text
    assert "&lt;b&gt;Tide" in page.text
    assert KEY not in page.text


async def test_the_streams_headers(url: str) -> None:
    response = await post(f"{url}/bot", query(), key=KEY)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-accel-buffering"] == "no"
    assert b"\r\n\r\n" in response.content
    assert response.content.count(b"\n") == response.content.count(b"\r\n")


@pytest.mark.parametrize(
    "body",
    [
        request("report_feedback", feedback_type="like"),
        request("report_feedback", feedback_type="unheard_of"),
        request("report_reaction", reaction="heart"),
        request("report_error", message="no done", metadata={"a": 1}),
    ],
)
async def test_reports_are_answered_by_an_empty_object(url: str, body: dict[str, Any]) -> None:
    response = await post(f"{url}/bot", body, key=KEY)
    assert (response.status_code, response.json()) == (200, {})


async def test_an_applications_own_words_for_refusals_are_said(serve_app: ServeApp) -> None:
    app = fp.make_app(fp.PoeBot(access_key=KEY))

    @app.exception_handler(HTTPException)
    async def own(request: Any, error: HTTPException) -> JSONResponse:
        return JSONResponse({"mine": error.detail}, error.status_code, error.headers)

    url = serve_app(app)
    refused = await post(url, query())
    assert (refused.status_code, refused.json()) == (401, {"mine": "Not authenticated"})
    assert refused.headers["www-authenticate"] == "Bearer"
    assert (await post(url, b"{", key=KEY)).json() == {"mine": "The body is no JSON."}
    async with httpx.AsyncClient() as client:
        other = await client.put(url)
    assert (other.status_code, other.headers["allow"]) == (405, "GET, POST")
    assert other.json() == {"mine": "Method Not Allowed"}
    assert text(await events(url, key=KEY)) == "hello"


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "in an application"])
async def test_a_refusal_that_a_handler_raises_is_the_same_wherever_the_bot_is_served(
    serve_app: ServeApp, alone: bool
) -> None:
    class Choosy(fp.PoeBot):
        async def get_settings(self, setting: fp.SettingsRequest) -> fp.SettingsResponse:
            raise HTTPException(429, "slower", {"retry-after": "3"})

    bot = Choosy()
    url = serve_app(bot.asgi_app() if alone else fp.make_app(bot, allow_without_key=True))
    refused = await post(url, request("settings"))
    assert (refused.status_code, refused.json()) == (429, {"detail": "slower"})
    assert refused.headers["retry-after"] == "3"
