"""API bots: bots on Poe behind an OpenAI-shaped door, registered by Poe's REST interface instead of by hand."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from poebook.client.pool import pooled_client
from poebook.client.refusals import masked, place
from poebook.client.targets import poe_base_url
from poebook.client.whole import whole
from poebook.errors import BotError, InvalidKey, InvalidParameterError

TIMEOUT_S = 30.0
_SAID = 300  # characters of a refusal that an error quotes
_REASONS = {
    401: "the key is wrong, or the account is not enabled for API bots.",
    403: "the account is not enabled for API bots.",
    404: "there is no such bot, or the account is not enabled for API bots.",
    409: "a bot of that name exists already.",
}


def create_api_bot(
    handle: str,
    *,
    base_url: str,
    model_name: str,
    model_key: str,
    description: str = "",
    input_modalities: Sequence[str] = ("text",),
    output_modalities: Sequence[str] = ("text",),
    prices: Mapping[str, str] | None = None,
    api_key: str | None = None,
) -> None:
    """Register the bot *handle* on Poe; it answers by ``base_url``, a Chat Completions door that ends in ``/v1``.

    ``model_name`` and ``model_key`` are what Poe says and shows there, ``prices`` dollars as strings under ``prompt``
    and ``completion``, ``api_key`` your own key (left out: ``$POE_API_KEY``). Raises BotError where Poe refuses.

    >>> create_api_bot("Tides", base_url="bots.example.org", model_name="tides", model_key="s3cret", api_key="k")
    Traceback (most recent call last):
    poebook.errors.InvalidParameterError: bots.example.org is no address of a door; it should look like https://host/v1.
    """
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not parts.path.rstrip("/").endswith("/v1"):
        raise InvalidParameterError(f"{place(base_url)} is no address of a door; it should look like https://host/v1.")
    settings: dict[str, Any] = {
        "model_name": model_name,
        "base_url": base_url.rstrip("/"),
        "api_key": model_key,
        "input_modalities": list(input_modalities),
        "output_modalities": list(output_modalities),
    }
    if prices is not None:
        settings["pricing"] = dict(prices)
    body = {"handle": handle, "description": description, "api_bot_settings": settings}
    _run("POST", "", handle, api_key, body, secret=model_key)


def api_bots(*, api_key: str | None = None) -> list[dict[str, Any]]:
    """Your API bots, as Poe describes them. Raises BotError.

    >>> from unittest.mock import patch
    >>> from poebook import LocalPoe
    >>> with LocalPoe() as poe, patch.dict(os.environ, POE_BASE_URL=poe.base_url, POE_API_KEY=poe.api_key):
    ...     api_bots()
    []
    """
    said = _run("GET", "", "", api_key)
    found = said.get("bots") if isinstance(said, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def api_bot(handle: str, *, api_key: str | None = None) -> dict[str, Any]:
    """One API bot, as Poe describes it. Raises BotError.

    >>> from unittest.mock import patch
    >>> from poebook import LocalPoe
    >>> with LocalPoe() as poe, patch.dict(os.environ, POE_BASE_URL=poe.base_url, POE_API_KEY=poe.api_key):
    ...     api_bot("Tides")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    poebook.errors.BotError: Poe refused what was asked about API bot Tides (status 404): ...
    """
    said = _run("GET", f"/{quote(handle, safe='')}", handle, api_key)
    return said if isinstance(said, dict) else {}


def delete_api_bot(handle: str, *, api_key: str | None = None) -> None:
    """Take an API bot from Poe. Raises BotError.

    >>> from unittest.mock import patch
    >>> from poebook import LocalPoe
    >>> with LocalPoe() as poe, patch.dict(os.environ, POE_BASE_URL=poe.base_url, POE_API_KEY=poe.api_key):
    ...     create_api_bot("Tides", base_url=f"{poe.base_url}v1", model_name="tides", model_key="k")
    ...     delete_api_bot("Tides")
    ...     api_bots()
    []
    """
    _run("DELETE", f"/{quote(handle, safe='')}", handle, api_key)


def _run(
    method: str, path: str, handle: str, api_key: str | None, body: object = None, *, secret: str | None = None
) -> Any:  # the answer as JSON, or None
    from poebook.client.sync import run_sync

    key = api_key or os.environ.get("POE_API_KEY")
    if not key:
        raise InvalidKey("API bots are yours, so Poe wants your key: set POE_API_KEY (poe.com/api_key has yours).")
    return run_sync(_ask(method, f"{poe_base_url()}bots{path}", handle, key, body, secret))


async def _ask(method: str, url: str, handle: str, key: str, body: object, secret: str | None) -> Any:  # as above
    import httpx

    what = f"API bot {handle}" if handle else "the API bots"
    try:
        client = await pooled_client(url)
        headers = {"authorization": f"Bearer {key}"}
        request = client.build_request(method, url, json=body, headers=headers, timeout=TIMEOUT_S)
        response = await whole(client, request, TIMEOUT_S)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        words = f"Poe could not be asked about {what} ({type(error).__name__}). Is the network there?"
        raise BotError(words, bot_name=handle or None, reason=words) from None
    if response.status // 100 != 2:
        text = masked(masked(response.text, key), secret)
        reason = _REASONS.get(response.status, f"it says: {text[:_SAID]}")
        raise BotError(
            f"Poe refused what was asked about {what} (status {response.status}): {reason}",
            bot_name=handle or None,
            status=response.status,
            body=text[:_SAID],
            reason=reason,
        )
    try:
        return response.json()
    except ValueError:
        return None
