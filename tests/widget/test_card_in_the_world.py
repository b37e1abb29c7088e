"""The card of a bot that is published, and its buttons, spoken to as a page does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import poebook as fp
from tests.conftest import ServeApp
from tests.runtime.asking import Says, headers, question
from tests.runtime.tunnel import proxies
from tests.server.poe import Poe
from tests.widget.conftest import OpenPage
from tests.widget.page import Page


@pytest.fixture
def echo() -> Iterator[fp.Served]:
    with fp.serve(Says(), "echo") as bot:
        yield bot


@pytest.fixture
def page(echo: fp.Served, open_page: OpenPage) -> Page:
    return open_page(echo.chat())


def card(page: Page) -> dict[str, Any]:
    assert page.card is not None
    return page.card


def test_a_card_shows_what_was_asked_and_what_to_enter(echo: fp.Served, page: Page) -> None:
    assert (card(page)["word"], card(page)["world"]) == ("Serving", None)
    echo.publish("url", url=echo.base_url, during="2h")
    page.wait(lambda: card(page)["world"] is not None)
    world = card(page)["world"]
    assert card(page)["word"] == "Published"
    assert card(page)["public_url"] == echo.public_url
    assert [one["says"] for one in world["checks"]][3] == "Events arrive one by one"
    assert (world["via"], world["name"], world["secret"]) == ("url", "echo", False)
    assert world["register_at"] == "https://poe.com/create_bot?server=1"
    assert world["until"] is not None
    assert str(echo.key) not in str(page.wire.custom)
    echo.unpublish()
    page.wait(lambda: card(page)["world"] is None)
    assert card(page)["word"] == "Serving"


def test_buttons_publish_push_and_unpublish(
    echo: fp.Served, page: Page, serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    poe = Poe(status=404)
    monkeypatch.setenv("POE_BASE_URL", serve_app(poe))
    with fp.serve(Says(), "other") as other:
        other.publish("url", url=echo.base_url)
        page.say({"kind": "publish", "id": "1"})  # the same way as the other
        page.wait(lambda: card(page)["word"] == "Publishing")
        page.wait(lambda: card(page)["word"] == "Published")
        page.wait(lambda: card(page)["world"]["pushed"] is not None)
        assert card(page)["world"]["pushed"]["says"].startswith("Poe knows no bot echo yet")
        poe.status = 200
        page.say({"kind": "push", "id": "2"})
        page.wait(lambda: bool(card(page)["world"]["pushed"]["ok"]))
        page.say({"kind": "unpublish", "id": "3"})
        page.wait(lambda: card(page)["world"] is None)
        assert other.public_url is not None


def test_what_is_in_the_way_of_a_button_is_on_the_card(
    echo: fp.Served, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyngrok.conf.DEFAULT_NGROK_CONFIG_PATH", "/nowhere/ngrok.yml")
    page.say({"kind": "publish", "id": "1"})
    page.wait(lambda: card(page)["obstacle"] is not None)
    assert card(page)["obstacle"].startswith("ngrok needs an auth token: set NGROK_AUTHTOKEN")
    assert (card(page)["word"], card(page)["publishing"]) == ("Serving", False)
    echo.publish("url", url=echo.base_url)
    page.wait(lambda: card(page)["word"] == "Published")
    assert card(page)["obstacle"] is None


def test_poes_first_request_is_told(echo: fp.Served, page: Page) -> None:
    import httpx

    echo.publish("url", url=echo.base_url)
    page.wait(lambda: card(page)["word"] == "Published")
    assert card(page)["world"]["heard"] is None
    httpx.post(str(echo.public_url), json=question(), headers=headers(echo))
    page.wait(lambda: card(page)["world"]["heard"] is not None)


def test_an_address_that_holds_a_secret_is_shown_without_and_copied_whole(
    echo: fp.Served, page: Page, serve_app: ServeApp
) -> None:
    class Jupyter(proxies.Proxy):
        def path(self, scope: Any) -> str:
            _, _, port, *rest = str(scope["path"]).split("/")
            self.upstream = f"http://127.0.0.1:{port}"
            return "/" + "/".join(rest)

    echo.publish("jupyter", url=serve_app(Jupyter(echo.base_url)), token="t0ken")
    page.wait(lambda: card(page)["word"] == "Published")
    assert card(page)["world"]["secret"]
    assert "this kernel" in card(page)["world"]["warning"]
    assert "t0ken" not in str(page.wire.custom)
    page.say({"kind": "address", "nonce": "n"})
    assert page.wait_for("key")["key"] == echo.public_url
    assert "t0ken" in str(echo.public_url)
