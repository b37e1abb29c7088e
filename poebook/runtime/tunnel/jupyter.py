"""``jupyter``: through this Jupyter server, by jupyter-server-proxy. The address holds the server's token."""

from __future__ import annotations

import os
from collections.abc import Callable
from urllib.parse import quote

from poebook.errors import TunnelError
from poebook.runtime.tunnel.address import checked_url
from poebook.runtime.tunnel.line import Fixed, Line

_TOKENS = ("JUPYTERHUB_API_TOKEN", "JUPYTER_TOKEN")


def connector(port: int, url: str = "", token: str | None = None) -> Callable[[], Line]:
    if not url:
        prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX", "")
        origin = os.environ.get("JUPYTERHUB_PUBLIC_URL") or os.environ.get("JUPYTERHUB_PUBLIC_HUB_URL", "")
        if not origin:
            raise TunnelError(
                "jupyter needs url=, the address of this Jupyter server as your browser shows it, up to the part "
                f"before /lab{f' (it ends in {prefix})' if prefix else ''}.",
                final=True,
            )
        url = origin
    token = token or next((os.environ[name] for name in _TOKENS if os.environ.get(name)), None)
    address = f"{checked_url(url)}/proxy/{port}"
    return lambda: _WithToken(address, token)


class _WithToken(Fixed):
    def __init__(self, url: str, token: str | None) -> None:
        super().__init__(url)
        self.query = f"token={quote(token, safe='')}" if token else ""


__all__ = ["connector"]
