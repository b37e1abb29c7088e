"""What happens in a replica: the sources are there, the bots are made of them."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from dataclasses import replace
from importlib import import_module
from typing import Any

from poebook.errors import InvalidKey
from poebook.runtime.service import KEYS, Service, ServiceSpec, assemble
from poebook.server.pulse import Pulse

_NEEDED = ("pydantic", "httpx", "fastapi", "uvicorn")
_begun: list[Service] = []
_pulses: list[Pulse] = []


def begin(folder: str, spec: str, secrets: dict[str, str]) -> None:
    """Make the application of *spec*, a ServiceSpec as JSON, whose bots have been unpacked in *folder*.

    *secrets* are environment variables. They are set only now, within the process: what it was started with can be
    read by others on its machine, and is shown by Ray.
    """
    for name in _NEEDED:
        try:
            import_module(name)
        except ImportError:
            raise ImportError(
                f"The package {name} is missing where the bots are to run; install there what poebook needs: "
                "pip install poebook."
            ) from None
    os.environ.update(secrets)
    described = replace(ServiceSpec.from_json(spec), folder=folder)
    if not described.no_key and not json.loads(secrets.get(KEYS, "{}")):
        raise InvalidKey("The bots were sent without their keys, and a replica makes none.")
    _begun[:] = [assemble(described)]


async def answer(scope: Any, receive: Any, send: Any) -> None:
    """Answer a request, as an ASGI application does."""
    service = _begun[0]
    if not _pulses:  # only now is it known which loop and thread questions are answered in
        _pulses.append(Pulse(asyncio.get_running_loop(), threading.current_thread(), service.held_up))
    await service.app(scope, receive, send)
