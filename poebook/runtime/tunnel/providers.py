"""The ways in, one row each; what they take is read by ``publish``, ``open_tunnel``, help and completion."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from poebook.errors import TunnelError
from poebook.runtime.tunnel.line import Line

DEFAULT = "ngrok"


@dataclass(frozen=True)
class Provider:
    """``options`` are what it takes, each with what to write; ``warning`` is said whenever it is used."""

    name: str
    help: str
    options: Mapping[str, str]
    warning: str | None = None

    def connector(self, port: int, options: dict[str, object]) -> Callable[[], Line]:
        """What opens a line to *port*, as often as it is called. Raises TunnelError where *options* cannot be right."""
        for name in options:
            if name not in self.options:
                near = difflib.get_close_matches(name, self.options, n=1)
                hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(self.options)}."
                raise TunnelError(f"{self.name} has no option {name}; {hint}", final=True)
        module = import_module(f"poebook.runtime.tunnel.{self.name}")
        made: Callable[[], Line] = module.connector(port, **options)
        return made


_ALL = (
    Provider("ngrok", "an address from ngrok.com", {"domain": "DOMAIN", "authtoken": "TOKEN"}),
    Provider(
        "ssh",
        "ssh -R to a host of your own, whose web server hands on to the remote port",
        {"host": "HOST", "remote_port": "PORT", "url": "URL", "config": "FILE"},
    ),
    Provider("url", "an address that leads here already", {"url": "URL"}),
    Provider(
        "jupyter",
        "the address of this Jupyter server, through jupyter-server-proxy",
        {"url": "URL", "token": "TOKEN"},
        warning="Whoever has the public address has its token, and with that this kernel and all files of the server; "
        "give it to Poe only, and unpublish when you are done.",
    ),
)
PROVIDERS = {one.name: one for one in _ALL}


def provider_named(name: str) -> Provider:
    """The provider of that name. Raises TunnelError."""
    found = PROVIDERS.get(name)
    if found is None:
        near = difflib.get_close_matches(name, PROVIDERS, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(PROVIDERS)}."
        raise TunnelError(f"There is no provider {name}. {hint}", final=True)
    return found
