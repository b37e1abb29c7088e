"""Public addresses: what is taken for one."""

from __future__ import annotations

from urllib.parse import urlsplit

from poebook.client.refusals import place
from poebook.errors import TunnelError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(host: str | None) -> bool:
    """Whether *host* is this machine.

    >>> is_loopback("127.0.0.1"), is_loopback("bots.example.org")
    (True, False)
    """
    return host in _LOOPBACK


def checked_url(url: object) -> str:
    """*url* without a slash at its end, if Poe could ask it: ``https``, or plain ``http`` on this machine.

    Raises TunnelError.

    >>> checked_url("https://bots.example.org/")
    'https://bots.example.org'
    """
    example = "it should look like https://bots.example.org"
    if not isinstance(url, str) or not url:
        raise TunnelError(f"No public address was given: {example}.", final=True)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise TunnelError(f"{place(url)} is no address: {example}.", final=True) from None
    if parts.scheme not in ("http", "https") or not host:
        raise TunnelError(f"{place(url)} is no complete address: {example}.", final=True)
    if parts.scheme == "http" and not is_loopback(host):
        raise TunnelError(
            f"{place(url)} is plain http, and Poe asks https only; put a web server with a certificate before it and "
            "give its https address.",
            final=True,
        )
    return url.rstrip("/")
