"""A tunnel to any port of this machine."""

from __future__ import annotations

from poebook.errors import TunnelError
from poebook.runtime.tunnel.providers import DEFAULT, provider_named
from poebook.runtime.tunnel.tunnel import Tunnel


def open_tunnel(port: int, provider: str | None = None, **options: object) -> Tunnel:
    """Give *port* of this machine a public address, until the tunnel is closed or the process ends.

    ``provider`` is ``ngrok`` (left out: this one; takes ``domain``, ``authtoken``), ``ssh`` (``host``,
    ``remote_port``, ``url``, ``config``), ``url`` (``url``) or ``jupyter`` (``url``, ``token``). A tunnel that breaks
    is restored. Raises TunnelError.

    >>> with open_tunnel(8080, "url", url="https://bots.example.org") as tunnel:
    ...     tunnel.url
    'https://bots.example.org'
    """
    if not isinstance(port, int) or not 0 < port < 65536:
        raise TunnelError(f"{port!r} is no port; a port is a number from 1 to 65535.", final=True)
    chosen = provider_named(provider or DEFAULT)
    tunnel = Tunnel(chosen.name, chosen.connector(port, dict(options)))
    tunnel.port = port
    return tunnel
